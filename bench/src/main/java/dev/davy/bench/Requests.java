package dev.davy.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// The requests that the load generators send, as bytes made beforehand. Inputs are drawn with a
/// fixed seed: 20 numbers are about 300 bytes of JSON, an image of 1x64x64 about 44 kB, and 16.5 kB
/// as a binary tensor.
final class Requests {
    private static final long SEED = 20_251_120;

    private Requests() {}

    static byte[] mlpJson() {
        return mlpJson("mlp");
    }

    static byte[] mlpJson(String endpoint) {
        return json(endpoint, "x", "[1,20]", drawn(20));
    }

    static byte[] cnnJson() {
        return json("cnn", "image", "[1,1,64,64]", drawn(64 * 64));
    }

    static byte[] cnnBinary(String endpoint) {
        return binary(endpoint, "image", "[1,1,64,64]", drawn(64 * 64), "scores");
    }

    /// A call with one binary tensor, which asks for a binary answer.
    static byte[] binary(
            String endpoint, String input, String shape, float[] values, String output) {
        String head =
                """
                {"inputs":[{"name":"%s","shape":%s,"datatype":"FP32",\
                "parameters":{"binary_data_size":%d}}],\
                "outputs":[{"name":"%s","parameters":{"binary_data":true}}]}\
                """
                        .formatted(input, shape, 4 * values.length, output);
        var body =
                ByteBuffer.allocate(head.length() + 4 * values.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(head.getBytes(StandardCharsets.US_ASCII));
        for (float each : values) body.putFloat(each);
        return post(
                "/v2/models/" + endpoint + "/infer",
                "Content-Type: application/octet-stream\r\nInference-Header-Content-Length: "
                        + head.length()
                        + "\r\n",
                body.array());
    }

    static float[] drawn(int count) {
        var random = new Random(SEED);
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = random.nextFloat(-1, 1);
        return values;
    }

    private static byte[] json(String model, String input, String shape, float[] values) {
        return post(
                "/v2/models/" + model + "/infer",
                "Content-Type: application/json\r\n",
                jsonBody(input, shape, values).getBytes(StandardCharsets.US_ASCII));
    }

    static String jsonBody(String input, String shape, float[] values) {
        var data = new StringBuilder();
        for (float value : values) data.append(data.isEmpty() ? "" : ",").append(value);
        return """
        {"inputs":[{"name":"%s","shape":%s,"datatype":"FP32","data":[%s]}]}\
        """
                .formatted(input, shape, data);
    }

    static byte[] post(String path, String headers, byte[] body) {
        byte[] head =
                ("POST "
                                + path
                                + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                + headers
                                + "Content-Length: "
                                + body.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
    }
}
