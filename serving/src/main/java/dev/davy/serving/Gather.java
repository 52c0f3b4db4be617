package dev.davy.serving;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Session;
import dev.davy.runtime.Signature;
import dev.davy.runtime.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of several requests, put one behind the other into the input tensors of one run. For one
/// thread.
///
/// The tensors of each batch size share one block of memory and are made once, so that a run of any
/// size costs no allocation.
final class Gather implements AutoCloseable {

    private final Session session;
    private final Signature signature;
    private final int capacity;
    private final Tensor[] whole;
    private final int[] rowBytes;
    private final byte[][][] strings;
    private final @Nullable List<Tensor>[] bySize;
    private int rows;

    @SuppressWarnings({"unchecked", "rawtypes"})
    Gather(Session session, Signature signature, int capacity) {
        this.session = session;
        this.signature = signature;
        this.capacity = capacity;
        int inputs = signature.inputs().size();
        whole = new Tensor[inputs];
        rowBytes = new int[inputs];
        strings = new byte[inputs][][];
        for (int i = 0; i < inputs; i++) {
            var spec = signature.inputs().get(i);
            var shape = shape(i, capacity);
            rowBytes[i] = Math.toIntExact(spec.rowElements() * spec.datatype().bytes());
            if (spec.datatype() == Datatype.BYTES) {
                strings[i] = new byte[Math.toIntExact(capacity * spec.rowElements())][];
                whole[i] = Tensor.direct(Datatype.BYTES, new long[] {0});
            } else {
                strings[i] = new byte[0][];
                whole[i] = Tensor.direct(spec.datatype(), shape);
            }
        }
        bySize = new List[capacity + 1];
    }

    /// Whether rows of different requests can be put together for this signature: the leading axis
    /// varies and no other does.
    static boolean fits(Signature signature) {
        return signature.leads()
                && signature.inputs().stream().allMatch(spec -> spec.rowElements() > 0);
    }

    int rows() {
        return rows;
    }

    int capacity() {
        return capacity;
    }

    boolean hasRoom(int more) {
        return rows + more <= capacity;
    }

    /// Where the next rows of an input are written, in native byte order. Not for BYTES.
    ByteBuffer space(int input, int more) {
        var data = whole[input].data();
        return data.duplicate()
                .order(data.order())
                .position(rows * rowBytes[input])
                .limit((rows + more) * rowBytes[input]);
    }

    /// Writes the next rows of a BYTES input.
    void strings(int input, byte[][] elements) {
        int each = Math.toIntExact(signature.inputs().get(input).rowElements());
        System.arraycopy(elements, 0, strings[input], rows * each, elements.length);
    }

    /// All inputs of the next rows are written.
    void added(int more) {
        rows += more;
    }

    /// The inputs of the run that is due.
    List<Tensor> inputs() {
        var cached = bySize[rows];
        if (cached != null) return cached;
        var tensors = new ArrayList<Tensor>(whole.length);
        boolean reusable = true;
        for (int i = 0; i < whole.length; i++) {
            if (signature.inputs().get(i).datatype() == Datatype.BYTES) {
                var shape = shape(i, rows);
                tensors.add(
                        Tensor.ofBytes(shape, java.util.Arrays.copyOf(strings[i], product(shape))));
                reusable = false; // a library copies texts at each run anyway
            } else {
                tensors.add(whole[i].leading(rows));
            }
        }
        var made = List.copyOf(tensors);
        if (reusable) bySize[rows] = made;
        return made;
    }

    /// Runs the model on what was added. The outputs are valid until the next run.
    List<Tensor> run(List<Tensor> inputs, long deadlineNanos) {
        return session.run(inputs, deadlineNanos);
    }

    /// As [Session#wayNanos].
    long wayNanos() {
        return session.wayNanos();
    }

    /// Starts the next batch.
    void clear() {
        rows = 0;
    }

    private long[] shape(int input, int rows) {
        var spec = signature.inputs().get(input).shape();
        var shape = new long[spec.size()];
        for (int axis = 0; axis < shape.length; axis++) shape[axis] = spec.get(axis);
        shape[0] = rows;
        return shape;
    }

    private static int product(long[] shape) {
        long product = 1;
        for (long dim : shape) product *= dim;
        return Math.toIntExact(product);
    }

    @Override
    public void close() {
        for (var tensors : bySize) if (tensors != null) tensors.forEach(Tensor::close);
        session.close();
    }
}
