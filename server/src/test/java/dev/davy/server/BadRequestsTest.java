package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What should not come over gRPC, in the forms of pages, and in addresses: refused as the caller's
/// mistake with a reason, never as one of ours, and nothing of the server is told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestsTest {
    private static final Pattern INNARDS =
            Pattern.compile(
                    "dev[./]davy|java[./](lang|util|io|nio)|Exception|protobuf|vertx|/tmp/");

    /// Codes of gRPC that say it was the server: unknown, internal, data loss.
    private static final List<Integer> OURS = List.of(2, 13, 15);

    private static final List<String> METHODS =
            List.of(
                    "ModelInfer",
                    "ModelReady",
                    "ModelMetadata",
                    "ServerMetadata",
                    "ServerReady",
                    "ServerLive",
                    "RepositoryIndex",
                    "RepositoryModelLoad",
                    "NoSuchMethod");

    private final Server server;
    private final Caller caller;
    private final Vertx vertx = Vertx.vertx();
    private final GrpcCaller grpc;

    BadRequestsTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        grpc = new GrpcCaller(vertx, server.port());
        caller.push(
                "same",
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 4)
                        .output("y", TinyOnnx.FLOAT, "N", 4)
                        .add("Identity", "x", "y")
                        .bytes());
        caller.endpoint("same", "same/1");
    }

    @AfterAll
    void stop() {
        server.close();
        vertx.close().await();
    }

    @AfterEach
    void goesOn() {
        var row = OipTensor.floats("x", List.of(1L, 4L), 1, 2, 3, 4);
        assertThat(Objects.requireNonNull(grpc.infer("same", row).get("y")).numbers())
                .containsExactly(1, 2, 3, 4);
        assertThat(caller.get("/v2/health/ready").status()).isEqualTo(200);
    }

    private GrpcCaller.Said refused(String what, byte[] message) {
        var said = grpc.call("ModelInfer", message);
        clear(what, said);
        assertThat(said.status()).as(what + ": " + said.text()).isNotZero();
        return said;
    }

    private static void clear(String what, GrpcCaller.Said said) {
        assertThat(said.status()).as(what + ": " + said.text()).isNotIn(OURS);
        assertThat(INNARDS.matcher(said.text()).find()).as(what + ": " + said.text()).isFalse();
        if (said.status() != 0 && said.status() != 12)
            assertThat(said.text()).as(what).isNotBlank();
    }

    private static byte[] tensor(String name, String type, long[] shape) {
        return GrpcCaller.message(out -> {
            out.writeString(1, name);
            out.writeString(2, type);
            for (long each : shape) out.writeInt64(3, each);
        });
    }

    private interface More {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] call(byte[] tensor, More more) {
        return GrpcCaller.message(out -> {
            out.writeString(1, "same");
            out.writeByteArray(5, tensor);
            more.to(out);
        });
    }

    private static byte[] raw(byte[] tensor, int bytes) {
        return call(tensor, out -> out.writeByteArray(7, new byte[bytes]));
    }

    @Test
    void tensorsThatAreNotWhatTheySay() {
        long[] row = {1, 4};
        var cases = new LinkedHashMap<String, byte[]>();
        cases.put("too few bytes", raw(tensor("x", "FP32", row), 15));
        cases.put("too many bytes", raw(tensor("x", "FP32", row), 17));
        cases.put("none", raw(tensor("x", "FP32", row), 0));
        cases.put("another type", raw(tensor("x", "INT64", row), 32));
        cases.put("no type", raw(tensor("x", "", row), 16));
        cases.put("a type of nobody", raw(tensor("x", "FP33", row), 16));
        cases.put("another name", raw(tensor("X", "FP32", row), 16));
        cases.put("another shape", raw(tensor("x", "FP32", new long[] {1, 5}), 20));
        cases.put("no shape", raw(tensor("x", "FP32", new long[0]), 4));
        cases.put("a negative shape", raw(tensor("x", "FP32", new long[] {-1, 4}), 16));
        cases.put("no row", raw(tensor("x", "FP32", new long[] {0, 4}), 0));
        cases.put("2^64 elements", raw(tensor("x", "FP32", new long[] {1L << 62, 4}), 16));
        cases.put(
                "17 axes",
                raw(
                        tensor(
                                "x",
                                "FP32",
                                new long[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4}),
                        16));
        cases.put(
                "two contents for one input",
                call(
                        tensor("x", "FP32", row),
                        out -> {
                            out.writeByteArray(7, new byte[16]);
                            out.writeByteArray(7, new byte[16]);
                        }));
        cases.put(
                "the input twice",
                call(
                        tensor("x", "FP32", row),
                        out -> {
                            out.writeByteArray(5, tensor("x", "FP32", row));
                            out.writeByteArray(7, new byte[16]);
                            out.writeByteArray(7, new byte[16]);
                        }));
        cases.put(
                "an output that is not there",
                call(
                        tensor("x", "FP32", row),
                        out -> {
                            out.writeByteArray(7, new byte[16]);
                            out.writeByteArray(
                                    6, GrpcCaller.message(asked -> asked.writeString(1, "z")));
                        }));
        cases.put(
                "integers for floats",
                GrpcCaller.message(out -> {
                    out.writeString(1, "same");
                    out.writeByteArray(
                            5,
                            GrpcCaller.message(of -> {
                                of.writeString(1, "x");
                                of.writeString(2, "FP32");
                                for (long each : row) of.writeInt64(3, each);
                                of.writeByteArray(
                                        5,
                                        GrpcCaller.message(contents -> {
                                            for (int i = 0; i < 4; i++) contents.writeInt64(3, i);
                                        }));
                            }));
                }));
        cases.put("no inputs", GrpcCaller.message(out -> out.writeString(1, "same")));
        cases.put("nothing", new byte[0]);
        cases.put("another model", GrpcCaller.message(out -> out.writeString(1, "no-such")));
        cases.put(
                "a name that is no text",
                GrpcCaller.message(out -> out.writeByteArray(1, new byte[] {(byte) 0xff, 1})));
        int before = caller.log("endpoint=same").size();
        cases.forEach(this::refused);
        assertThat(caller.log("endpoint=same")).as("nothing was predicted").hasSize(before);
    }

    @Test
    void messagesThatAreTorn() {
        var whole = GrpcCaller.request("same", OipTensor.floats("x", List.of(1L, 4L), 1, 2, 3, 4));
        for (int length = 0; length < whole.length; length++) {
            var torn = java.util.Arrays.copyOf(whole, length);
            clear("torn at " + length, grpc.call("ModelInfer", torn));
        }
        for (int at = 0; at < whole.length; at++)
            for (int bit = 0; bit < 8; bit++) {
                var flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                clear("bit " + bit + " of byte " + at, grpc.call("ModelInfer", flipped));
            }
        // A length that says more than there is, or less than nothing.
        for (long length : new long[] {5, 1 << 20, Integer.MAX_VALUE, -1, Long.MAX_VALUE})
            for (int field : new int[] {1, 3, 5, 6, 7})
                refused(
                        "field %d of %d bytes".formatted(field, length),
                        GrpcCaller.message(out -> {
                            out.writeTag(field, 2);
                            out.writeUInt64NoTag(length);
                        }));
    }

    @Test
    void filesOfTheCatalogueAsMessagesAndForms() throws IOException {
        var home = SharedData.folder("bad-inputs");
        var manifest = Json.read(Files.readAllBytes(home.resolve("manifest.json")), Limits.DEFAULT);
        for (var entry : manifest.get("files")) {
            var name = entry.get("file").asString();
            var bytes = Files.readAllBytes(home.resolve(name));
            if (bytes.length > 1 << 20) continue; // what is too long has a test of its own
            for (var method : METHODS) clear(method + " " + name, grpc.call(method, bytes));
            form(name, bytes);
            var token = "token=" + new String(bytes, StandardCharsets.ISO_8859_1);
            form(name, token.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void form(String what, byte[] body) {
        for (var path : List.of("/login", "/logout")) {
            var said =
                    caller.send(
                            "POST",
                            path,
                            body,
                            "Content-Type",
                            "application/x-www-form-urlencoded");
            assertThat(said.status()).as(path + " " + what + said.text()).isIn(303, 401, 413);
            if (path.equals("/login"))
                assertThat(said.status()).as("nobody is let in").isNotEqualTo(303);
            assertThat(INNARDS.matcher(said.text()).find()).as(said.text()).isFalse();
        }
    }

    @Test
    void formsThatAreMalformed() {
        for (var token :
                List.of("%", "%zz", "%e", "%ff%fe", "%00", "\r\nset-cookie: a=b", "+", "🙂"))
            form(token, ("token=" + token).getBytes(StandardCharsets.UTF_8));
        form("nothing", new byte[0]);
        form("many", "&".repeat(2_000).getBytes(StandardCharsets.UTF_8));
    }

    /// Addresses of all pages, with what does not belong there.
    @Test
    void addressesThatMeanNothing() {
        var odd =
                List.of(
                        "%00",
                        "%2e%2e%2f%2e%2e%2fetc",
                        "%F0%9F%99%82",
                        "a".repeat(3_000),
                        "%3Cscript%3E",
                        "-1",
                        "99999999999999999999",
                        "1e309",
                        "NaN",
                        "'",
                        "%25",
                        "*");
        var paths = new ArrayList<String>();
        for (var value : odd) {
            for (var path :
                    List.of(
                            "/endpoints/%s",
                            "/endpoints/%s/rollout",
                            "/endpoints/same?last=%s",
                            "/endpoints/same/series?last=%s",
                            "/endpoints/same/metric?watch=%s",
                            "/endpoints/same/predictions?from=%s&to=%s",
                            "/endpoints/same/predictions/%s",
                            "/endpoints/same/predictions/%s/content/x",
                            "/endpoints/same/diff?with=%s&since=%s",
                            "/endpoints/same/automation?%s=1",
                            "/review/%s",
                            "/review/same?as=%s",
                            "/models/%s",
                            "/assets/%s/lamp.svg",
                            "/api/v1/endpoints/%s",
                            "/api/v1/endpoints/same/at?time=%s",
                            "/api/v1/predictions/%s",
                            "/api/v1/predictions/%s?wait=%s",
                            "/api/v1/jobs/%s",
                            "/api/v1/alarms?state=%s",
                            "/api/v1/reviews?state=%s&limit=%s",
                            "/api/v1/rollouts?limit=%s",
                            "/api/v1/events?kind=%s&limit=%s",
                            "/api/v1/log?from=%s",
                            "/api/v1/models/%s/versions/%s",
                            "/v2/models/%s/infer",
                            "/v2/models/same/versions/%s")) paths.add(path.replace("%s", value));
        }
        var seen = new LinkedHashMap<String, Integer>();
        for (var path : paths) {
            var said = caller.send("GET", path, new byte[0], "Accept", "text/html, */*");
            seen.put(path, said.status());
            assertThat(said.status()).as(path + ": " + said.text()).isLessThan(500);
            assertThat(INNARDS.matcher(said.text()).find()).as(path + said.text()).isFalse();
            assertThat(said.text()).as(path).doesNotContain("<script>alert", "<script></");
        }
        assertThat(seen).containsValue(404).containsValue(400);
    }

    /// What the buttons of pages send.
    @Test
    void bodiesOfButtonsThatAreMalformed() {
        var bodies =
                List.of(
                        "",
                        "null",
                        "[]",
                        "{",
                        "{}",
                        "\"x\"",
                        "{\"why\":1}",
                        "{\"why\":null}",
                        "{\"why\":\"" + "a".repeat(100_000) + "\"}",
                        "{\"a\":{\"b\":[[[[]]]]}}",
                        "{\"level\":\"full\",\"level\":\"assist\"}",
                        "\u0000");
        var id = "01a1fd9a-5ffb-7000-8000-002380aa1cac";
        var buttons =
                Map.of(
                        "POST",
                        List.of(
                                "/api/v1/endpoints/same/rollout",
                                "/api/v1/endpoints/same/rollout/promote",
                                "/api/v1/endpoints/same/rollout/rollback",
                                "/api/v1/endpoints/same/rollout/approve",
                                "/api/v1/endpoints/same/automation",
                                "/api/v1/endpoints/same/gold",
                                "/api/v1/endpoints/same/reviews/next",
                                "/api/v1/reviews/" + id + "/judgement",
                                "/api/v1/reviews/" + id + "/skip",
                                "/api/v1/alarms/" + id + "/silence",
                                "/api/v1/alarms/" + id + "/resolve",
                                "/api/v1/jobs",
                                "/api/v1/feedback",
                                "/api/v1/predictions",
                                "/api/v1/query",
                                "/api/v1/erasures",
                                "/api/v1/tokens",
                                "/api/v1/deliveries/test"),
                        "PUT",
                        List.of("/api/v1/endpoints/same/live", "/api/v1/job-schedules/x"));
        buttons.forEach((method, paths) -> {
            for (var path : paths)
                for (var body : bodies) {
                    var bytes = body.getBytes(StandardCharsets.UTF_8);
                    var said = caller.send(method, path, bytes, "Content-Type", "application/json");
                    assertThat(said.status())
                            .as("%s %s of '%.80s': %s", method, path, body, said.text())
                            .isLessThan(500);
                    assertThat(INNARDS.matcher(said.text()).find())
                            .as(path + said.text())
                            .isFalse();
                }
        });
    }
}
