package dev.davy.runtime;

import dev.davy.runtime.ort.Ort;
import dev.davy.runtime.ort.OrtFailure;
import dev.davy.runtime.ort.Values;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs an ONNX model in this process.
///
/// The way that counts is short: the same input tensors as last time, outputs whose shape follows
/// from the rows. Then a run is one comparison per input, one native call between two atomic steps,
/// and no garbage.
final class OnnxSession implements Session {
    private static final int INVALID_ARGUMENT = 2;

    private final OnnxModel model;
    private final long handle;
    private final long runOptions;
    private final Guard guard;
    private final Arena arena = Arena.ofShared();

    private final MemorySegment inputNames;
    private final MemorySegment inputPointers;
    private final @Nullable NativeTensor[] bound;
    private final boolean hasTexts;
    private final MemorySegment outputNames;
    private final OutputSets outputs;

    OnnxSession(OnnxModel model, long handle) throws OrtFailure {
        this.model = model;
        this.handle = handle;
        var signature = model.signature();
        runOptions = Ort.runOptions();
        guard = new Guard(() -> Ort.terminate(runOptions, true));
        inputNames = names(signature.inputs());
        inputPointers = pointers(signature.inputs().size());
        bound = new NativeTensor[signature.inputs().size()];
        hasTexts = signature.inputs().stream().anyMatch(s -> s.datatype() == Datatype.BYTES);
        outputNames = names(signature.outputs());
        outputs = new OutputSets(model.forms(), model.fetches(), arena);
        if (bound.length == 0) outputs.rows(1);
        Watchdog.watch(guard);
    }

    private MemorySegment names(List<TensorSpec> specs) {
        var names = pointers(specs.size());
        for (int at = 0; at < specs.size(); at++)
            names.setAtIndex(
                    ValueLayout.JAVA_LONG, at, arena.allocateFrom(specs.get(at).name()).address());
        return names;
    }

    private MemorySegment pointers(int count) {
        return arena.allocate(ValueLayout.JAVA_LONG, Math.max(count, 1));
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, long deadlineNanos) {
        if (deadlineNanos != Long.MAX_VALUE && System.nanoTime() - deadlineNanos >= 0)
            throw Failures.late();
        if (!guard.begin(deadlineNanos)) throw Failures.closed();
        OrtFailure failure = null;
        List<Tensor> made = List.of();
        boolean ended = true;
        try {
            bind(inputs);
            outputs.prepare();
            Ort.check(run());
            made = outputs.collect();
        } catch (OrtFailure e) {
            failure = e;
        } finally {
            ended = finish();
        }
        if (failure == null) return made;
        if (ended) throw Failures.late();
        if (failure.code() == INVALID_ARGUMENT) diagnose(deadlineNanos);
        throw Failures.run(failure);
    }

    private long run() {
        return Ort.run(
                handle,
                runOptions,
                inputNames.address(),
                inputPointers.address(),
                bound.length,
                outputNames.address(),
                outputs.count(),
                outputs.pointers());
    }

    private boolean finish() {
        boolean ended = guard.finish();
        if (ended) Ort.terminate(runOptions, false);
        return ended;
    }

    /// The runtime refuses to write another shape than the one it was given to write to. Run again
    /// without, to see what the model would return; throws if that breaks its contract.
    private void diagnose(long deadlineNanos) {
        if (!guard.begin(deadlineNanos)) throw Failures.closed();
        try {
            outputs.unpin();
            if (run() == 0) outputs.check();
        } catch (OrtFailure e) {
            throw Failures.run(e);
        } finally {
            finish();
            outputs.pin();
        }
    }

    /// Binds the inputs; those that are bound already cost one comparison.
    private void bind(List<Tensor> inputs) {
        if (inputs.size() != bound.length) Shapes.check(model.signature(), inputs);
        boolean whole = false;
        try {
            rebind(inputs);
            whole = true;
        } finally {
            // Half bound inputs must not pass for the same as last time.
            if (!whole) Arrays.fill(bound, null);
        }
    }

    private void rebind(List<Tensor> inputs) {
        boolean changed = false;
        for (int at = 0; at < bound.length; at++) {
            var tensor = inputs.get(at);
            var now = tensor.held();
            if (now == null || now != bound[at]) {
                Shapes.check(model.signature().inputs().get(at), tensor);
                var value = now == null ? hold(tensor) : (NativeTensor) now;
                inputPointers.setAtIndex(ValueLayout.JAVA_LONG, at, value.handle());
                bound[at] = value;
                changed = true;
            }
        }
        if (changed) outputs.rows(rows(inputs));
        if (hasTexts) for (var tensor : inputs) fill(tensor);
    }

    /// The rows of this call: the length of the leading axis where one varies.
    private long rows(List<Tensor> inputs) {
        long rows = -1;
        for (int at = 0; at < bound.length; at++) {
            if (!model.signature().inputs().get(at).leads()) continue;
            long length = inputs.get(at).dimension(0);
            // Where the leading axes are rows, they are of one length; where they are not, no
            // output follows them.
            if (rows >= 0 && rows != length && outputs.follow())
                throw Shapes.notAllowed(
                        "the inputs have " + rows + " and " + length + " rows; all have the same");
            rows = Math.max(rows, length);
        }
        return rows < 0 ? 1 : rows;
    }

    private static NativeTensor hold(Tensor tensor) {
        try {
            var shape = tensor.shape();
            int type = tensor.datatype().onnx();
            long handle =
                    tensor.datatype() == Datatype.BYTES
                            ? Values.tensor(type, shape)
                            : Values.tensor(MemorySegment.ofBuffer(tensor.data()), type, shape);
            var value = new NativeTensor(handle);
            tensor.hold(value);
            return value;
        } catch (OrtFailure e) {
            throw Failures.run(e);
        }
    }

    private static void fill(Tensor tensor) {
        if (tensor.datatype() != Datatype.BYTES) return;
        try {
            Values.fill(
                    ((NativeTensor) Objects.requireNonNull(tensor.held())).handle(),
                    tensor.bytes());
        } catch (OrtFailure e) {
            throw Failures.run(e);
        }
    }

    @Override
    public void close() {
        if (!guard.close()) return;
        Watchdog.forget(guard);
        model.closed(this, handle);
        outputs.close();
        Ort.releaseRunOptions(runOptions);
        arena.close();
    }
}
