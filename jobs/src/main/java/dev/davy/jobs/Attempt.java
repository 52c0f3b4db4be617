package dev.davy.jobs;

import dev.davy.jobs.Job.Progress;
import dev.davy.storage.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// One run of a job.
final class Attempt implements Running {
    private static final long WRITTEN_EVERY_NANOS = 1_000_000_000L;

    private final Database database;
    private final Job job;
    private final Supplier<Instant> now;
    private final AtomicLong written = new AtomicLong(System.nanoTime());
    private volatile Progress progress;
    private volatile boolean stopping;

    Attempt(Database database, Job job, Supplier<Instant> now) {
        this.database = database;
        this.job = job;
        this.now = now;
        progress = job.progress();
    }

    void stop() {
        stopping = true;
    }

    Progress progress() {
        return progress;
    }

    @Override
    public Job job() {
        return job;
    }

    @Override
    public Optional<JsonNode> reached() {
        return job.reached();
    }

    @Override
    public synchronized void reached(JsonNode from, long done) {
        progress = new Progress(done, progress.total(), progress.unit());
        database.write(handle -> {
            JobTable.reached(handle, job.id(), from, progress);
            return true;
        });
    }

    @Override
    public synchronized void total(long total, String unit) {
        progress = new Progress(progress.done(), total, unit);
        write();
    }

    @Override
    public void progress(long done) {
        synchronized (this) {
            progress = new Progress(done, progress.total(), progress.unit());
        }
        long last = written.get();
        long at = System.nanoTime();
        if (at - last > WRITTEN_EVERY_NANOS && written.compareAndSet(last, at)) write();
    }

    private void write() {
        database.write(handle -> {
            JobTable.progress(handle, job.id(), progress);
            return true;
        });
    }

    @Override
    public void log(String line) {
        database.write(handle -> {
            long number = JobTable.lastLine(handle, job.id()) + 1;
            if (number < Jobs.LOG_LINES)
                JobTable.line(handle, job.id(), new Job.Line(number, now.get(), line));
            else if (number == Jobs.LOG_LINES)
                JobTable.line(
                        handle,
                        job.id(),
                        new Job.Line(number, now.get(), "further lines are left out"));
            return true;
        });
    }

    @Override
    public boolean stopping() {
        return stopping;
    }
}
