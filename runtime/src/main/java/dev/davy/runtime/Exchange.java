package dev.davy.runtime;

import dev.davy.strict.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One side of a connection between a server and a model's child process: whole frames of tensors,
/// in native byte order, since both are on one machine.
///
/// A frame is its length and then the content. What comes in may come from a child that a hostile
/// model has taken over: every length is checked before anything is made of it.
final class Exchange implements AutoCloseable {
    private static final int FIRST_CAPACITY = 1 << 14;
    private static final int LONGEST_FRAME = 1 << 30;
    private static final int MOST_TENSORS = 1_024;
    private static final int MOST_AXES = 64;

    private final SocketChannel channel;
    private ByteBuffer out = buffer(FIRST_CAPACITY);
    private ByteBuffer in = buffer(FIRST_CAPACITY);

    Exchange(SocketChannel channel) {
        this.channel = channel;
    }

    private static ByteBuffer buffer(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }

    /// Begins a frame to be sent.
    void begin() {
        out.clear().position(Integer.BYTES);
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (out.remaining() < bytes) {
            long needed = (long) out.position() + bytes;
            if (needed > LONGEST_FRAME) throw new IOException("a frame of " + needed + " bytes");
            var larger =
                    buffer((int) Math.min(LONGEST_FRAME, Math.max(needed, 2L * out.capacity())));
            larger.put(out.flip());
            out = larger;
        }
        return out;
    }

    void putByte(int value) throws IOException {
        room(1).put((byte) value);
    }

    void putInt(int value) throws IOException {
        room(Integer.BYTES).putInt(value);
    }

    void putLong(long value) throws IOException {
        room(Long.BYTES).putLong(value);
    }

    void putText(String text) throws IOException {
        putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void putBytes(byte[] bytes) throws IOException {
        putInt(bytes.length);
        room(bytes.length).put(bytes);
    }

    void putTensors(List<Tensor> tensors) throws IOException {
        putInt(tensors.size());
        for (var tensor : tensors) {
            putInt(tensor.datatype().onnx());
            putInt(tensor.rank());
            for (int axis = 0; axis < tensor.rank(); axis++) putLong(tensor.dimension(axis));
            if (tensor.datatype() == Datatype.BYTES) {
                for (var element : tensor.bytes()) putBytes(element);
            } else {
                int size = tensor.data().capacity();
                var to = room(size);
                to.put(to.position(), tensor.data(), 0, size).position(to.position() + size);
            }
        }
    }

    void putProblem(Problem problem) throws IOException {
        putText(problem.kind().name());
        putText(problem.code());
        putText(problem.what());
        putText(problem.why());
        putText(problem.todo());
    }

    void send() throws IOException {
        out.putInt(0, out.position() - Integer.BYTES);
        out.flip();
        while (out.hasRemaining()) channel.write(out);
    }

    /// Waits for a whole frame; the getters then read it.
    ///
    /// @throws EOFException when the other side is gone
    void receive() throws IOException {
        in.clear();
        fill(Integer.BYTES);
        int length = in.getInt(0);
        if (length < 0 || length > LONGEST_FRAME)
            throw new IOException("a frame of " + length + " bytes");
        if (in.capacity() < Integer.BYTES + length) {
            var larger = buffer(Integer.BYTES + length);
            larger.put(in.flip());
            in = larger;
        }
        fill(Integer.BYTES + length);
        in.flip().position(Integer.BYTES);
        if (in.remaining() != length) throw new IOException("more than one frame at once");
    }

    private void fill(int upTo) throws IOException {
        while (in.position() < upTo)
            if (channel.read(in) < 0) throw new EOFException("the other side is gone");
    }

    private ByteBuffer left(int bytes) throws IOException {
        if (bytes < 0 || bytes > in.remaining()) throw new IOException("a frame that is too short");
        return in;
    }

    int getByte() throws IOException {
        return left(1).get();
    }

    int getInt() throws IOException {
        return left(Integer.BYTES).getInt();
    }

    long getLong() throws IOException {
        return left(Long.BYTES).getLong();
    }

    String getText() throws IOException {
        return new String(getBytes(), StandardCharsets.UTF_8);
    }

    private byte[] getBytes() throws IOException {
        int length = getInt();
        left(length);
        var bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /// Tensors; those of last time that have the same type and shape are written again.
    List<Tensor> getTensors(List<Tensor> last) throws IOException {
        int count = getInt();
        if (count < 0 || count > MOST_TENSORS) throw new IOException(count + " tensors");
        boolean same = count == last.size();
        var tensors = new ArrayList<Tensor>(count);
        for (int at = 0; at < count; at++) {
            var old = at < last.size() ? last.get(at) : null;
            var tensor = getTensor(old);
            same &= tensor == old;
            tensors.add(tensor);
        }
        // The very same list tells a session that nothing is to be bound anew.
        return same ? last : List.copyOf(tensors);
    }

    private Tensor getTensor(@Nullable Tensor last) throws IOException {
        int number = getInt();
        var datatype =
                Datatype.onnx(number).orElseThrow(() -> new IOException("element type " + number));
        int rank = getInt();
        if (rank < 0 || rank > MOST_AXES) throw new IOException("a tensor of rank " + rank);
        var shape = new long[rank];
        long elements = 1;
        for (int axis = 0; axis < rank; axis++) {
            shape[axis] = getLong();
            if (shape[axis] < 0 || shape[axis] != 0 && elements > LONGEST_FRAME / shape[axis])
                throw new IOException("a tensor with an axis of " + shape[axis]);
            elements *= shape[axis];
        }
        boolean again = last != null && last.datatype() == datatype && last.hasShape(shape);
        if (datatype == Datatype.BYTES) {
            if (elements * Integer.BYTES > in.remaining()) throw new IOException("too few texts");
            var tensor = again && last != null ? last : Tensor.direct(datatype, shape);
            for (int at = 0; at < elements; at++) tensor.bytes()[at] = getBytes();
            return tensor;
        }
        long bytes = elements * datatype.bytes();
        if (bytes > in.remaining()) throw new IOException("too few numbers");
        var tensor = again && last != null ? last : Tensor.direct(datatype, shape);
        tensor.data().put(0, in, in.position(), (int) bytes);
        in.position(in.position() + (int) bytes);
        return tensor;
    }

    Problem getProblem() throws IOException {
        var name = getText();
        var kind = Problem.Kind.MODEL_FAILED;
        for (var each : Problem.Kind.values()) if (each.name().equals(name)) kind = each;
        return new Problem(kind, getText(), getText(), getText(), getText());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is lost with a connection that cannot be closed: the process ends with it.
            return;
        }
    }
}
