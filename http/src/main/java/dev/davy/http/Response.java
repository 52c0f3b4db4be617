package dev.davy.http;

import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a handler answers.
///
/// @param status 200 to 599
/// @param headers beside content type and length, which the content brings
public record Response(int status, Map<String, String> headers, Content content) {
    /// A body, or none.
    public sealed interface Content {
        record None() implements Content {}

        @SuppressWarnings("ArrayRecordComponent") // handed over, not kept
        record Bytes(String type, byte[] bytes) implements Content {}

        /// Written while it is made, at the reader's pace.
        record Stream(String type, Producer producer) implements Content {}
    }

    /// Makes a stream, on the handler's virtual thread, after the handler has returned.
    public interface Producer {
        /// Writes until there is no more. When the client has gone, the thread is interrupted and
        /// the sink throws. What it throws else ends the stream short and is logged as a bug.
        void writeTo(Sink sink) throws Exception;
    }

    /// Where a stream goes. Blocks while the client reads more slowly than we write; a client that
    /// takes nothing for longer than the body timeout is cut off.
    public interface Sink {
        void write(byte[] bytes) throws IOException;

        /// One line of NDJSON.
        default void line(byte[] json) throws IOException {
            var line = new byte[json.length + 1];
            System.arraycopy(json, 0, line, 0, json.length);
            line[json.length] = '\n';
            write(line);
        }
    }

    public Response {
        if (status < 200 || status > 599) throw new IllegalArgumentException("status " + status);
        headers = Map.copyOf(headers);
        headers.forEach((name, value) -> {
            if (!value.chars().allMatch(c -> c >= ' ' && c < 127))
                throw new IllegalArgumentException("header " + name + " holds " + value);
        });
    }

    /// 200 with a JSON tree, or anything that [Json#write] takes.
    public static Response json(Object tree) {
        return json(200, tree);
    }

    public static Response json(int status, Object tree) {
        return bytes(status, "application/json", Json.write(tree));
    }

    /// 201 with the address of what was made.
    public static Response created(String location, Object tree) {
        return json(201, tree).with("location", location);
    }

    /// 204.
    public static Response nothing() {
        return new Response(204, Map.of(), new Content.None());
    }

    public static Response text(String text) {
        return bytes(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response bytes(int status, String type, byte[] bytes) {
        return new Response(status, Map.of(), new Content.Bytes(type, bytes));
    }

    /// 200 with lines of JSON (`application/x-ndjson`).
    public static Response stream(Producer producer) {
        return new Response(200, Map.of(), new Content.Stream("application/x-ndjson", producer));
    }

    public Response with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, content);
    }
}
