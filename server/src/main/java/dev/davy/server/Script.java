package dev.davy.server;

import dev.davy.runtime.TensorSpec;
import dev.davy.schema.Column;
import dev.davy.serving.Routing;
import dev.davy.strict.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// One made-up call of a rehearsal. Its answer is of no interest, only that it is worked out.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Script(byte[] request) {
    /// A larger input would take the time of the whole rehearsal for its parsing.
    private static final int MOST_ELEMENTS = 1 << 16;

    private static final int PIXELS = 32;
    private static final int RATE = 16_000;

    /// The calls of one endpoint: by tensors, and by a row.
    static List<Script> of(Routing routing) {
        var scripts = new ArrayList<Script>();
        var name = routing.endpoint().name();
        var tensors = tensors(routing.shape().signature().inputs());
        if (tensors != null) scripts.add(post("/v2/models/" + name + "/infer", tensors));
        scripts.add(
                post(
                        "/api/v1/endpoints/" + name + "/predict",
                        row(routing.shape().rows().columns())));
        return scripts;
    }

    private static @org.jspecify.annotations.Nullable JsonNode tensors(List<TensorSpec> inputs) {
        var list = Json.array();
        for (var input : inputs) {
            var shape = Json.array();
            long elements = 1;
            for (long size : input.shape()) {
                long here = Math.max(1, size);
                shape.add(here);
                elements *= here;
                if (elements > MOST_ELEMENTS) return null;
            }
            var data = Json.array();
            for (int i = 0; i < elements; i++)
                switch (input.datatype()) {
                    case BOOL -> data.add(false);
                    case BYTES -> data.add("a");
                    // These are not written in JSON: the call is by rows only.
                    case FP16, BF16 -> {
                        return null;
                    }
                    case FP32, FP64 -> data.add(i % 10 / 10.0);
                    default -> data.add(1);
                }
            var tensor = Json.object().put("name", input.name());
            tensor.put("datatype", input.datatype().name());
            tensor.set("shape", shape);
            tensor.set("data", data);
            list.add(tensor);
        }
        return Json.object().set("inputs", list);
    }

    private static JsonNode row(List<Column> columns) {
        var row = Json.object();
        for (var column : columns)
            switch (column.type()) {
                case NUMBER -> row.put(column.name(), column.min().orElse(1.0));
                case INTEGER -> row.put(column.name(), Math.round(column.min().orElse(1.0)));
                case CATEGORY ->
                        row.put(
                                column.name(),
                                column.classes().isEmpty() ? "a" : column.classes().getFirst());
                case TEXT -> row.put(column.name(), "a");
                case BOOLEAN -> row.put(column.name(), true);
                case TIME -> row.put(column.name(), "2026-11-21T00:00:00Z");
                case IMAGE -> row.put(column.name(), base64(image()));
                case AUDIO -> row.put(column.name(), base64(recording()));
                case VECTOR -> {
                    long elements = 1;
                    for (long size : column.shape()) elements *= Math.max(1, size);
                    var list = row.putArray(column.name());
                    for (int i = 0; i < Math.min(elements, MOST_ELEMENTS); i++) list.add(0.5);
                }
            }
        return Json.object().set("rows", Json.array().add(row));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// A grey square as a BMP.
    private static byte[] image() {
        int pixels = PIXELS * PIXELS * 3;
        var file = ByteBuffer.allocate(54 + pixels).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(54 + pixels).putInt(0).putInt(54);
        file.putInt(40).putInt(PIXELS).putInt(PIXELS).putShort((short) 1).putShort((short) 24);
        file.putInt(0).putInt(pixels).putInt(2835).putInt(2835).putInt(0).putInt(0);
        while (file.hasRemaining()) file.put((byte) 0x80);
        return file.array();
    }

    /// A second of silence as a WAV.
    private static byte[] recording() {
        int bytes = RATE * 2;
        var file = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("RIFF")).putInt(36 + bytes).put(ascii("WAVEfmt ")).putInt(16);
        file.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(RATE * 2);
        file.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(bytes);
        return file.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Script post(String path, JsonNode body) {
        var json = Json.write(body);
        var request = new ByteArrayOutputStream();
        request.writeBytes(
                ascii(
                        "POST "
                                + path
                                + " HTTP/1.1\r\n"
                                + "Host: 127.0.0.1\r\n"
                                + "Content-Type: application/json\r\n"
                                + "Content-Length: "
                                + json.length
                                + "\r\n\r\n"));
        request.writeBytes(json);
        return new Script(request.toByteArray());
    }

    /// Plays the scripts in turn on one connection until each was called so often, or the time is
    /// up. A socket and not the JDK's HTTP client, which takes longer to load than all of this.
    ///
    /// @return how many calls were answered
    static int play(int port, List<Script> scripts, int times, long untilNanos) throws IOException {
        int played = 0;
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Math.max(1, (untilNanos - System.nanoTime()) / 1_000_000));
            var in = new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16);
            for (int round = 0; round < times; round++)
                for (var script : scripts) {
                    if (System.nanoTime() > untilNanos) return played;
                    socket.getOutputStream().write(script.request);
                    skipAnswer(in);
                    played++;
                }
        } catch (java.net.SocketTimeoutException e) {
            // a model that is this slow has no use for warm code
        }
        return played;
    }

    private static void skipAnswer(InputStream in) throws IOException {
        long length = -1;
        while (true) {
            var line = line(in);
            if (line.isEmpty()) break;
            if (line.regionMatches(true, 0, "content-length:", 0, 15))
                length = Long.parseLong(line.substring(15).strip());
        }
        if (length < 0) throw new IOException("the answer has no length");
        in.skipNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) throw new IOException("the connection was closed");
            if (c != '\r') line.append((char) c);
        }
        return line.toString();
    }
}
