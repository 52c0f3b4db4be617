package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;

/// As much of an Open Inference Protocol request as can be judged without a model.
final class OipBody {
    private static final byte[] ID = "id".getBytes(UTF_8);
    private static final byte[] INPUTS = "inputs".getBytes(UTF_8);
    private static final byte[] SHAPE = "shape".getBytes(UTF_8);
    private static final byte[] DATATYPE = "datatype".getBytes(UTF_8);
    private static final byte[] DATA = "data".getBytes(UTF_8);

    private OipBody() {}

    /// Elements read.
    static int read(byte[] body) {
        var cursor = new JsonCursor().reset(body, 0, body.length);
        int elements = 0;
        cursor.beginObject();
        while (cursor.nextField()) {
            if (cursor.fieldIs(ID)) cursor.id("id");
            else if (cursor.fieldIs(INPUTS)) {
                cursor.beginArray();
                while (cursor.nextElement()) elements += input(body, cursor);
            } else cursor.skip();
        }
        cursor.end();
        return elements;
    }

    private static int input(byte[] body, JsonCursor cursor) {
        long[] shape = {};
        var datatype = "";
        int from = 0;
        int to = 0;
        cursor.beginObject();
        while (cursor.nextField()) {
            if (cursor.fieldIs(SHAPE)) {
                shape = cursor.shape();
            } else if (cursor.fieldIs(DATATYPE)) {
                datatype = cursor.string();
            } else if (cursor.fieldIs(DATA)) {
                from = cursor.position();
                cursor.skip();
                to = cursor.position();
            } else {
                cursor.skip();
            }
        }
        var data = new JsonCursor().reset(body, from, to);
        int count = data.elements(shape);
        if (!data.canHold(count)) data.strings(count, shape);
        switch (datatype) {
            case "FP32" -> data.float32s(new float[count], count, shape);
            case "FP64" -> data.float64s(new double[count], count, shape);
            case "INT64" ->
                    data.int64s(new long[count], count, shape, Long.MIN_VALUE, Long.MAX_VALUE);
            case "INT8" -> data.int64s(new long[count], count, shape, -128, 127);
            case "UINT64" -> data.uint64s(new long[count], count, shape);
            case "BOOL" -> data.bools(new byte[count], count, shape);
            default -> data.strings(count, shape);
        }
        data.end();
        return count;
    }
}
