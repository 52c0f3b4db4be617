package dev.davy.serving.oip;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Tensor;
import dev.davy.runtime.TensorSpec;
import dev.davy.strict.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Encodes answers to infer calls: JSON, and raw tensors behind it where they were asked for. For
/// one thread.
final class InferAnswer {

    private static final byte[] MODEL_NAME = ascii("model_name");
    private static final byte[] MODEL_VERSION = ascii("model_version");
    private static final byte[] ID = ascii("id");
    private static final byte[] PARAMETERS = ascii("parameters");
    private static final byte[] OUTPUTS = ascii("outputs");
    private static final byte[] NAME = ascii("name");
    private static final byte[] SHAPE = ascii("shape");
    private static final byte[] DATATYPE = ascii("datatype");
    private static final byte[] DATA = ascii("data");
    private static final byte[] BINARY_DATA_SIZE = ascii("binary_data_size");

    private final JsonWriter json = new JsonWriter();
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private int jsonLength;

    /// Begins an answer.
    ///
    /// @param ids of its predictions, two numbers each; said in the body when there are several
    void begin(
            String model,
            String version,
            @Nullable String id,
            long[] ids,
            String arm,
            String armVersion) {
        raw.reset();
        json.reset()
                .beginObject()
                .field(MODEL_NAME)
                .value(model)
                .field(MODEL_VERSION)
                .value(version);
        if (id != null) json.field(ID).value(id);
        if (ids.length > 2)
            json.field(PARAMETERS)
                    .beginObject()
                    .field("davy-prediction-id")
                    .value(list(ids))
                    .field("davy-arm")
                    .value(arm)
                    .field("davy-version")
                    .value(armVersion)
                    .endObject();
        json.field(OUTPUTS).beginArray();
    }

    /// The ids of several predictions as a parameter can hold them: separated by commas.
    static String list(long[] ids) {
        var list = new StringBuilder(ids.length / 2 * 37);
        for (int i = 0; i < ids.length; i += 2) {
            if (i > 0) list.append(',');
            list.append(new UUID(ids[i], ids[i + 1]));
        }
        return list.toString();
    }

    /// Writes one output: the rows of a tensor, or all of it.
    void output(
            TensorSpec spec, Tensor tensor, int firstRow, int rows, boolean whole, boolean asRaw) {
        int each = elementsEach(tensor);
        int from = whole ? 0 : firstRow * each;
        int to = whole ? tensor.elements() : from + rows * each;
        json.beginObject().field(NAME).value(spec.name()).field(SHAPE).beginArray();
        for (int axis = 0; axis < tensor.rank(); axis++)
            json.value(axis == 0 && !whole ? (long) rows : tensor.dimension(axis));
        json.endArray().field(DATATYPE).value(tensor.datatype().name());
        boolean onlyRaw = tensor.datatype() == Datatype.FP16 || tensor.datatype() == Datatype.BF16;
        if (asRaw || onlyRaw) {
            int before = raw.size();
            rawTo(raw, tensor, from, to);
            json.field(PARAMETERS)
                    .beginObject()
                    .field(BINARY_DATA_SIZE)
                    .value((long) (raw.size() - before))
                    .endObject();
        } else {
            json.field(DATA).beginArray();
            elements(tensor, from, to);
            json.endArray();
        }
        json.endObject();
    }

    private void elements(Tensor tensor, int from, int to) {
        switch (tensor.datatype()) {
            case FP32 -> {
                for (int i = from; i < to; i++) json.value(tensor.float32(i));
            }
            case FP64 -> {
                for (int i = from; i < to; i++) json.value(tensor.float64(i));
            }
            case BYTES -> {
                var strings = tensor.bytes();
                for (int i = from; i < to; i++) json.utf8(strings[i], 0, strings[i].length);
            }
            case BOOL -> {
                for (int i = from; i < to; i++) json.value(tensor.int64(i) != 0);
            }
            case UINT64 -> {
                for (int i = from; i < to; i++) json.unsigned(tensor.int64(i));
            }
            default -> {
                for (int i = from; i < to; i++) json.value(tensor.int64(i));
            }
        }
    }

    /// Ends the answer.
    void end() {
        json.endArray().endObject();
        jsonLength = json.length();
    }

    /// Whether raw tensors follow the JSON.
    boolean hasRaw() {
        return raw.size() > 0;
    }

    /// The length of the JSON part in bytes.
    int jsonLength() {
        return jsonLength;
    }

    /// The JSON part, in an array that the next answer overwrites.
    byte[] json() {
        return json.array();
    }

    /// The raw tensors.
    byte[] raw() {
        return raw.toByteArray();
    }

    /// Both parts in an array of their own.
    byte[] whole() {
        var whole = new byte[jsonLength + raw.size()];
        System.arraycopy(json.array(), 0, whole, 0, jsonLength);
        System.arraycopy(raw.toByteArray(), 0, whole, jsonLength, raw.size());
        return whole;
    }

    /// Writes elements in the protocol's raw form.
    static void rawTo(ByteArrayOutputStream out, Tensor tensor, int from, int to) {
        if (tensor.datatype() == Datatype.BYTES) {
            out.writeBytes(Raw.of(java.util.Arrays.copyOfRange(tensor.bytes(), from, to)));
            return;
        }
        int size = tensor.datatype().bytes();
        var bytes = new byte[(to - from) * size];
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN)
            tensor.data().get(from * size, bytes);
        else swapped(tensor, from, to, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        out.writeBytes(bytes);
    }

    private static void swapped(Tensor tensor, int from, int to, ByteBuffer into) {
        var data = tensor.data();
        for (int i = from; i < to; i++)
            switch (tensor.datatype().bytes()) {
                case 1 -> into.put(data.get(i));
                case 2 -> into.putShort(data.getShort(i * 2));
                case 4 -> into.putInt(data.getInt(i * 4));
                default -> into.putLong(data.getLong(i * 8));
            }
    }

    static byte[] rawOf(Tensor tensor, int from, int to) {
        var out =
                new ByteArrayOutputStream(
                        Math.max(32, (to - from) * Math.max(1, tensor.datatype().bytes())));
        rawTo(out, tensor, from, to);
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Elements of the rows of a tensor, for whoever cuts it.
    static int elementsEach(Tensor tensor) {
        return tensor.rank() == 0 || tensor.dimension(0) == 0
                ? tensor.elements()
                : (int) (tensor.elements() / tensor.dimension(0));
    }
}
