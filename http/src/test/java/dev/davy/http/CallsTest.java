package dev.davy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.access.Permission;
import dev.davy.strict.Gzip;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What becomes of good and bad requests for routes.
class CallsTest {
    private static final String HOST = "Host: localhost\r\n";
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer(TestServer.IMPATIENT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aProblemIsADocumentWithEverythingInIt() throws IOException {
        var reply = get("/api/v1/things/x?limit=1&knd=2&limt=3");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
        var problem = Json.read(reply.body().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:davy:problem:query-unknown");
        assertThat(problem.get("status").intValue()).isEqualTo(400);
        assertThat(problem.get("violations").get(0).stringValue())
                .isEqualTo("'knd' is not known here. Did you mean 'kind'?");
        assertThat(problem.get("violations").get(1).stringValue())
                .isEqualTo("'limt' is not known here. Did you mean 'limit'?");
        assertThat(problem.get("todo").stringValue()).isEqualTo("It takes limit, kind.");
        assertThat(problem.get("requestId").stringValue())
                .isEqualTo(reply.header("davy-request-id"));
    }

    @Test
    void underV2AnErrorIsOneSentenceAndUnknownParametersAreIgnored() throws IOException {
        assertThat(get("/v2/things/x?whatever=1").body()).isEqualTo("x");
        var reply = get("/v2/nothing");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.body()).startsWith("{\"error\":\"There is nothing at this address.");
    }

    @Test
    void aBugIsNotTold() throws IOException {
        var reply = get("/api/v1/bug");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).contains("internal-error").doesNotContain("secret", "passwd");
    }

    @Test
    void answersKeepBrowsersOut() throws IOException {
        var reply = get("/api/v1/hello");
        assertThat(reply.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(reply.header("content-security-policy")).contains("default-src 'none'");
        assertThat(reply.header("cache-control")).isEqualTo("no-store");
        assertThat(reply.header("server")).isEmpty();
    }

    @Test
    void aCompressedBodyIsReadAsWhatItWas() throws IOException {
        var body = "{\"x\":[1,2,3]}".getBytes(StandardCharsets.UTF_8);
        assertThat(echo("gzip", Gzip.gzip(body)).body()).isEqualTo("{\"x\":[1,2,3]}");
        assertThat(echo("GZip", Gzip.gzip(body)).body()).isEqualTo("{\"x\":[1,2,3]}");
        assertThat(echo("identity", body).body()).isEqualTo("{\"x\":[1,2,3]}");
        var deflated = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(deflated)) {
            out.write(body);
        }
        assertThat(echo("deflate", deflated.toByteArray()).body()).isEqualTo("{\"x\":[1,2,3]}");
    }

    @Test
    void whatIsNotProperlyCompressedIsRefused() throws IOException {
        var gzip = Gzip.gzip("{\"x\":[1,2,3]}".getBytes(StandardCharsets.UTF_8));
        assertThat(echo("gzip", Arrays.copyOf(gzip, gzip.length - 4)).status()).isEqualTo(400);
        var badCrc = gzip.clone();
        badCrc[badCrc.length - 8] ^= 1;
        assertThat(echo("gzip", badCrc).status()).isEqualTo(400);
        assertThat(echo("gzip", Gzip.gzip(gzip)).status()).isEqualTo(400);
        assertThat(echo("gzip", "{}".getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(400);
        assertThat(echo("deflate", gzip).status()).isEqualTo(400);
    }

    @Test
    void aGzipBombIsTooLarge() throws IOException {
        var bomb = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bomb)) {
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++) out.write(zeros);
        }
        assertThat(echo("gzip", bomb.toByteArray()).status()).isEqualTo(413);
    }

    @Test
    void theLimitOfABodyIsExact() throws IOException {
        int most = (int) TestServer.IMPATIENT.bodyBytes();
        var body = new byte[most];
        Arrays.fill(body, (byte) ' ');
        body[0] = '7';
        assertThat(echo("identity", body).body()).isEqualTo("7");
        assertThat(echo("gzip", Gzip.gzip(body)).body()).isEqualTo("7");
        var more = Arrays.copyOf(body, most + 1);
        more[most] = ' ';
        assertThat(echo("identity", more).status()).isEqualTo(413);
        assertThat(echo("gzip", Gzip.gzip(more)).status()).isEqualTo(413);
    }

    @Test
    void aConnectionGoesOnAfterARefusedBody() throws IOException {
        try (var raw = server.connect()) {
            raw.send("POST /nowhere HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\n12345");
            assertThat(raw.reply().status()).isEqualTo(404);
            raw.send("GET /api/v1/hello HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.reply().body()).isEqualTo("hello");
        }
    }

    @Test
    void aStreamComesWhole() throws IOException {
        var reply = get("/api/v1/lines?count=5000&bytes=100");
        assertThat(reply.header("content-type")).isEqualTo("application/x-ndjson");
        assertThat(reply.body().lines()).hasSize(5000).allMatch(line -> line.length() == 102);
    }

    @Test
    void aStreamGoesToHttp10UntilTheEnd() throws IOException {
        try (var raw = server.connect()) {
            raw.send("GET /api/v1/lines?count=2&bytes=1 HTTP/1.0\r\n" + HOST + "\r\n");
            while (!raw.line().isEmpty()) {}
            assertThat(raw.line()).isEqualTo("\"x\"");
            assertThat(raw.line()).isEqualTo("\"x\"");
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void streamsLeaveRoomForOthers() throws IOException {
        var settings =
                new HttpSettings(
                        "127.0.0.1",
                        0,
                        Set.of(),
                        TestServer.IMPATIENT,
                        server.temporary(),
                        1,
                        2,
                        Duration.ofSeconds(1));
        var stop = new CountDownLatch(1);
        var routes =
                new Routes()
                        .add(
                                Route.get(
                                        "/follow",
                                        Permission.READ,
                                        _ ->
                                                Response.stream(sink -> {
                                                    sink.line(new byte[] {'1'});
                                                    stop.await();
                                                })),
                                Route.get("/x", Permission.READ, _ -> Response.text("x")));
        try (var small = HttpServer.start(settings, routes, FastPath.NONE, server.tokens);
                var first = new Raw(small.port());
                var second = new Raw(small.port())) {
            first.send("GET /follow HTTP/1.1\r\n" + HOST + "\r\n");
            while (!first.line().isEmpty()) {}
            assertThat(first.chunk()).isEqualTo(new byte[] {'1', '\n'});
            var refused = second.send("GET /follow HTTP/1.1\r\n" + HOST + "\r\n").reply();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(refused.body()).contains("too-many-streams");
            second.send("GET /x HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(second.reply().body()).isEqualTo("x");
            stop.countDown();
            assertThat(first.chunk()).isEmpty();
        }
    }

    @Test
    void whoTakesNothingOfAStreamIsCutOff() throws IOException {
        try (var raw = server.connect()) {
            raw.send("GET /api/v1/lines?count=1000000&bytes=10000 HTTP/1.1\r\n" + HOST + "\r\n");
            while (server.server.connections() > 0) Thread.onSpinWait();
            assertThat(raw.line()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void theHandlerIsInterruptedWhenItsClientGoes() throws Exception {
        try (var raw = server.connect()) {
            raw.send("GET /api/v1/forever HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(server.begun.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(server.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatRunsWhenTheServerClosesIsAnswered() throws Exception {
        var release = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        FastPath slow =
                request -> {
                    if (!request.uri().equals("/v2/slow")) return false;
                    begun.countDown();
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    release.await();
                                    request.response().end("done");
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
                    return true;
                };
        var closing = new TestServer(TestServer.IMPATIENT, slow);
        try (var raw = closing.connect()) {
            raw.send("GET /v2/slow HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            var close = Thread.ofVirtual().start(closing::close);
            while (close.getState() == Thread.State.NEW || isOpen(closing.port()))
                Thread.onSpinWait();
            release.countDown();
            assertThat(raw.reply().body()).isEqualTo("done");
            assertThat(raw.isClosed()).isTrue();
            close.join();
        }
    }

    private static boolean isOpen(int port) {
        try {
            new Raw(port).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theRoutesDescribeThemselves() throws IOException {
        var reply = get("/api/v1/openapi.json");
        var document = Json.read(reply.body().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
        var thing = document.get("paths").get("/api/v1/things/{name}").get("get");
        assertThat(thing.get("x-permission").stringValue()).isEqualTo("read");
        assertThat(thing.get("parameters").get(0).get("name").stringValue()).isEqualTo("name");
        assertThat(document.get("paths").get("/api/v1/limits").has("get")).isTrue();
    }

    @Test
    void theLimitsAreTold() throws IOException {
        assertThat(get("/api/v1/limits").body()).contains("\"body-bytes\":1048576");
    }

    @Test
    void theNativeTransportIsUsedWhereThereIsOne() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        boolean known = System.getProperty("os.arch").matches("amd64|aarch64");
        assertThat(server.server.usesNativeTransport()).isEqualTo(linux && known);
    }

    private static Raw.Reply get(String target) throws IOException {
        try (var raw = server.connect()) {
            return raw.send("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n").reply();
        }
    }

    private static Raw.Reply echo(String encoding, byte[] body) throws IOException {
        try (var raw = server.connect()) {
            raw.send(
                    "POST /api/v1/echo HTTP/1.1\r\n"
                            + HOST
                            + "Content-Type: application/json\r\nContent-Encoding: "
                            + encoding
                            + "\r\nContent-Length: "
                            + body.length
                            + "\r\n\r\n");
            return raw.sendWhatCanBe(body).reply();
        }
    }
}
