package dev.davy.runtime;

import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The runs of one trial, and what is concluded from them.
final class Trying {
    private static final int TIMED_RUNS = 5;
    private static final int MANY_ROWS = 7;

    private final Bundle bundle;
    private final Session session;
    private final long deadline;
    private final Made made;
    private final List<String> notes = new ArrayList<>();
    private final boolean leads;

    Trying(Bundle bundle, Limits limits, Session session, long deadline) {
        this.bundle = bundle;
        this.session = session;
        this.deadline = deadline;
        made = new Made(bundle, limits);
        leads = bundle.signature().inputsLead();
    }

    Trial.Report report(ChildProcess child) {
        notes.addAll(child.notes());
        if (bundle.inspection().valueDependent())
            notes.add(
                    "an input's value can decide how much a run takes, so it runs in a process of its own: "
                            + String.join("; ", bundle.inspection().because()));
        var first = firstRun();
        if (first.isEmpty()) return untried(child);
        var outputs = first.get();
        var signature = seen(outputs);
        refuseBrokenContract(signature, outputs);
        long notFinite = 0;
        for (var output : outputs) notFinite += output.notFinite();
        if (notFinite > 0)
            notes.add(notFinite + " of its outputs for a made row are NaN or infinite");
        boolean batches = batches(signature, outputs);
        var running = running();
        return new Trial.Report(
                signature,
                batches,
                notes,
                child.loading(),
                running,
                child.memoryBytes(),
                notFinite);
    }

    private Trial.Report untried(ChildProcess child) {
        notes.add(
                "it could not be tried: made inputs do not suit it; declare its input in model.yaml");
        return new Trial.Report(
                bundle.signature(),
                false,
                notes,
                child.loading(),
                Duration.ZERO,
                child.memoryBytes(),
                0);
    }

    /// One row, with one guess after the other where shapes or values are open.
    private Optional<List<Tensor>> firstRun() {
        Problem last = null;
        for (int guess = 0; guess < made.guesses(); guess++) {
            made.guess(guess);
            try {
                return Optional.of(copies(session.run(made.rows(0), deadline)));
            } catch (Problem problem) {
                if (problem.kind() != Problem.Kind.MODEL_FAILED) throw problem;
                last = problem;
            }
        }
        // A model whose inputs are known to the last axis and still fails can never be of use.
        if (last != null && !made.isGuess()) throw last;
        return Optional.empty();
    }

    private static List<Tensor> copies(List<Tensor> outputs) {
        var copies = new ArrayList<Tensor>();
        for (var output : outputs) {
            if (output.datatype() == Datatype.BYTES) {
                copies.add(Tensor.ofBytes(output.shape(), output.bytes().clone()));
                continue;
            }
            var copy = Tensor.direct(output.datatype(), output.shape());
            copy.data().put(0, output.data(), 0, output.data().capacity());
            copies.add(copy);
        }
        return copies;
    }

    /// The signature with the shapes that the file leaves open filled in from what was seen.
    private Signature seen(List<Tensor> outputs) {
        var specs = new ArrayList<TensorSpec>();
        boolean open =
                bundle.signature().inputs().stream()
                        .anyMatch(s -> s.shape().stream().skip(1).anyMatch(axis -> axis < 0));
        for (int at = 0; at < outputs.size(); at++) {
            var spec = bundle.signature().outputs().get(at);
            if (bundle.inspection().open().contains(spec.name())) {
                var shape = new ArrayList<Long>();
                for (long axis : outputs.get(at).shape()) shape.add(open ? -1 : axis);
                if (!shape.isEmpty() && leads) shape.set(0, -1L);
                spec = new TensorSpec(spec.name(), spec.datatype(), shape);
            }
            specs.add(spec);
        }
        return new Signature(bundle.signature().inputs(), specs);
    }

    private void refuseBrokenContract(Signature signature, List<Tensor> outputs) {
        var forms = Onnx.forms(signature, bundle.batch(), Set.of());
        for (int at = 0; at < outputs.size(); at++) {
            var output = outputs.get(at);
            var form = forms.get(at);
            try {
                form.check(output.datatype(), output.shape(), 1);
            } catch (Problem problem) {
                boolean rowsOnly = form.follows() && form.spec().allows(output.shape());
                if (!rowsOnly) throw problem;
                throw new Problem(
                        Problem.Kind.MODEL_FAILED,
                        problem.code(),
                        problem.what(),
                        problem.why(),
                        "Return one row for each row given; where an output has other rows by nature (boxes found, for instance), say `batch: off` in model.yaml.");
            }
        }
    }

    /// Whether rows may share a run: each row's answer is the same alone and among others, at every
    /// place.
    private boolean batches(Signature signature, List<Tensor> alone) {
        if (!bundle.batch()) {
            notes.add("rows are run one by one, as model.yaml says");
            return false;
        }
        var forms = Onnx.forms(signature, true, Set.of());
        if (!leads || !forms.stream().allMatch(OutputForm::follows)) {
            notes.add("rows are run one by one: its tensors have no leading axis for them");
            return false;
        }
        if (made.isRagged()) {
            notes.add("rows are run one by one: each brings a shape of its own");
            return false;
        }
        try {
            var singles = new ArrayList<List<Tensor>>();
            singles.add(alone);
            for (int row = 1; row < MANY_ROWS; row++)
                singles.add(copies(session.run(made.rows(row), deadline)));
            for (var order :
                    List.of(new int[] {0, 1}, new int[] {1, 0}, new int[] {3, 1, 4, 1, 5, 2, 6}))
                if (!same(order, singles, forms)) {
                    notes.add("rows are run one by one: they influence each other's answers");
                    return false;
                }
            return true;
        } catch (Problem problem) {
            if (problem.kind() != Problem.Kind.MODEL_FAILED) throw problem;
            notes.add("rows are run one by one: it fails on several rows");
            return false;
        }
    }

    private boolean same(int[] order, List<List<Tensor>> singles, List<OutputForm> forms) {
        var together = session.run(made.rows(order), deadline);
        for (int at = 0; at < together.size(); at++)
            forms.get(at)
                    .check(together.get(at).datatype(), together.get(at).shape(), order.length);
        for (int place = 0; place < order.length; place++)
            for (int at = 0; at < together.size(); at++)
                if (!sameRow(together.get(at), place, singles.get(order[place]).get(at)))
                    return false;
        return true;
    }

    private static boolean sameRow(Tensor batch, int row, Tensor single) {
        int size = single.elements();
        for (int at = 0; at < size; at++) {
            int there = row * size + at;
            if (there >= batch.elements()) return false;
            boolean same =
                    batch.datatype() == Datatype.BYTES
                            ? Arrays.equals(batch.bytes()[there], single.bytes()[at])
                            : close(batch.float64(there), single.float64(at), batch.datatype());
            if (!same) return false;
        }
        return true;
    }

    /// Kernels add in another order for other sizes: the last bits may differ, no more.
    private static boolean close(double a, double b, Datatype datatype) {
        if (Double.compare(a, b) == 0) return true;
        if (!datatype.isFloat()) return a == b;
        double tolerance = datatype.bytes() == 2 ? 1e-2 : 1e-4;
        return Math.abs(a - b) <= 1e-6 + tolerance * Math.max(Math.abs(a), Math.abs(b));
    }

    private Duration running() {
        var nanos = new long[TIMED_RUNS];
        for (int at = 0; at < nanos.length; at++) {
            long began = System.nanoTime();
            session.run(made.rows(0), deadline);
            nanos[at] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return Duration.ofNanos(nanos[TIMED_RUNS / 2]);
    }
}
