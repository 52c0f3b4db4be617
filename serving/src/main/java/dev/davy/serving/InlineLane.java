package dev.davy.serving;

import java.util.concurrent.TimeUnit;

/// An event loop's way through a model that is quick: calls that arrive in the same turn of the
/// loop share a run at its end. Nobody waits for company that is not there already, so batching is
/// never slower than none.
///
/// With a declared delay the run may wait longer, but only while calls come so fast that at least
/// one more is likely within it.
public final class InlineLane implements AutoCloseable {

    /// What the lane needs of its event loop.
    public interface Loop {
        /// Runs the task at the end of this turn.
        void execute(Runnable task);

        /// Runs the task later.
        void schedule(Runnable task, long delay, TimeUnit unit);
    }

    private final TensorRun run;
    private final Loop loop;
    private final long delayNanos;
    private final Runnable flush = this::flush;
    private boolean due;
    private long lastArrival;
    private double interval = Double.MAX_VALUE;

    InlineLane(LoadedModel model, Predictor predictor, Endpoint.Batching batching, Loop loop) {
        run = new TensorRun(model, predictor, model.quickRows(batching.maxRows()));
        delayNanos = batching.delay().toNanos();
        this.loop = loop;
    }

    /// Takes a call.
    public void submit(TensorCall call, TensorSource source) {
        if (!run.gathers(call.rows)) {
            run.flush();
            run.alone(call, source);
            return;
        }
        if (!run.hasRoom(call.rows)) run.flush();
        run.add(call, source);
        if (due) return;
        due = true;
        if (delayNanos > 0 && companyIsLikely(call.arrivedNanos))
            loop.schedule(flush, delayNanos, TimeUnit.NANOSECONDS);
        else loop.execute(flush);
    }

    /// Whether at the present pace another call comes within the delay: an exponentially weighted
    /// mean of the last twenty or so intervals.
    private boolean companyIsLikely(long now) {
        double since = Math.max(0, now - lastArrival);
        lastArrival = now;
        interval = interval == Double.MAX_VALUE ? since : interval + (since - interval) * 0.1;
        return interval < delayNanos;
    }

    private void flush() {
        due = false;
        run.flush();
    }

    @Override
    public void close() {
        run.flush();
        run.close();
    }
}
