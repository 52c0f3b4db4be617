package dev.davy.serving;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Tensor;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds out how long a model takes for one row once it is warm: that decides whether it may run on
/// an event loop.
final class Pace {
    private Pace() {}

    private static final int RUNS = 30;

    /// After so many the child has compiled all that a run goes through.
    private static final int WARM_RUNS = 3_000;

    private static final long WARM_NANOS = 500_000_000;

    /// A slow model shows itself long before all runs are done.
    private static final long MOST_NANOS = 30_000_000;

    /// Runs the model on zeros a few times and tells it the median. A model that refuses zeros
    /// keeps what its trial measured.
    static void measure(LoadedModel model) {
        var inputs = zeros(model);
        try (var session = model.model().open()) {
            var took = new long[RUNS];
            int runs = 0;
            long began = System.nanoTime();
            while (runs < RUNS && System.nanoTime() - began < MOST_NANOS) {
                long start = System.nanoTime();
                session.run(inputs, Long.MAX_VALUE);
                took[runs++] = System.nanoTime() - start;
            }
            Arrays.sort(took, 0, runs);
            model.measured(took[runs / 2]);
        } catch (Problem refused) {
            // What the trial measured stands.
        } finally {
            inputs.forEach(Tensor::close);
        }
    }

    /// What a child process compiles in its first runs, and loads, is no time of the model: it is
    /// run on zeros for a moment before it is compared with one that has run for days.
    static void warm(LoadedModel model) {
        var inputs = zeros(model);
        try (var session = model.model().open()) {
            long until = System.nanoTime() + WARM_NANOS;
            for (int i = 0; i < WARM_RUNS && System.nanoTime() - until < 0; i++)
                session.run(inputs, until + WARM_NANOS);
        } catch (Problem refused) {
            // A model that refuses zeros, or takes too long, warms up on what callers send.
        } finally {
            inputs.forEach(Tensor::close);
        }
    }

    private static List<Tensor> zeros(LoadedModel model) {
        var tensors = new ArrayList<Tensor>();
        for (var spec : model.signature().inputs()) {
            var shape =
                    spec.shape().stream().mapToLong(dimension -> Math.max(1, dimension)).toArray();
            if (spec.datatype() == Datatype.BYTES) {
                var empty = new byte[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)][];
                Arrays.fill(empty, new byte[0]);
                tensors.add(Tensor.ofBytes(shape, empty));
            } else {
                tensors.add(Tensor.direct(spec.datatype(), shape));
            }
        }
        return tensors;
    }
}
