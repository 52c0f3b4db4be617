package dev.davy.runtime;

import dev.davy.runtime.ort.OrtFailure;
import dev.davy.runtime.ort.Values;
import dev.davy.strict.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The output tensors of one session, kept per number of rows and written by the runtime in place.
///
/// An output whose shape is not known before the run is made by the runtime and copied after it.
final class OutputSets {
    /// Sets are kept for up to so many rows, and as long as one fetches no more than [#KEPT_BYTES];
    /// of larger ones only the last is kept.
    private static final int KEPT_ROWS = 256;

    private static final long KEPT_BYTES = 1 << 20;

    private final List<OutputForm> forms;
    private final List<Fetch> fetches;
    private final MemorySegment pointers;
    private final @Nullable Set[] kept = new Set[KEPT_ROWS + 1];
    private long keptBytes;
    private final boolean copies;
    private final boolean follow;
    private @Nullable Set current;

    /// How an output comes out of the runtime.
    sealed interface Fetch {
        /// Into our memory when its shape is known before, else copied.
        record Numbers() implements Fetch {}

        record Texts() implements Fetch {}

        /// A sequence of maps from class to score, one per row.
        ///
        /// @param order for each class the place of its key among the map's, which are sorted
        @SuppressWarnings("ArrayRecordComponent")
        record Maps(int[] order) implements Fetch {}
    }

    /// The tensors for one number of rows; those made by the run are null until then.
    private static final class Set {
        final long rows;
        final @Nullable Tensor[] tensors;
        final @Nullable NativeTensor[] pinned;
        @Nullable List<Tensor> list;

        Set(long rows, int count) {
            this.rows = rows;
            tensors = new Tensor[count];
            pinned = new NativeTensor[count];
        }
    }

    OutputSets(List<OutputForm> forms, List<Fetch> fetches, Arena arena) {
        this.forms = forms;
        this.fetches = fetches;
        pointers = arena.allocate(ValueLayout.JAVA_LONG, forms.size());
        boolean anyCopied = false;
        for (int at = 0; at < forms.size(); at++) anyCopied |= !isPinned(at);
        copies = anyCopied;
        follow = forms.stream().anyMatch(OutputForm::follows);
    }

    private boolean isPinned(int at) {
        return fetches.get(at) instanceof Fetch.Numbers && forms.get(at).known();
    }

    int count() {
        return forms.size();
    }

    /// Whether some output has as many rows as the inputs.
    boolean follow() {
        return follow;
    }

    long pointers() {
        return pointers.address();
    }

    /// Takes the set for so many rows.
    void rows(long rows) {
        if (current != null && current.rows == rows) return;
        var set = rows <= KEPT_ROWS ? kept[(int) rows] : null;
        if (set == null) {
            set = make(rows);
            if (rows <= KEPT_ROWS && keptBytes + bytes(set) <= KEPT_BYTES) {
                kept[(int) rows] = set;
                keptBytes += bytes(set);
            }
        }
        if (current != null && !isKept(current)) release(current);
        current = set;
        pin();
    }

    /// Gives the runtime our memory to write to.
    void pin() {
        var set = Objects.requireNonNull(current);
        for (int at = 0; at < forms.size(); at++) {
            var pinned = set.pinned[at];
            pointers.setAtIndex(ValueLayout.JAVA_LONG, at, pinned == null ? 0 : pinned.handle());
        }
    }

    /// Lets the runtime make all outputs.
    void unpin() {
        for (int at = 0; at < forms.size(); at++) pointers.setAtIndex(ValueLayout.JAVA_LONG, at, 0);
    }

    /// After a run without our memory: throws when an output is not what was declared.
    void check() throws OrtFailure {
        var set = Objects.requireNonNull(current);
        try {
            for (int at = 0; at < forms.size(); at++) {
                long value = pointers.getAtIndex(ValueLayout.JAVA_LONG, at);
                boolean tensor = !(fetches.get(at) instanceof Fetch.Maps);
                if (value != 0 && tensor) check(set, at, Values.form(value));
            }
        } finally {
            for (int at = 0; at < forms.size(); at++) releaseMade(at);
        }
    }

    private boolean isKept(Set set) {
        return set.rows <= KEPT_ROWS && kept[(int) set.rows] == set;
    }

    private Set make(long rows) {
        var set = new Set(rows, forms.size());
        for (int at = 0; at < forms.size(); at++) {
            if (!isPinned(at)) continue;
            var form = forms.get(at);
            var tensor = Tensor.direct(form.spec().datatype(), form.shape(rows));
            set.tensors[at] = tensor;
            set.pinned[at] = pin(tensor);
        }
        if (!copies) set.list = list(set);
        return set;
    }

    private static NativeTensor pin(Tensor tensor) {
        try {
            var memory = MemorySegment.ofBuffer(tensor.data());
            return new NativeTensor(
                    Values.tensor(memory, tensor.datatype().onnx(), tensor.shape()));
        } catch (OrtFailure e) {
            throw Failures.run(e);
        }
    }

    private static List<Tensor> list(Set set) {
        var all = new ArrayList<Tensor>(set.tensors.length);
        for (var tensor : set.tensors) all.add(Objects.requireNonNull(tensor));
        return List.copyOf(all);
    }

    private static long bytes(Set set) {
        long bytes = 0;
        for (var tensor : set.tensors) if (tensor != null) bytes += tensor.data().capacity();
        return bytes;
    }

    /// Before a run: what the last one made is forgotten.
    void prepare() {
        if (!copies) return;
        for (int at = 0; at < forms.size(); at++)
            if (!isPinned(at)) pointers.setAtIndex(ValueLayout.JAVA_LONG, at, 0);
    }

    /// After a run that went well.
    List<Tensor> collect() throws OrtFailure {
        var set = Objects.requireNonNull(current);
        if (set.list != null && !copies) return set.list;
        try {
            for (int at = 0; at < forms.size(); at++) if (!isPinned(at)) copy(set, at);
        } finally {
            for (int at = 0; at < forms.size(); at++) if (!isPinned(at)) releaseMade(at);
        }
        return list(set);
    }

    private void copy(Set set, int at) throws OrtFailure {
        long value = pointers.getAtIndex(ValueLayout.JAVA_LONG, at);
        if (value == 0)
            throw Failures.broken("output '" + forms.get(at).spec().name() + "' was not made");
        set.tensors[at] =
                switch (fetches.get(at)) {
                    case Fetch.Numbers _ -> numbers(set, at, value);
                    case Fetch.Texts _ -> texts(set, at, value);
                    case Fetch.Maps(var order) -> maps(set, at, value, order);
                };
    }

    private Tensor numbers(Set set, int at, long value) throws OrtFailure {
        var form = Values.form(value);
        check(set, at, form);
        var last = set.tensors[at];
        var spec = forms.get(at).spec();
        var tensor =
                last != null && last.hasShape(form.shape())
                        ? last
                        : Tensor.direct(spec.datatype(), form.shape());
        if (tensor.elements() > 0) {
            int bytes = tensor.data().capacity();
            MemorySegment.ofBuffer(tensor.data()).copyFrom(Values.data(value, bytes));
        }
        return tensor;
    }

    private Tensor texts(Set set, int at, long value) throws OrtFailure {
        var form = Values.form(value);
        check(set, at, form);
        long count = Arrays.stream(form.shape()).reduce(1, (a, b) -> a * b);
        return Tensor.ofBytes(form.shape(), Values.texts(value, (int) count));
    }

    private void check(Set set, int at, Values.Form form) {
        var name = forms.get(at).spec().name();
        var datatype =
                Datatype.onnx(form.type())
                        .orElseThrow(() ->
                                Failures.broken("output '" + name + "' came as another type"));
        forms.get(at).check(datatype, form.shape(), set.rows);
        double elements = 1;
        for (long dimension : form.shape()) elements *= dimension;
        if (elements > Limits.DEFAULT.tensorElements())
            throw Failures.broken(
                    "output '"
                            + name
                            + "' has %.0f elements; the most is %d"
                                    .formatted(elements, Limits.DEFAULT.tensorElements()));
    }

    private Tensor maps(Set set, int at, long value, int[] order) throws OrtFailure {
        int rows = Values.count(value);
        forms.get(at).check(Datatype.FP32, new long[] {rows, order.length}, set.rows);
        var last = set.tensors[at];
        var tensor =
                last != null && last.dimension(0) == rows
                        ? last
                        : Tensor.direct(Datatype.FP32, rows, order.length);
        for (int row = 0; row < rows; row++) scores(value, row, order, tensor);
        return tensor;
    }

    private void scores(long sequence, int row, int[] order, Tensor into) throws OrtFailure {
        long map = Values.element(sequence, row);
        long scores = 0;
        try {
            scores = Values.element(map, 1);
            var found = Values.form(scores).shape()[0];
            if (found != order.length)
                throw Failures.broken(
                        "row " + row + " has scores for " + found + " classes of " + order.length);
            var numbers = Values.data(scores, 4L * order.length);
            for (int c = 0; c < order.length; c++)
                into.float32(
                        row * order.length + c,
                        numbers.getAtIndex(ValueLayout.JAVA_FLOAT, order[c]));
        } finally {
            if (scores != 0) Values.release(scores);
            Values.release(map);
        }
    }

    private void releaseMade(int at) {
        long value = pointers.getAtIndex(ValueLayout.JAVA_LONG, at);
        if (value != 0) Values.release(value);
        pointers.setAtIndex(ValueLayout.JAVA_LONG, at, 0);
    }

    private static void release(Set set) {
        for (var pinned : set.pinned) if (pinned != null) pinned.close();
    }

    void close() {
        for (var set : kept) if (set != null && set != current) release(set);
        if (current != null) release(current);
    }
}
