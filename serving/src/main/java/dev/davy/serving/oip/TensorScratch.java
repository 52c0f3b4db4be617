package dev.davy.serving.oip;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.TensorSpec;
import dev.davy.strict.JsonCursor;
import dev.davy.strict.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// One input tensor of a request while it is decoded: memory that is used again by the next request
/// of the same thread, so that decoding leaves no garbage.
final class TensorScratch {

    private static final byte[][] NONE = new byte[0][];

    final TensorSpec spec;
    boolean given;
    boolean claimed;
    long[] shape = new long[0];
    int count;

    private float[] floats = new float[0];
    private double[] doubles = new double[0];
    private long[] longs = new long[0];
    private byte[] bytes = new byte[0];
    private byte[][] strings = NONE;

    /// The raw form, when the tensor came so: a slice of the body.
    private byte @Nullable [] raw;

    private int rawFrom;
    private int rawLength;

    TensorScratch(TensorSpec spec) {
        this.spec = spec;
    }

    void clear() {
        given = false;
        claimed = false;
        raw = null;
        strings = NONE;
    }

    /// Reads `data` from where the cursor stands; the shape is known.
    void read(JsonCursor json) {
        raw = null;
        switch (spec.datatype()) {
            case FP32 -> {
                if (floats.length < count) floats = new float[count];
                json.float32s(floats, count, shape);
            }
            case FP64 -> {
                if (doubles.length < count) doubles = new double[count];
                json.float64s(doubles, count, shape);
            }
            case BOOL -> {
                if (bytes.length < count) bytes = new byte[count];
                json.bools(bytes, count, shape);
            }
            case BYTES -> strings = json.strings(count, shape);
            case UINT64 -> {
                if (longs.length < count) longs = new long[count];
                json.uint64s(longs, count, shape);
            }
            case FP16, BF16 ->
                    throw InferProblems.bad(
                            "datatype-needs-binary",
                            "Input '"
                                    + spec.name()
                                    + "' has datatype "
                                    + spec.datatype()
                                    + ", which is not supported in JSON.",
                            "JSON has no such number.",
                            "Send it in the binary data format (binary_data_size).");
            case UINT8 -> integers(json, 0, 0xFFL);
            case UINT16 -> integers(json, 0, 0xFFFFL);
            case UINT32 -> integers(json, 0, 0xFFFF_FFFFL);
            case INT8 -> integers(json, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case INT16 -> integers(json, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT32 -> integers(json, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> integers(json, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        given = true;
    }

    private void integers(JsonCursor json, long min, long max) {
        if (longs.length < count) longs = new long[count];
        json.int64s(longs, count, shape, min, max);
    }

    /// Takes the raw form: little-endian, row-major, as it stands in the body.
    void raw(byte[] body, int from, int length) {
        if (spec.datatype() == Datatype.BYTES) {
            strings = Raw.strings(spec.name(), body, from, length, count);
            raw = null;
        } else {
            long needed = (long) count * spec.datatype().bytes();
            if (needed != length)
                throw InferProblems.bad(
                        "tensor-size-wrong",
                        "Input '" + spec.name() + "' has " + length + " bytes of data.",
                        "Its shape and datatype "
                                + spec.datatype()
                                + " come to "
                                + needed
                                + " bytes.",
                        "Make shape, datatype and binary_data_size agree.");
            raw = body;
            rawFrom = from;
            rawLength = length;
        }
        given = true;
    }

    /// Makes room for elements that are set one by one.
    void prepare() {
        raw = null;
        switch (spec.datatype()) {
            case FP32 -> {
                if (floats.length < count) floats = new float[count];
            }
            case FP64 -> {
                if (doubles.length < count) doubles = new double[count];
            }
            case BOOL -> {
                if (bytes.length < count) bytes = new byte[count];
            }
            default -> {
                if (longs.length < count) longs = new long[count];
            }
        }
    }

    void set(int at, long value) {
        switch (spec.datatype()) {
            case BOOL -> bytes[at] = (byte) value;
            case INT8 -> longs[at] = within(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case INT16 -> longs[at] = within(value, Short.MIN_VALUE, Short.MAX_VALUE);
            case UINT8 -> longs[at] = within(value, 0, 0xFF);
            case UINT16 -> longs[at] = within(value, 0, 0xFFFF);
            default -> longs[at] = value;
        }
    }

    private long within(long value, long min, long max) {
        if (value < min || value > max)
            throw InferProblems.bad(
                    "number-out-of-range",
                    "Input '" + spec.name() + "' holds " + value + ".",
                    "A " + spec.datatype() + " is from " + min + " to " + max + ".",
                    "Send numbers in that range.");
        return value;
    }

    void set(int at, float value) {
        floats[at] = value;
    }

    void set(int at, double value) {
        doubles[at] = value;
    }

    /// All elements are set.
    void typed(byte[][] elements) {
        strings = elements;
        given = true;
    }

    /// The elements of a BYTES tensor.
    byte[][] strings() {
        return strings;
    }

    /// Copies the elements to a little-endian buffer at its position.
    void copyTo(ByteBuffer target) {
        if (raw != null) {
            target.put(raw, rawFrom, rawLength);
            return;
        }
        int at = target.position();
        switch (spec.datatype()) {
            case FP32 -> {
                target.asFloatBuffer().put(floats, 0, count);
                target.position(at + count * 4);
            }
            case FP64 -> {
                target.asDoubleBuffer().put(doubles, 0, count);
                target.position(at + count * 8);
            }
            case INT64, UINT64 -> {
                target.asLongBuffer().put(longs, 0, count);
                target.position(at + count * 8);
            }
            case INT32, UINT32 -> {
                for (int i = 0; i < count; i++) target.putInt((int) longs[i]);
            }
            case INT16, UINT16 -> {
                for (int i = 0; i < count; i++) target.putShort((short) longs[i]);
            }
            case INT8, UINT8 -> {
                for (int i = 0; i < count; i++) target.put((byte) longs[i]);
            }
            case BOOL -> target.put(bytes, 0, count);
            case FP16, BF16, BYTES ->
                    throw new IllegalStateException(spec.datatype() + " has no numbers here");
        }
    }

    /// The number of bytes that [#copyTo] writes.
    int size() {
        return raw != null ? rawLength : count * spec.datatype().bytes();
    }

    static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    static Problem noData(String name) {
        return InferProblems.bad(
                "tensor-without-data",
                "Input '" + name + "' has no data.",
                "It has neither a 'data' member nor a binary_data_size.",
                "Add 'data' with the elements in row-major order.");
    }
}
