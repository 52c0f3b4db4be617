package dev.davy.bench;

import ai.onnxruntime.OrtException;
import dev.davy.strict.JsonCursor;
import dev.davy.strict.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// One Open Inference Protocol request for one model, from bytes to bytes, for one thread. Reads
/// what a well-behaved client sends (shape before data), refuses the rest, reuses everything.
final class BareInfer {
    private static final byte[] INPUTS = ascii("inputs");
    private static final byte[] OUTPUTS = ascii("outputs");
    private static final byte[] NAME = ascii("name");
    private static final byte[] SHAPE = ascii("shape");
    private static final byte[] DATATYPE = ascii("datatype");
    private static final byte[] DATA = ascii("data");
    private static final byte[] PARAMETERS = ascii("parameters");
    private static final byte[] BINARY_SIZE = ascii("binary_data_size");
    private static final byte[] BINARY = ascii("binary_data");
    private static final byte[] FP32 = ascii("FP32");
    private static final byte[] END = ascii("}]}");

    private final String name;
    private final BareModel model;
    private final byte[] inputName;
    private final Map<Integer, byte[]> jsonHeads = new HashMap<>();
    private final Map<Integer, byte[]> binaryHeads = new HashMap<>();
    private final JsonCursor cursor = new JsonCursor();
    private final JsonWriter writer = new JsonWriter();
    private final long[] dimensions = new long[8];
    private long[] shape = {};
    private float[] data = {};
    private boolean read;
    private long binarySize;
    private boolean binaryAnswer;
    private byte[] before = {};
    private byte[] after = {};

    BareInfer(String name, BareModel model) {
        this.model = model;
        this.name = name;
        inputName = ascii(model.inputName());
    }

    /// Answers the request in `body[0, length)`, whose JSON part is `body[0, jsonLength)`.
    void answer(byte[] body, int length, int jsonLength) throws OrtException {
        read = false;
        binarySize = -1;
        binaryAnswer = false;
        readJson(body, jsonLength);
        int rows = (int) shape[0];
        var tensors = model.rows(rows);
        if (binarySize >= 0) {
            require(binarySize == 4L * rows * model.inputsPerRow(), "binary_data_size");
            require(jsonLength + binarySize == length, "body length");
            // Native order is little-endian on everything that ONNX Runtime's jar has natives for.
            tensors.inputBytes().put(0, body, jsonLength, (int) binarySize);
        } else {
            require(read && jsonLength == length, "data");
            tensors.input().put(0, data, 0, rows * model.inputsPerRow());
        }
        tensors.run();
        write(tensors, rows);
    }

    /// The answer is these three, one after the other: bytes made once per number of rows,
    byte[] before() {
        return before;
    }

    /// the numbers as JSON, `json().array()[0, json().length())`,
    JsonWriter json() {
        return writer;
    }

    /// and the rest: of a JSON answer its closing brackets, of a binary one the tensor.
    byte[] after() {
        return after;
    }

    /// Whether the client asked for the answer as a binary tensor.
    boolean binary() {
        return binaryAnswer;
    }

    private void readJson(byte[] body, int jsonLength) {
        cursor.reset(body, 0, jsonLength);
        cursor.beginObject();
        while (cursor.nextField()) {
            if (cursor.fieldIs(INPUTS)) readInputs();
            else if (cursor.fieldIs(OUTPUTS)) readOutputs();
            else cursor.skip();
        }
        cursor.end();
    }

    private void readInputs() {
        cursor.beginArray();
        require(cursor.nextElement(), "inputs");
        cursor.beginObject();
        boolean shaped = false;
        while (cursor.nextField()) {
            if (cursor.fieldIs(NAME))
                require(Arrays.equals(cursor.stringBytes(), inputName), "input name");
            else if (cursor.fieldIs(DATATYPE))
                require(Arrays.equals(cursor.stringBytes(), FP32), "datatype");
            else if (cursor.fieldIs(SHAPE)) {
                readShape();
                shaped = true;
            } else if (cursor.fieldIs(DATA)) {
                require(shaped, "shape before data");
                int count = (int) shape[0] * model.inputsPerRow();
                if (data.length < count) data = new float[count];
                cursor.float32s(data, count, shape);
                read = true;
            } else if (cursor.fieldIs(PARAMETERS)) readInputParameters();
            else cursor.skip();
        }
        require(!cursor.nextElement() && shaped, "inputs");
    }

    private void readShape() {
        int rank = 0;
        cursor.beginArray();
        while (cursor.nextElement()) {
            require(rank < dimensions.length, "shape");
            dimensions[rank++] = cursor.int64(1, Integer.MAX_VALUE);
        }
        if (!Arrays.equals(shape, 0, shape.length, dimensions, 0, rank))
            shape = Arrays.copyOf(dimensions, rank);
        require(model.takes(shape), "shape");
    }

    private void readInputParameters() {
        cursor.beginObject();
        while (cursor.nextField()) {
            if (cursor.fieldIs(BINARY_SIZE)) binarySize = cursor.int64(0, Integer.MAX_VALUE);
            else cursor.skip();
        }
    }

    private void readOutputs() {
        cursor.beginArray();
        while (cursor.nextElement()) {
            cursor.beginObject();
            while (cursor.nextField()) {
                if (!cursor.fieldIs(PARAMETERS)) {
                    cursor.skip();
                    continue;
                }
                cursor.beginObject();
                while (cursor.nextField()) {
                    if (cursor.fieldIs(BINARY)) binaryAnswer = cursor.bool();
                    else cursor.skip();
                }
            }
        }
    }

    private void write(BareModel.Rows tensors, int rows) {
        int count = rows * model.outputsPerRow();
        writer.reset();
        if (binaryAnswer) {
            before = binaryHeads.computeIfAbsent(rows, this::binaryHead);
            after = after.length == 4 * count ? after : new byte[4 * count];
            tensors.outputBytes().get(0, after);
        } else {
            before = jsonHeads.computeIfAbsent(rows, this::jsonHead);
            writer.beginArray();
            for (int i = 0; i < count; i++) writer.value(tensors.output().get(i));
            writer.endArray();
            after = END;
        }
    }

    private byte[] jsonHead(int rows) {
        return ascii(head(rows) + ",\"data\":");
    }

    private byte[] binaryHead(int rows) {
        int size = 4 * rows * model.outputsPerRow();
        return ascii(head(rows) + ",\"parameters\":{\"binary_data_size\":" + size + "}}]}");
    }

    private String head(int rows) {
        return """
        {"model_name":"%s","model_version":"1","outputs":[{"name":"%s","shape":[%d,%d],"datatype":"FP32\"\
        """
                .formatted(name, model.outputName(), rows, model.outputsPerRow());
    }

    private static void require(boolean holds, String what) {
        if (!holds) throw new IllegalArgumentException(what);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
