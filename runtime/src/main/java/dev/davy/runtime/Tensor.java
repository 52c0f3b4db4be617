package dev.davy.runtime;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A block of elements of one [Datatype] and shape, meant to be filled and used again.
///
/// Numbers lie row-major in native byte order in one direct buffer, which a native library reads
/// without copying; `BYTES` elements are Java arrays. Datatype and shape are fixed. Not safe for
/// two threads at once.
public final class Tensor implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final ByteBuffer NOTHING =
            ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());

    private final Datatype datatype;
    private final long[] shape;
    private final int elements;
    private final ByteBuffer data;
    private final byte[][] bytes;

    /// What a native library made for this tensor, made at first use and kept with it.
    private @Nullable Held held;

    private Tensor(Datatype datatype, long[] shape, int elements, ByteBuffer data, byte[][] bytes) {
        this.datatype = datatype;
        this.shape = shape;
        this.elements = elements;
        this.data = data;
        this.bytes = bytes;
    }

    /// A tensor of zeros (empty texts for `BYTES`).
    ///
    /// @throws IllegalArgumentException when a dimension is negative or the whole is above 2 GiB
    public static Tensor direct(Datatype datatype, long... shape) {
        int elements = count(shape);
        if (datatype == Datatype.BYTES) {
            var empty = new byte[elements][];
            Arrays.fill(empty, new byte[0]);
            return new Tensor(datatype, shape.clone(), elements, NOTHING, empty);
        }
        long size = (long) elements * datatype.bytes();
        if (size > Integer.MAX_VALUE)
            throw new IllegalArgumentException(
                    "shape "
                            + Arrays.toString(shape)
                            + " of "
                            + datatype
                            + " takes "
                            + size
                            + " bytes; a tensor holds at most 2 GiB");
        var data = ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder());
        return new Tensor(datatype, shape.clone(), elements, data, new byte[0][]);
    }

    /// A tensor with a copy of these numbers, little-endian as the Open Inference Protocol sends
    /// them.
    public static Tensor of(Datatype datatype, long[] shape, ByteBuffer littleEndian) {
        if (datatype == Datatype.BYTES)
            throw new IllegalArgumentException("elements of BYTES vary in length: use ofBytes");
        var tensor = direct(datatype, shape);
        tensor.fill(littleEndian);
        return tensor;
    }

    /// A tensor over numbers on the heap, in native byte order; for models in other processes only,
    /// since a native library can't read it. It costs nothing to make many of them.
    public static Tensor onHeap(Datatype datatype, long[] shape, byte[] numbers) {
        int count = count(shape);
        if (datatype == Datatype.BYTES || numbers.length != count * datatype.bytes())
            throw new IllegalArgumentException(
                    numbers.length + " bytes are not " + count + " elements of " + datatype);
        var data = ByteBuffer.wrap(numbers).order(ByteOrder.nativeOrder());
        return new Tensor(datatype, shape.clone(), count, data, new byte[0][]);
    }

    /// A tensor of texts or other bytes; the arrays are kept, not copied.
    public static Tensor ofBytes(long[] shape, byte[][] elements) {
        int count = count(shape);
        if (count != elements.length)
            throw new IllegalArgumentException(
                    "shape "
                            + Arrays.toString(shape)
                            + " has "
                            + count
                            + " elements, given are "
                            + elements.length);
        return new Tensor(Datatype.BYTES, shape.clone(), count, NOTHING, elements);
    }

    /// The first rows of this tensor as a tensor of their own that shares its memory: what is
    /// written to one is seen in the other. For batches that fill up to different sizes.
    ///
    /// @param rows of the leading axis; at least 0 and at most what this tensor has
    public Tensor leading(int rows) {
        var smaller = shape.clone();
        if (smaller.length == 0 || rows < 0 || rows > smaller[0] || datatype == Datatype.BYTES)
            throw new IllegalArgumentException("no first " + rows + " rows to share in " + this);
        smaller[0] = rows;
        int count = count(smaller);
        var shared = data.slice(0, count * datatype.bytes()).order(ByteOrder.nativeOrder());
        return new Tensor(datatype, smaller, count, shared, bytes);
    }

    public Datatype datatype() {
        return datatype;
    }

    /// The dimensions; a copy.
    public long[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    public long dimension(int axis) {
        return shape[axis];
    }

    public boolean hasShape(long[] other) {
        return Arrays.equals(shape, other);
    }

    /// The number of elements; 1 for a scalar, 0 when a dimension is 0.
    public int elements() {
        return elements;
    }

    /// The numbers, in native order, position 0 and limit at the end. One buffer for the tensor's
    /// life: use absolute puts and gets, or leave position and limit as they were.
    public ByteBuffer data() {
        return data;
    }

    /// The elements of a `BYTES` tensor; the array is the tensor's own and may be written.
    public byte[][] bytes() {
        return bytes;
    }

    /// Copies numbers in, from little-endian bytes; exactly as many as the tensor has.
    public void fill(ByteBuffer littleEndian) {
        if (littleEndian.remaining() != data.capacity())
            throw new IllegalArgumentException(
                    "shape "
                            + Arrays.toString(shape)
                            + " of "
                            + datatype
                            + " takes "
                            + data.capacity()
                            + " bytes, given are "
                            + littleEndian.remaining());
        // All machines for which ONNX Runtime is published are little-endian themselves.
        data.put(0, littleEndian, littleEndian.position(), littleEndian.remaining());
    }

    public float float32(int at) {
        return data.getFloat(at << 2);
    }

    public void float32(int at, float value) {
        data.putFloat(at << 2, value);
    }

    /// Any number as a double; unsigned types as what they mean, 64-bit integers rounded.
    public double float64(int at) {
        return switch (datatype) {
            case FP32 -> data.getFloat(at << 2);
            case FP64 -> data.getDouble(at << 3);
            case FP16 -> Float.float16ToFloat(data.getShort(at << 1));
            case BF16 -> Float.intBitsToFloat(data.getShort(at << 1) << 16);
            case UINT64 -> unsigned(data.getLong(at << 3));
            default -> (double) int64(at);
        };
    }

    private static double unsigned(long bits) {
        // Halved with the last bit kept sticky, so that the one rounding is the right one.
        return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
    }

    /// Any integer or bool as a long; `UINT64` as its bits.
    ///
    /// @throws IllegalStateException for floats and bytes
    public long int64(int at) {
        return switch (datatype) {
            case INT64, UINT64 -> data.getLong(at << 3);
            case INT32 -> data.getInt(at << 2);
            case UINT32 -> Integer.toUnsignedLong(data.getInt(at << 2));
            case INT16 -> data.getShort(at << 1);
            case UINT16 -> Short.toUnsignedLong(data.getShort(at << 1));
            case INT8 -> data.get(at);
            case UINT8 -> Byte.toUnsignedLong(data.get(at));
            case BOOL -> data.get(at) == 0 ? 0 : 1;
            case FP16, BF16, FP32, FP64, BYTES ->
                    throw new IllegalStateException("a tensor of " + datatype + " has no integers");
        };
    }

    /// Writes a number as whatever this tensor holds: rounded to its float type, or narrowed.
    public void float64(int at, double value) {
        switch (datatype) {
            case FP32 -> data.putFloat(at << 2, (float) value);
            case FP64 -> data.putDouble(at << 3, value);
            case FP16 -> data.putShort(at << 1, Float.floatToFloat16((float) value));
            case BF16 -> data.putShort(at << 1, bfloat((float) value));
            default -> int64(at, (long) value);
        }
    }

    private static short bfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) return (short) ((bits >>> 16) | 0x40);
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16); // to nearest, ties to even
    }

    /// Writes an integer, narrowed to this tensor's type, or 0/1 for `BOOL`.
    public void int64(int at, long value) {
        switch (datatype) {
            case INT64, UINT64 -> data.putLong(at << 3, value);
            case INT32, UINT32 -> data.putInt(at << 2, (int) value);
            case INT16, UINT16 -> data.putShort(at << 1, (short) value);
            case INT8, UINT8 -> data.put(at, (byte) value);
            case BOOL -> data.put(at, (byte) (value == 0 ? 0 : 1));
            case FP16, BF16, FP32, FP64 -> float64(at, (double) value);
            case BYTES -> throw new IllegalStateException("a tensor of BYTES has no numbers");
        }
    }

    /// One element of a `BYTES` tensor as text; bytes that are not UTF-8 become U+FFFD.
    public String text(int at) {
        return new String(bytes[at], StandardCharsets.UTF_8);
    }

    public void text(int at, String value) {
        bytes[at] = value.getBytes(StandardCharsets.UTF_8);
    }

    /// How many elements are NaN or infinite; 0 for types that cannot be.
    public int notFinite() {
        int found = 0;
        switch (datatype) {
            case FP32 -> {
                for (int at = 0; at < elements; at++)
                    if (!Float.isFinite(data.getFloat(at << 2))) found++;
            }
            case FP64, FP16, BF16 -> {
                for (int at = 0; at < elements; at++) if (!Double.isFinite(float64(at))) found++;
            }
            default -> {}
        }
        return found;
    }

    /// Lets go of what a native library keeps for this tensor. The numbers stay readable; a tensor
    /// that is never closed is released when it is no longer reachable.
    @Override
    public void close() {
        if (held != null) {
            held.cleanable.clean();
            held = null;
        }
    }

    /// What was kept with [#hold], or null.
    @Nullable AutoCloseable held() {
        return held == null ? null : held.handle;
    }

    /// Keeps a native handle as long as this tensor lives.
    void hold(AutoCloseable handle) {
        close();
        held = new Held(handle, CLEANER.register(this, () -> release(handle)));
    }

    private static void release(AutoCloseable handle) {
        try {
            handle.close();
        } catch (Exception e) {
            throw new IllegalStateException("a native tensor could not be released", e);
        }
    }

    private record Held(AutoCloseable handle, Cleaner.Cleanable cleanable) {}

    private static int count(long[] shape) {
        long product = 1;
        for (long dimension : shape) {
            if (dimension < 0)
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " has a negative dimension");
            // A zero anywhere makes the whole empty, even beside a dimension that would overflow.
            product = product == 0 ? 0 : saturated(product, dimension);
        }
        if (product > Integer.MAX_VALUE)
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " has too many elements");
        return (int) product;
    }

    private static long saturated(long left, long right) {
        return right != 0 && left > Long.MAX_VALUE / right ? Long.MAX_VALUE : left * right;
    }

    @Override
    public String toString() {
        return datatype + Arrays.toString(shape);
    }
}
