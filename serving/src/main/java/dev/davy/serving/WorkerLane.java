package dev.davy.serving;

import dev.davy.runtime.Tensor;
import dev.davy.strict.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/// The way of all threads through a model that is slow, or runs elsewhere: calls wait in a bounded
/// queue, and each free worker takes as many as fit one run.
final class WorkerLane implements AutoCloseable {

    private final LoadedModel model;
    private final Workers workers;
    private final Predictor predictor;
    private final int maxRows;
    private final int queueRows;
    private final ArrayDeque<TensorCall> waiting = new ArrayDeque<>();
    private final ConcurrentLinkedDeque<TensorRun> idle = new ConcurrentLinkedDeque<>();
    private int waitingRows;
    private boolean closed;

    WorkerLane(
            LoadedModel model, Workers workers, Predictor predictor, Endpoint.Batching batching) {
        this.model = model;
        this.workers = workers;
        this.predictor = predictor;
        maxRows = batching.maxRows();
        queueRows = batching.queue();
    }

    /// Takes a call; it gets its answer from a worker.
    ///
    /// @throws Problem OVERLOADED `too-busy` when too many rows wait already
    void submit(TensorCall call, TensorSource source) {
        call.own = TensorRun.copies(source, model);
        synchronized (waiting) {
            if (waitingRows > 0 && waitingRows + call.rows > queueRows) throw Workers.busy();
            waiting.add(call);
            waitingRows += call.rows;
        }
        try {
            workers.execute(this::drain);
        } catch (Problem busy) {
            synchronized (waiting) {
                // A worker that is at it already may have taken the call: then it is answered.
                if (!waiting.remove(call)) return;
                waitingRows -= call.rows;
            }
            throw busy;
        }
    }

    /// Rows that no worker has taken yet.
    int waitingRows() {
        synchronized (waiting) {
            return waitingRows;
        }
    }

    private void drain() {
        var calls = new ArrayList<TensorCall>();
        synchronized (waiting) {
            int rows = 0;
            for (var next = waiting.peek();
                    next != null && (rows == 0 || (model.gathers() && rows + next.rows <= maxRows));
                    next = waiting.peek()) {
                calls.add(waiting.remove());
                rows += next.rows;
            }
            waitingRows -= rows;
        }
        if (calls.isEmpty()) return;
        var run = idle.pollFirst();
        try {
            if (run == null) run = new TensorRun(model, predictor, maxRows);
            run(run, calls);
        } catch (RuntimeException e) {
            var problem =
                    e instanceof Problem known
                            ? known
                            : new Problem(
                                    Problem.Kind.MODEL_FAILED,
                                    "model-failed",
                                    "The model failed.",
                                    "It could not be run.",
                                    "See the server's log.");
            for (var call : calls) failed(call, problem, 0);
            if (!(e instanceof Problem)) throw e;
        } finally {
            if (run != null) {
                idle.offerFirst(run);
                synchronized (waiting) {
                    if (closed) closeIdle();
                }
            }
        }
    }

    private void failed(TensorCall call, Problem problem, long nanos) {
        var own = call.own;
        if (own != null
                && predictor.answerInstead(call, TensorRun.source(own), problem.code(), nanos))
            return;
        call.routing.statistics().fail.add(1, System.nanoTime() - call.arrivedNanos);
        call.failed(problem);
    }

    private void run(TensorRun run, List<TensorCall> calls) {
        long now = System.nanoTime();
        for (var call : calls) {
            var own = call.own;
            if (own == null) throw new IllegalStateException("a call without its tensors");
            if (now - call.untilNanos() >= 0) {
                failed(call, late(), now - call.arrivedNanos);
            } else if (run.gathers(call.rows)) {
                if (!run.hasRoom(call.rows)) run.flush();
                run.add(call, TensorRun.source(own));
            } else {
                run.flush();
                run.alone(call, own);
                own.forEach(Tensor::close);
            }
        }
        run.flush();
    }

    private static Problem late() {
        return new Problem(
                Problem.Kind.DEADLINE,
                "deadline-exceeded",
                "No answer came in time.",
                "The deadline passed while the request waited for the model.",
                "Send fewer at once, or allow more time.");
    }

    private void closeIdle() {
        for (var run = idle.pollFirst(); run != null; run = idle.pollFirst()) run.close();
    }

    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
        }
        closeIdle();
    }
}
