package dev.davy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// HTTP/2 on the port that HTTP/1 is on: with prior knowledge, and by upgrade.
class Http2Test {
    private record Reply(int status, String body, HttpVersion version) {}

    private static TestServer server;
    private static Vertx vertx;
    private static HttpClient client;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer(TestServer.IMPATIENT);
        vertx = Vertx.vertx();
        client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false)
                                .setDefaultHost("127.0.0.1")
                                .setDefaultPort(server.port()));
    }

    @AfterAll
    static void stop() {
        vertx.close();
        server.close();
    }

    @AfterEach
    void aGoodRequestWorks() {
        assertThat(get("/api/v1/hello")).isEqualTo(new Reply(200, "hello", HttpVersion.HTTP_2));
    }

    @Test
    void upgradesFromHttp1() throws Exception {
        try (var jdk = java.net.http.HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/echo");
            var request =
                    HttpRequest.newBuilder(uri)
                            .version(java.net.http.HttpClient.Version.HTTP_2)
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("[1,2]"))
                            .build();
            for (int i = 0; i < 3; i++) {
                var response = jdk.send(request, BodyHandlers.ofString());
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("[1,2]");
                assertThat(response.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
            }
        }
    }

    @Test
    void refusesTheSameAsHttp1() {
        assertThat(get("/nowhere").status()).isEqualTo(404);
        assertThat(get("/api/v1/things/%zz").status()).isEqualTo(400);
        assertThat(get("/" + "x".repeat(9_000)).status()).isEqualTo(414);
        assertThat(post("/api/v1/echo", "text/plain", "{}").status()).isEqualTo(415);
        assertThat(post("/api/v1/echo", "application/json", "{").status()).isEqualTo(400);
        assertThat(post("/api/v1/reload", "application/json", "{}").status()).isEqualTo(415);
        assertThat(post("/api/v1/echo", "application/json", " ".repeat(2_000_000)).status())
                .isEqualTo(413);
    }

    @Test
    void anotherAuthorityIsMisdirected() {
        var options = options(HttpMethod.GET, "/api/v1/hello");
        var reply =
                answer(
                        client.request(options)
                                .map(request ->
                                        request.authority(HostAndPort.create("evil.example", 80))),
                        "");
        assertThat(reply.status()).isEqualTo(421);
    }

    /// Sixty short calls, one every tenth of a second: three times as long as a connection may be
    /// idle, and hardly ever in a call when somebody looks.
    @Test
    void shortCallsKeepTheirConnection() throws Exception {
        int calls = 60;
        var answered = new CountDownLatch(calls);
        Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
        var closed = new AtomicInteger();
        long timer =
                vertx.setPeriodic(
                        100,
                        _ ->
                                start(HttpMethod.GET, "/api/v1/hello")
                                        .compose(request -> {
                                            var connection = request.connection();
                                            if (connections.add(connection))
                                                connection.closeHandler(
                                                        _ -> closed.incrementAndGet());
                                            return request.send();
                                        })
                                        .onComplete(_ -> answered.countDown()));
        assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
        vertx.cancelTimer(timer);
        assertThat(connections).hasSize(1);
        assertThat(closed).hasValue(0);
    }

    @Test
    void aHundredCallsShareAConnection() {
        var futures =
                IntStream.range(0, 100)
                        .mapToObj(i -> start(HttpMethod.GET, "/api/v1/things/" + i))
                        .map(request -> reply(request, ""))
                        .toList();
        for (int i = 0; i < 100; i++) assertThat(wait(futures.get(i)).body()).isEqualTo("" + i);
    }

    @Test
    void aBodyThatDoesNotComeIsRefused() {
        var request =
                wait(
                        start(HttpMethod.POST, "/api/v1/echo")
                                .map(r -> r.putHeader("content-type", "application/json"))
                                .map(r -> r.setChunked(true)));
        var _ = request.write("{");
        assertThat(wait(request.response()).statusCode()).isEqualTo(408);
    }

    @Test
    void aStreamComesWhole() {
        assertThat(get("/api/v1/lines?count=20000&bytes=100").body().lines()).hasSize(20_000);
    }

    @Test
    void theHandlerIsInterruptedWhenItsStreamIsReset() throws Exception {
        var request = wait(start(HttpMethod.GET, "/api/v1/forever"));
        var _ = request.end();
        assertThat(server.begun.await(20, TimeUnit.SECONDS)).isTrue();
        request.reset();
        assertThat(server.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tooLargeHeadersEndTheStream() {
        assertThatThrownBy(() ->
                        answer(
                                start(HttpMethod.GET, "/api/v1/hello")
                                        .map(r -> r.putHeader("x", "y".repeat(40_000))),
                                ""))
                .isNotNull();
    }

    private static Reply get(String path) {
        return answer(start(HttpMethod.GET, path), "");
    }

    private static Reply post(String path, String type, String body) {
        return answer(
                start(HttpMethod.POST, path).map(r -> r.putHeader("content-type", type)), body);
    }

    private static Future<HttpClientRequest> start(HttpMethod method, String path) {
        return client.request(options(method, path));
    }

    private static RequestOptions options(HttpMethod method, String path) {
        return new RequestOptions().setMethod(method).setURI(path);
    }

    private static Reply answer(Future<HttpClientRequest> request, String body) {
        return wait(reply(request, body));
    }

    private static Future<Reply> reply(Future<HttpClientRequest> request, String body) {
        return request.compose(r -> {
            var _ = r.end(Buffer.buffer(body));
            return r.response()
                    .compose(response ->
                            response.body()
                                    .map(bytes ->
                                            new Reply(
                                                    response.statusCode(),
                                                    bytes.toString(),
                                                    response.version())));
        });
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
