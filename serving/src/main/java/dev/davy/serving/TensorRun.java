package dev.davy.serving;

import dev.davy.runtime.Answer;
import dev.davy.runtime.Datatype;
import dev.davy.runtime.Session;
import dev.davy.runtime.Tensor;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread's way to run one model on tensors: gathers the calls of a moment into one run, logs
/// each row, and answers. For one thread.
final class TensorRun implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TensorRun.class);

    /// Shapes that were seen last keep their tensors, for models whose rows can't be gathered.
    private static final int SHAPES_KEPT = 16;

    private final LoadedModel model;
    private final Predictor predictor;
    private final Recorder recorder;
    private final @Nullable Gather gather;
    private final @Nullable Session session;
    private final List<TensorCall> calls = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private long way;
    private final Map<String, List<Tensor>> byShape =
            new LinkedHashMap<>(SHAPES_KEPT, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, List<Tensor>> eldest) {
                    if (size() <= SHAPES_KEPT) return false;
                    eldest.getValue().forEach(Tensor::close);
                    return true;
                }
            };

    TensorRun(LoadedModel model, Predictor predictor, int capacity) {
        this.model = model;
        this.predictor = predictor;
        recorder = predictor.recorder();
        if (model.gathers() && capacity > 1) {
            gather = new Gather(model.model().open(), model.signature(), capacity);
            session = null;
        } else {
            gather = null;
            session = model.model().open();
        }
    }

    /// Whether nothing waits.
    boolean isEmpty() {
        return calls.isEmpty();
    }

    /// Whether so many rows can still be put with those that wait.
    boolean hasRoom(int rows) {
        return gather != null && gather.hasRoom(rows);
    }

    /// Whether so many rows may ever share a run.
    boolean gathers(int rows) {
        return gather != null && rows <= gather.capacity();
    }

    /// Puts a call with those that wait. There is room.
    void add(TensorCall call, TensorSource source) {
        var into = gather;
        if (into == null)
            throw new IllegalStateException("rows of " + model.version() + " are not gathered");
        var inputs = model.signature().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).datatype() == Datatype.BYTES) into.strings(i, source.strings(i));
            else source.copyTo(i, into.space(i, call.rows));
        }
        call.first = into.rows();
        into.added(call.rows);
        calls.add(call);
    }

    /// Runs the calls that wait.
    void flush() {
        var from = gather;
        if (from == null || calls.isEmpty()) return;
        long began = System.nanoTime();
        long deadline = Long.MIN_VALUE;
        for (var call : calls) deadline = Math.max(deadline, call.untilNanos());
        try {
            var inputs = from.inputs();
            long ready = System.nanoTime();
            List<Tensor> outputs;
            try {
                outputs = from.run(inputs, deadline);
            } catch (Problem problem) {
                apart(inputs, problem, began);
                return;
            }
            long ran = System.nanoTime();
            finish(inputs, outputs, false, began, ready, ran);
        } finally {
            calls.clear();
            from.clear();
        }
    }

    /// Runs one call by itself, in tensors of exactly its shapes.
    void alone(TensorCall call, TensorSource source) {
        alone(call, exact(source));
    }

    /// Runs one call by itself.
    void alone(TensorCall call, List<Tensor> inputs) {
        long began = System.nanoTime();
        calls.add(call);
        call.first = 0;
        try {
            List<Tensor> outputs;
            try {
                outputs = run(inputs, call.untilNanos());
            } catch (Problem problem) {
                fail(call, inputs, problem, System.nanoTime() - began);
                return;
            }
            finish(inputs, outputs, true, began, began, System.nanoTime());
        } finally {
            calls.clear();
        }
    }

    private List<Tensor> run(List<Tensor> inputs, long deadlineNanos) {
        if (session != null) return session.run(inputs, deadlineNanos);
        if (gather != null) return gather.run(inputs, deadlineNanos);
        throw new IllegalStateException("no session");
    }

    /// How long runs were on the way to another process since this was asked last.
    private long wayNanos() {
        long all = session != null ? session.wayNanos() : gather != null ? gather.wayNanos() : 0;
        long since = all - way;
        way = all;
        return since;
    }

    /// A run of several calls failed: each by itself, so that only the one that is to blame fails.
    private void apart(List<Tensor> inputs, Problem problem, long began) {
        if (calls.size() == 1) {
            fail(calls.getFirst(), inputs, problem, System.nanoTime() - began);
            return;
        }
        var blamed = List.copyOf(calls);
        var parts = new ArrayList<List<Tensor>>();
        for (var call : blamed) parts.add(part(inputs, call.first, call.rows));
        calls.clear();
        for (int i = 0; i < blamed.size(); i++) alone(blamed.get(i), parts.get(i));
        for (var part : parts) part.forEach(Tensor::close);
    }

    /// Some rows of tensors whose leading axis is the rows.
    private static List<Tensor> part(List<Tensor> tensors, int first, int rows) {
        var part = new ArrayList<Tensor>(tensors.size());
        for (var tensor : tensors) {
            var shape = tensor.shape();
            int each = shape[0] == 0 ? 0 : Math.toIntExact(tensor.elements() / shape[0]);
            shape[0] = rows;
            if (tensor.datatype() == Datatype.BYTES) {
                part.add(
                        Tensor.ofBytes(
                                shape,
                                Arrays.copyOfRange(
                                        tensor.bytes(), first * each, (first + rows) * each)));
            } else {
                int size = tensor.datatype().bytes();
                var copy = Tensor.direct(tensor.datatype(), shape);
                copy.data().put(0, tensor.data(), first * each * size, rows * each * size);
                part.add(copy);
            }
        }
        return part;
    }

    private void finish(
            List<Tensor> inputs,
            List<Tensor> outputs,
            boolean alone,
            long began,
            long ready,
            long ran) {
        var routing = calls.getFirst().routing;
        int rows = 0;
        for (var call : calls) rows += call.rows;
        long nanosEach = (ran - ready - wayNanos()) / rows;
        read(inputs, outputs, nanosEach);
        if (!calls.isEmpty() && calls.getFirst().arm.isolated()) unsure(inputs, nanosEach);
        if (calls.isEmpty()) return;
        var refused = kept(inputs, outputs, nanosEach, null);
        for (var call : calls) answer(call, outputs, alone, refused);
        if (refused == null && routing.shadow() != null) shadowed(inputs, nanosEach);
        long end = System.nanoTime();
        var statistics = routing.statistics();
        for (var call : calls) {
            (refused == null ? statistics.success : statistics.fail)
                    .add(1, end - call.arrivedNanos);
            statistics.queue.add(1, began - call.arrivedNanos);
        }
        statistics.ran(rows, ready - began, ran - ready, end - ran, System.currentTimeMillis());
        model.ran(nanosEach);
    }

    /// What the outputs say of each row, in the order of the calls. A call whose answer can't be
    /// read fails alone, or another arm answers for it.
    private void read(List<Tensor> inputs, List<Tensor> outputs, long nanosEach) {
        answers.clear();
        for (int i = 0; i < calls.size(); ) {
            var call = calls.get(i);
            int before = answers.size();
            var problem = read(call, outputs);
            if (problem == null) {
                i++;
                continue;
            }
            answers.subList(before, answers.size()).clear();
            refuse(call, inputs, problem, nanosEach * call.rows);
        }
    }

    /// Fails one of the calls of a run.
    private void refuse(TensorCall call, List<Tensor> inputs, Problem problem, long nanos) {
        var others = new ArrayList<>(calls);
        others.remove(call);
        calls.clear();
        calls.add(call);
        fail(call, inputs, problem, nanos);
        calls.clear();
        calls.addAll(others);
    }

    /// @return why its answers can't be read; null: they can
    private @Nullable Problem read(TensorCall call, List<Tensor> outputs) {
        try {
            for (int i = 0; i < call.rows; i++)
                answers.add(model.reading().read(outputs, call.first + i));
            return null;
        } catch (Problem problem) {
            return problem;
        } catch (RuntimeException bug) {
            return mistake(bug);
        }
    }

    /// Of an arm that has not proven itself, an answer that holds NaN does not count: another
    /// answers for it.
    private void unsure(List<Tensor> inputs, long nanosEach) {
        int at = 0;
        for (var call : List.copyOf(calls)) {
            boolean finite = true;
            for (int i = 0; i < call.rows; i++) finite &= !Recorder.notFinite(answers.get(at + i));
            if (!finite && instead(call, inputs, Shadows.NOT_FINITE, nanosEach * call.rows)) {
                calls.remove(call);
                answers.subList(at, at + call.rows).clear();
            } else at += call.rows;
        }
    }

    private boolean instead(TensorCall call, List<Tensor> inputs, String failure, long nanos) {
        if (call.next().isEmpty()) return false;
        var its = call.own;
        var source = its != null ? its : part(inputs, call.first, call.rows);
        return predictor.answerInstead(call, source(source), failure, nanos);
    }

    private void shadowed(List<Tensor> inputs, long nanosEach) {
        var shadows = predictor.shadows();
        int at = 0;
        for (var call : calls)
            for (int i = 0; i < call.rows; i++, at++) {
                if (!Shadows.wants(call, i)) continue;
                int row = model.byRow() ? call.first + i : -1;
                var entity = recorder.logged(call.routing, recorder.entity(call, inputs, row));
                shadows.answered(call, i, inputs, row, entity, answers.get(at), nanosEach);
            }
    }

    private void answer(
            TensorCall call, List<Tensor> outputs, boolean alone, @Nullable Problem refused) {
        if (refused != null) {
            call.failed(refused);
            return;
        }
        if (call.isHeld()) {
            predictor.hold(call, alone ? copies(outputs) : part(outputs, call.first, call.rows));
            return;
        }
        try {
            call.answered(outputs, call.first, alone);
        } catch (RuntimeException bug) {
            // One answer that can't be written must not keep the others of the batch.
            call.failed(mistake(bug));
        }
    }

    /// Logs the calls of this run.
    ///
    /// @param outputs null when the run failed
    /// @param failure the code of why it did
    /// @return why the calls can't be answered after all; null: they can
    private @Nullable Problem kept(
            List<Tensor> inputs,
            @Nullable List<Tensor> outputs,
            long nanosEach,
            @Nullable String failure) {
        recorder.begin();
        int at = 0;
        try {
            for (var call : calls)
                for (int i = 0; i < call.rows; i++) {
                    int row = call.first + i;
                    var answer = outputs == null ? null : answers.get(at++);
                    recorder.tensors(
                            call,
                            inputs,
                            model.byRow() ? row : -1,
                            i,
                            answer,
                            nanosEach,
                            failure,
                            false);
                }
            recorder.append(calls.getFirst().routing);
            return null;
        } catch (Problem problem) {
            return problem;
        } catch (RuntimeException bug) {
            return mistake(bug);
        }
    }

    private void fail(TensorCall call, List<Tensor> inputs, Problem problem, long nanos) {
        if (instead(call, inputs, problem.code(), nanos)) return;
        var _ = kept(inputs, null, nanos, problem.code());
        if (call.isHeld()) {
            predictor.hold(call, List.of());
            return;
        }
        call.routing.statistics().fail.add(1, System.nanoTime() - call.arrivedNanos);
        call.failed(problem);
    }

    static Problem mistake(RuntimeException bug) {
        LOGGER.error("a prediction failed", bug);
        return new Problem(
                Problem.Kind.MODEL_FAILED,
                "server-failed",
                "The call failed.",
                "It is a mistake of the server.",
                "See the server's log.");
    }

    private List<Tensor> exact(TensorSource source) {
        var inputs = model.signature().inputs();
        var key = new StringBuilder();
        boolean strings = false;
        for (int i = 0; i < inputs.size(); i++) {
            key.append(Arrays.toString(source.shape(i)));
            strings |= inputs.get(i).datatype() == Datatype.BYTES;
        }
        var tensors = strings ? null : byShape.get(key.toString());
        if (tensors == null) {
            tensors = copies(source, model);
            if (!strings) byShape.put(key.toString(), tensors);
            return tensors;
        }
        for (int i = 0; i < inputs.size(); i++) fill(source, i, tensors.get(i));
        return tensors;
    }

    /// Tensors of the request's own.
    static List<Tensor> copies(TensorSource source, LoadedModel model) {
        var inputs = model.signature().inputs();
        var tensors = new ArrayList<Tensor>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            var datatype = inputs.get(i).datatype();
            if (datatype == Datatype.BYTES)
                tensors.add(Tensor.ofBytes(source.shape(i).clone(), source.strings(i)));
            else {
                var tensor = Tensor.direct(datatype, source.shape(i));
                fill(source, i, tensor);
                tensors.add(tensor);
            }
        }
        return tensors;
    }

    private static void fill(TensorSource source, int input, Tensor tensor) {
        var data = tensor.data();
        source.copyTo(input, data.duplicate().order(data.order()));
    }

    private static List<Tensor> copies(List<Tensor> tensors) {
        var copies = new ArrayList<Tensor>(tensors.size());
        for (var tensor : tensors) {
            if (tensor.datatype() == Datatype.BYTES) {
                copies.add(Tensor.ofBytes(tensor.shape(), tensor.bytes().clone()));
                continue;
            }
            var copy = Tensor.direct(tensor.datatype(), tensor.shape());
            copy.data().put(0, tensor.data(), 0, tensor.elements() * tensor.datatype().bytes());
            copies.add(copy);
        }
        return copies;
    }

    /// A source that gives out tensors which are there already.
    static TensorSource source(List<Tensor> tensors) {
        return new TensorSource() {
            @Override
            public long[] shape(int input) {
                return tensors.get(input).shape();
            }

            @Override
            public void copyTo(int input, java.nio.ByteBuffer space) {
                space.put(tensors.get(input).data().duplicate().clear());
            }

            @Override
            public byte[][] strings(int input) {
                return tensors.get(input).bytes();
            }
        };
    }

    @Override
    public void close() {
        byShape.values().forEach(tensors -> tensors.forEach(Tensor::close));
        if (gather != null) gather.close();
        if (session != null) session.close();
    }
}
