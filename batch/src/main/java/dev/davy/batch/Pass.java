package dev.davy.batch;

import dev.davy.jobs.JobStopped;
import dev.davy.jobs.Running;
import dev.davy.schema.Block;
import dev.davy.serving.Predictor;
import dev.davy.serving.Routing;
import dev.davy.serving.Scorer;
import dev.davy.storage.Log;
import dev.davy.strict.Json;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One attempt at a batch: a thread for each core answers chunk after chunk, and one more puts the
/// parts together as they come.
final class Pass implements AutoCloseable {
    private static final long REACHED_EVERY_NANOS = 1_000_000_000L;

    private final Running job;
    private final Request request;
    private final Path own;
    private final Source source;
    private final Routing routing;
    private final Predictor predictor;
    private final Logged logged;
    private final Board board = new Board();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean inColumns;
    private long reachedAt = System.nanoTime();

    Pass(
            Running job,
            Request request,
            Path own,
            Source source,
            Routing routing,
            Predictor predictor,
            Log log) {
        this.job = job;
        this.request = request;
        this.own = own;
        this.source = source;
        this.routing = routing;
        this.predictor = predictor;
        logged = Logged.of(log, job.job().id(), job.reached().orElse(Json.object()));
    }

    JsonNode run() throws Exception {
        takeUp();
        // Before the first record: from here on the log would have to be looked through.
        job.reached(logged.reached(), rows.get());
        job.total(Math.max(source.rows(), rows.get()), "rows");
        var threads = new ArrayList<Thread>();
        int cores = Runtime.getRuntime().availableProcessors();
        for (int core = 0; core < cores; core++)
            threads.add(start("davy-batch-" + core, this::answer));
        var writing = start("davy-batch-result", this::putTogether);
        for (var thread : threads) thread.join();
        if (failure.get() == null) board.total(source.chunks().orElseThrow());
        else board.giveUp();
        writing.join();
        throwFailure();
        job.total(rows.get(), "rows");
        job.progress(rows.get());
        return summary();
    }

    private void throwFailure() throws Exception {
        switch (failure.get()) {
            case null -> {}
            case Exception e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private Thread start(String name, Step step) {
        return Thread.ofPlatform()
                .daemon()
                .name(name)
                .start(() -> {
                    try {
                        step.run();
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                        board.giveUp();
                    }
                });
    }

    /// What attempts before have done.
    private void takeUp() throws IOException {
        int parts = 0;
        try (var files = Files.list(own)) {
            for (var file : files.toList()) {
                var name = String.valueOf(file.getFileName());
                if (!name.matches("part-[0-9]{8}") || !Part.isWhole(file)) continue;
                var trailer = Part.trailer(file);
                rejected.addAndGet(trailer.path("rejected").asLong());
                rows.addAndGet(trailer.path("predicted").asLong());
                rows.addAndGet(trailer.path("rejected").asLong());
                board.done(Integer.parseInt(name.substring(5)));
                parts++;
            }
        }
        committed.set(rows.get());
        if (parts > 0 || logged.countBefore() > 0)
            job.log(
                    "goes on: "
                            + parts
                            + " parts with "
                            + rows.get()
                            + " rows are done, "
                            + logged.countBefore()
                            + " rows were looked up in the log");
    }

    private void answer() throws Exception {
        var purpose = new Scorer.Purpose(job.job().id(), request.log(), logged::isBefore);
        while (failure.get() == null) {
            var chunk = source.next(board::isDone);
            if (chunk == null) return;
            // A scorer for each chunk: the texts that it numbers are those of the part.
            try (var scorer = predictor.scorer(routing, purpose)) {
                inColumns = scorer.inColumns();
                answer(chunk, scorer);
            }
        }
    }

    private void answer(Source.Chunk chunk, Scorer scorer) throws IOException, JobStopped {
        logged.begin(chunk.number());
        try (var part = new Part.Writer(own, chunk.number())) {
            chunk.read(new Into(scorer, part));
            part.commit();
            rejected.addAndGet(part.rejected());
            reached(chunk.number(), part.predicted() + part.rejected());
        }
        board.done(chunk.number());
    }

    /// Where the rows of a chunk go: through the endpoint into its part.
    private final class Into implements Source.Into {
        private final Scorer scorer;
        private final Part.Writer part;

        Into(Scorer scorer, Part.Writer part) {
            this.scorer = scorer;
            this.part = part;
        }

        @Override
        public void rows(Block block, long[] numbers, long[] lines, @Nullable List<String> files)
                throws IOException, JobStopped {
            job.check();
            if (failure.get() != null) throw new JobStopped();
            part.add(scorer.score(block, numbers), numbers, lines, files);
            told(block.rows());
        }

        @Override
        public void refused(long number, long line, @Nullable String file, String reason) {
            part.refused(number, line, file, reason);
            told(1);
        }

        private void told(int more) {
            job.progress(rows.addAndGet(more));
        }
    }

    private synchronized void reached(int chunk, long more) {
        long done = committed.addAndGet(more);
        var from = logged.end(chunk);
        long now = System.nanoTime();
        if (now - reachedAt < REACHED_EVERY_NANOS) return;
        reachedAt = now;
        job.total(Math.max(source.rows(), rows.get()), "rows");
        // Progress is what was answered; of that, what is committed is never done again.
        job.reached(from, Math.max(done, rows.get()));
    }

    private void putTogether() throws Exception {
        var result = SafePath.inside(own, BatchPrediction.result(request.output()));
        var fresh = SafePath.inside(own, "fresh-" + BatchPrediction.result(request.output()));
        var rejects = SafePath.inside(own, BatchPrediction.rejects());
        var freshRejects = SafePath.inside(own, "fresh-" + BatchPrediction.rejects());
        var of = request.log() ? Optional.of(job.job().id()) : Optional.<java.util.UUID>empty();
        boolean files = request.input() == Request.Input.FILES;
        var outputs = routing.shape().outputs();
        try (var together = new Together(own, board, outputs, files, freshRejects)) {
            switch (request.output()) {
                case CSV -> CsvResult.write(together, of, fresh);
                case PARQUET -> {
                    try (var duck = Duck.in(own)) {
                        ParquetResult.write(together, of, duck, fresh);
                    }
                }
            }
        }
        Files.move(freshRejects, rejects, StandardCopyOption.ATOMIC_MOVE);
        Files.move(fresh, result, StandardCopyOption.ATOMIC_MOVE);
    }

    private JsonNode summary() throws IOException {
        var result = SafePath.inside(own, BatchPrediction.result(request.output()));
        var rejects = SafePath.inside(own, BatchPrediction.rejects());
        var json = Json.object().put("rows", rows.get());
        json.put("predicted", rows.get() - rejected.get()).put("rejected", rejected.get());
        json.put("logged", request.log()).put("in-columns", inColumns);
        json.put("bytes", Files.size(result)).put("rejects-bytes", Files.size(rejects));
        var ignored = json.putArray("ignored");
        source.ignored().forEach(ignored::add);
        return json;
    }

    @Override
    public void close() {
        board.giveUp();
    }
}
