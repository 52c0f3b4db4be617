package dev.davy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a small server of another make: the JDK's, answering by the protocol's text.
class RemoteTest {
    private HttpServer server;
    private volatile String extensions = "[\"binary_tensor_data\"]";
    private volatile Answer infer = RemoteTest::twice;
    private final CountDownLatch hold = new CountDownLatch(1);

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v2", e -> say(e, 200, "{\"name\":\"other\",\"extensions\":" + extensions + "}"));
        server.createContext(
                "/v2/models/a b",
                e -> {
                    if (e.getRequestURI().getPath().endsWith("/infer")) infer.to(e);
                    else
                        say(
                                e,
                                200,
                                """
                                {"name":"a b","platform":"x","versions":["1"],
                                 "inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]},{"name":"t","datatype":"BYTES","shape":[-1]}],
                                 "outputs":[{"name":"y","datatype":"FP32","shape":[-1,2]},{"name":"u","datatype":"BYTES","shape":[-1]}]}
                                """);
                });
        server.createContext(
                "/v2/models/missing",
                e ->
                        say(
                                e,
                                404,
                                "{\"error\":\"Request for unknown model: 'missing' is not found\"}"));
        server.createContext(
                "/v2/models/moved",
                e -> {
                    e.getResponseHeaders().set("Location", "http://localhost:1/v2");
                    say(e, 302, "");
                });
        server.createContext("/v2/models/html", e -> say(e, 200, "<html>"));
        server.start();
    }

    @AfterEach
    void stop() {
        hold.countDown();
        server.stop(0);
    }

    private static void say(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /// Answers what it got, in the form in which it got it.
    private static void twice(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        var length = exchange.getRequestHeaders().getFirst("Inference-Header-Content-Length");
        int json = length == null ? body.length : Integer.parseInt(length);
        var request = Json.read(body, 0, json, Limits.DEFAULT);
        var answer = Json.object().put("model_name", "a b");
        var outputs = answer.putArray("outputs");
        for (int at = 1; at >= 0; at--) {
            var input = request.get("inputs").get(at);
            var output =
                    outputs.addObject()
                            .put("name", at == 0 ? "y" : "u")
                            .put("datatype", input.get("datatype").asString());
            output.set("shape", input.get("shape"));
            if (length == null) output.set("data", input.get("data"));
            else output.set("parameters", input.get("parameters"));
        }
        var header = Json.write(answer);
        byte[] all = header;
        if (length != null) {
            int first =
                    request.get("inputs").get(0).get("parameters").get("binary_data_size").asInt();
            var x = Arrays.copyOfRange(body, json, json + first);
            var t = Arrays.copyOfRange(body, json + first, body.length);
            all = Arrays.copyOf(header, header.length + x.length + t.length);
            System.arraycopy(t, 0, all, header.length, t.length);
            System.arraycopy(x, 0, all, header.length + t.length, x.length);
            exchange.getResponseHeaders()
                    .set("Inference-Header-Content-Length", String.valueOf(header.length));
        }
        exchange.sendResponseHeaders(200, all.length);
        exchange.getResponseBody().write(all);
        exchange.close();
    }

    private URI base() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    private Remote open(String model) {
        var allowed = Set.of("localhost:" + server.getAddress().getPort());
        return Remote.open(base(), model, Optional.empty(), allowed, Limits.DEFAULT);
    }

    private static Problem problem(ThrowingCallable call) {
        var problem = (Problem) catchThrowable(call);
        assertThat(problem).isNotNull();
        return problem;
    }

    private static List<Tensor> inputs() {
        var x = Tensor.direct(Datatype.FP32, 2, 2);
        for (int at = 0; at < 4; at++) x.float32(at, 0.1f * at);
        var t = Tensor.direct(Datatype.BYTES, 2);
        t.text(0, "Grüße");
        t.text(1, "");
        return List.of(x, t);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"binary_tensor_data\"]", "[]"})
    void callsInBinaryWhereItIsOfferedAndInJsonElse(String offered) {
        extensions = offered;
        try (var model = open("a b");
                var session = model.open()) {
            assertThat(model.signature().inputs()).hasSize(2);
            var inputs = inputs();
            for (int turn = 0; turn < 3; turn++) {
                var outputs = session.run(inputs, System.nanoTime() + 10_000_000_000L);
                assertThat(outputs.get(0).data()).isEqualTo(inputs.get(0).data());
                assertThat(outputs.get(1).text(0)).isEqualTo("Grüße");
            }
        }
    }

    @Test
    void callsNoServerThatIsNotListed() {
        for (var base :
                List.of(
                        base().toString(),
                        "ftp://localhost:1",
                        "http://a@localhost:1",
                        "file:///etc/passwd",
                        "http://:1"))
            assertThat(
                            problem(() ->
                                            Remote.open(
                                                    URI.create(base),
                                                    "m",
                                                    Optional.empty(),
                                                    Set.of("elsewhere:80"),
                                                    Limits.DEFAULT))
                                    .kind())
                    .isEqualTo(Problem.Kind.FORBIDDEN);
    }

    @Test
    void tellsWhatIsWrongWithTheOtherSide() {
        assertThat(problem(() -> open("missing")).code()).isEqualTo("remote-unknown-model");
        assertThat(problem(() -> open("moved")).code()).isEqualTo("remote-failed");
        assertThat(problem(() -> open("html")).code()).isEqualTo("remote-not-understood");
        int gone = server.getAddress().getPort();
        server.stop(0);
        assertThat(
                        problem(() ->
                                        Remote.open(
                                                URI.create("http://localhost:" + gone),
                                                "m",
                                                Optional.empty(),
                                                Set.of("localhost:" + gone),
                                                Limits.DEFAULT))
                                .kind())
                .isEqualTo(Problem.Kind.UNAVAILABLE);
    }

    @Test
    void refusesAnswersThatDoNotFit() {
        try (var model = open("a b");
                var session = model.open()) {
            for (var answer :
                    List.of(
                            "{}",
                            "{\"outputs\":[]}",
                            "nonsense",
                            "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[3,2],\"data\":[1,2,3,4,5,6]},{\"name\":\"u\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"a\",\"b\"]}]}",
                            "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[2,2],\"data\":[1,2,3]},{\"name\":\"u\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"a\",\"b\"]}]}",
                            "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[9223372036854775807,2],\"data\":[1]}]}",
                            "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[2,2],\"parameters\":{\"binary_data_size\":16}}]}")) {
                infer = e -> say(e, 200, answer);
                assertThat(problem(() -> session.run(inputs(), Long.MAX_VALUE)).kind())
                        .as(answer)
                        .isEqualTo(Problem.Kind.MODEL_FAILED);
            }
            infer = RemoteTest::twice;
            assertThat(session.run(inputs(), Long.MAX_VALUE)).hasSize(2);
        }
    }

    @Test
    void givesUpAtTheDeadline() {
        infer =
                e -> {
                    try {
                        hold.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    e.close();
                };
        try (var model = open("a b");
                var session = model.open()) {
            var late = problem(() -> session.run(inputs(), System.nanoTime() + 100_000_000));
            assertThat(late.kind()).isEqualTo(Problem.Kind.DEADLINE);
            hold.countDown();
        }
    }

    @Test
    void readsNoMoreThanTheLimit() {
        var small = Limits.DEFAULT.with("body-bytes", "2 KiB");
        var allowed = Set.of("localhost:" + server.getAddress().getPort());
        infer = e -> say(e, 200, "{\"outputs\":[" + " ".repeat(100_000) + "]}");
        try (var model = Remote.open(base(), "a b", Optional.empty(), allowed, small);
                var session = model.open()) {
            assertThat(problem(() -> session.run(inputs(), Long.MAX_VALUE)).kind())
                    .isEqualTo(Problem.Kind.UNAVAILABLE);
        }
    }
}
