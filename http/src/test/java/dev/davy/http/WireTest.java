package dev.davy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server may be sent on a raw socket. After each of these a good request works.
class WireTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String UPGRADE = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer(TestServer.IMPATIENT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void aGoodRequestWorks() throws IOException {
        try (var raw = server.connect()) {
            raw.send("GET /api/v1/hello HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.reply().body()).isEqualTo("hello");
        }
        awaitFiles(0);
    }

    @Test
    void contentLengthLongerThanTheBodyTimesOut() throws IOException {
        answers(408, echo("Content-Length: 100\r\n", "{}"));
    }

    @Test
    void contentLengthShorterThanTheBodyIsFollowedByRubbish() throws IOException {
        try (var raw = server.connect()) {
            raw.send(echo("Content-Length: 2\r\n", "{}{}{}{}\r\n\r\n"));
            assertThat(raw.reply().status()).isEqualTo(200);
            assertThat(raw.reply().status()).isEqualTo(400);
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1\r\n",
                "Content-Length: +2\r\n",
                "Content-Length: 2, 3\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length: 2\r\nContent-Length: 3\r\n",
                "Content-Length: 2\r\nContent-Length: 2\r\n",
                "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding: gzip\r\n",
                "Transfer-Encoding: chunked, gzip\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Content-Length : 2\r\n",
                "Con tent: 1\r\nContent-Length: 2\r\n",
                "Content-Length: 2\r\n folded\r\n",
                "X: a\0b\r\nContent-Length: 2\r\n",
            })
    void framingThatCanBeReadInTwoWaysIsRefused(String headers) throws IOException {
        answers(400, echo(headers, "{}"));
    }

    @Test
    void aBodyOfEightGigabytesIsRefusedBeforeItIsRead() throws IOException {
        answers(413, echo("Content-Length: 8589934592\r\n", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n{}\r\n0\r\n\r\n",
                "-2\r\n{}\r\n0\r\n\r\n",
                "10000000000000000\r\n{}\r\n0\r\n\r\n",
                "ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                "7fffffffff\r\n{}\r\n",
                "2\r\n{}xx\r\n0\r\n\r\n",
            })
    void chunksThatAreNoneAreRefused(String chunks) throws IOException {
        try (var raw = server.connect()) {
            raw.send(echo("Transfer-Encoding: chunked\r\n", chunks));
            assertThat(raw.reply().status()).isIn(400, 408);
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void chunksThatNeverEndTimeOut() throws IOException {
        answers(408, echo("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n"));
    }

    @Test
    void chunksThatNeverEndButKeepComingAreTooMuch() throws IOException {
        var chunk = "400\r\n" + " ".repeat(1024) + "\r\n";
        try (var raw = server.connect()) {
            raw.send(echo("Transfer-Encoding: chunked\r\n", ""));
            raw.sendWhatCanBe(chunk.repeat(2000).getBytes(StandardCharsets.US_ASCII));
            assertThat(raw.reply().status()).isEqualTo(413);
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void twoHundredThousandChunksOfOneByteAreTooMany() throws IOException {
        try (var raw = server.connect()) {
            raw.send(echo("Transfer-Encoding: chunked\r\n", ""));
            raw.sendWhatCanBe("1\r\n \r\n".repeat(200_000).getBytes(StandardCharsets.US_ASCII));
            var reply = raw.reply();
            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.body()).contains("chunks-too-many");
        }
    }

    @Test
    void fewChunksOfOneByteAreABody() throws IOException {
        try (var raw = server.connect()) {
            raw.send(echo("Transfer-Encoding: chunked\r\n", "1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n"));
            assertThat(raw.reply().body()).isEqualTo("{}");
        }
    }

    @Test
    void noHostIsRefused() throws IOException {
        answers(400, "GET /api/v1/hello HTTP/1.1\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost\r\nHost: localhost\r\n",
                "Host: localhost\r\nhOST: evil.example\r\n",
            })
    void twoHostsAreRefused(String hosts) throws IOException {
        answers(400, "GET /api/v1/hello HTTP/1.1\r\n" + hosts + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "localhost:1",
                "127.0.0.1.nip.io",
                "",
                "localhost@evil.example",
                "[::2]",
                "0.0.0.0"
            })
    void anotherHostIsMisdirected(String host) throws IOException {
        answers(421, "GET /api/v1/hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    @Test
    void ourOwnNamesAreHosts() throws IOException {
        for (var host : new String[] {"localhost", "LOCALHOST", "127.0.0.1", "[::1]"})
            for (var port : new String[] {"", ":" + server.port()})
                answers(200, "GET /api/v1/hello HTTP/1.1\r\nHost: " + host + port + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "null",
                "http://localhost.evil.example",
                "http://localhost:1",
                "localhost",
                "file://"
            })
    void anotherOriginMayNotChangeAnything(String origin) throws IOException {
        answers(403, echo("Origin: " + origin + "\r\nContent-Length: 2\r\n", "{}"));
        answers(403, "POST /api/v1/reload HTTP/1.1\r\n" + HOST + "Origin: " + origin + "\r\n\r\n");
    }

    @Test
    void aCrossSiteRequestWithoutOriginMayNotChangeAnything() throws IOException {
        answers(
                403,
                "POST /api/v1/reload HTTP/1.1\r\n" + HOST + "Sec-Fetch-Site: cross-site\r\n\r\n");
    }

    @Test
    void ourOwnPageMayChangeSomething() throws IOException {
        answers(200, echo("Origin: http://localhost\r\nContent-Length: 2\r\n", "{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/jsonp",
                ";",
                "x"
            })
    void anotherContentTypeIsRefused(String type) throws IOException {
        answers(
                415,
                "POST /api/v1/echo HTTP/1.1\r\n"
                        + HOST
                        + "Content-Type: "
                        + type
                        + "\r\nContent-Length: 2\r\n\r\n{}");
    }

    @Test
    void noContentTypeIsRefused() throws IOException {
        answers(415, "POST /api/v1/echo HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\n{}");
    }

    @Test
    void aContentTypeIsReadWithoutRegardToCaseAndParameters() throws IOException {
        answers(
                200,
                "POST /api/v1/echo HTTP/1.1\r\n"
                        + HOST
                        + "Content-Type: Application/JSON; charset=UTF-8\r\nContent-Length: 2\r\n\r\n{}");
    }

    @Test
    void aBodyWhereNoneIsTakenIsRefused() throws IOException {
        answers(415, "POST /api/v1/reload HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\n{}");
        answers(415, "GET /api/v1/hello HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\n{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "gzip, gzip", "compress", "zstd", "chunked"})
    void anotherContentEncodingIsRefused(String encoding) throws IOException {
        answers(415, echo("Content-Encoding: " + encoding + "\r\nContent-Length: 2\r\n", "{}"));
    }

    @Test
    void anEmptyBodyIsRefused() throws IOException {
        answers(400, echo("Content-Length: 0\r\n", ""));
        answers(400, echo("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"));
    }

    @Test
    void expectIsAnsweredAndSilenceAfterItTimesOut() throws IOException {
        try (var raw = server.connect()) {
            raw.send(echo("Expect: 100-continue\r\nContent-Length: 2\r\n", ""));
            assertThat(raw.reply().status()).isEqualTo(100);
            assertThat(raw.reply().status()).isEqualTo(408);
            assertThat(raw.isClosed()).isTrue();
        }
        try (var raw = server.connect()) {
            raw.send(echo("Expect: 100-continue\r\nContent-Length: 2\r\n", ""));
            assertThat(raw.reply().status()).isEqualTo(100);
            assertThat(raw.send("{}").reply().body()).isEqualTo("{}");
        }
    }

    @Test
    void expectForTooMuchIsRefusedAtOnce() throws IOException {
        answers(413, echo("Expect: 100-continue\r\nContent-Length: 2000000\r\n", ""));
    }

    @Test
    void aHeaderOfOneMegabyteIsTooLarge() throws IOException {
        var header = "X: " + "x".repeat(1 << 20) + "\r\n";
        refusesWhileWeSend(431, "GET /api/v1/hello HTTP/1.1\r\n" + HOST + header + "\r\n");
    }

    @Test
    void twentyThousandHeadersAreTooMany() throws IOException {
        refusesWhileWeSend(
                431, "GET /api/v1/hello HTTP/1.1\r\n" + HOST + "a:b\r\n".repeat(20_000) + "\r\n");
    }

    @Test
    void oneHundredHeadersAreFineAndOneMoreIsNot() throws IOException {
        answers(200, "GET /api/v1/hello HTTP/1.1\r\n" + HOST + "a:b\r\n".repeat(99) + "\r\n");
        answers(431, "GET /api/v1/hello HTTP/1.1\r\n" + HOST + "a:b\r\n".repeat(100) + "\r\n");
    }

    @Test
    void anAddressOfOneMegabyteIsTooLong() throws IOException {
        refusesWhileWeSend(
                414, "GET /api/v1/" + "x".repeat(1 << 20) + " HTTP/1.1\r\n" + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/things/%00",
                "/api/v1/things/%zz",
                "/api/v1/things/%",
                "/api/v1/things/%2",
                "/api/v1/things/%ff",
                "/api/v1/things/%c0%af",
                "/api/v1/things/%ed%a0%80",
                "/api/v1/things/%0d%0aX:y",
                "/api/v1/things/x?limit=%zz",
                "/api/v1/things/x?limit=%00",
                "/api/v1/things/\\x",
                "/api/v1/things/x#y",
                "/api/v1/things/\u00e4",
                "api/v1/hello",
                "*",
                "?x"
            })
    void anAddressThatCannotBeReadIsRefused(String target) throws IOException {
        answers(400, "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../etc/passwd",
                "/api/v1/things/..",
                "/api/v1/things/%2e%2e",
                "/api/v1/things/..%2f..%2fetc%2fpasswd",
                "/api/v1/things/%2e%2e%2fetc",
                "/api/v1/things/..%5c..%5cetc",
                "/api/v1/things/../../../etc/passwd",
                "/api/v1/things//etc/passwd",
                "/api/v1/things/..;/etc",
                "/api/v1/things/%252e%252e/x",
                "/static/..%c0%af..%c0%afetc/passwd"
            })
    void traversalLeadsNowhere(String target) throws IOException {
        try (var raw = server.connect()) {
            raw.send("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
            var reply = raw.reply();
            assertThat(reply.status()).isIn(400, 404);
            assertThat(reply.body()).doesNotContain("root:");
        }
    }

    @Test
    void anAddressIsDecodedOnce() throws IOException {
        try (var raw = server.connect()) {
            raw.send("GET /api/v1/things/%252e%20+%C3%A4 HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.reply().body()).isEqualTo("%2e +ä");
        }
    }

    @Test
    void anAbsoluteAddressIsReadButNotForAnotherHost() throws IOException {
        answers(200, "GET http://localhost/api/v1/hello HTTP/1.1\r\n" + HOST + "\r\n");
        answers(421, "GET http://evil.example/api/v1/hello HTTP/1.1\r\n" + HOST + "\r\n");
        answers(400, "GET ftp://localhost/api/v1/hello HTTP/1.1\r\n" + HOST + "\r\n");
    }

    @Test
    void methodsThatAreNotOfferedHaveNoEffect() throws IOException {
        answers(400, "CONNECT localhost:80 HTTP/1.1\r\n" + HOST + "\r\n");
        for (var method : new String[] {"TRACE", "BREW", "get", "PROPFIND", "PUT", "DELETE"})
            try (var raw = server.connect()) {
                raw.send(method + " /api/v1/hello HTTP/1.1\r\n" + HOST + "Cookie: a=b\r\n\r\n");
                var reply = raw.reply();
                assertThat(reply.status()).as(method).isEqualTo(405);
                assertThat(reply.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
                assertThat(reply.body()).doesNotContain("a=b");
            }
    }

    @Test
    void aMethodOverrideIsIgnored() throws IOException {
        answers(
                200,
                "GET /api/v1/hello HTTP/1.1\r\n"
                        + HOST
                        + "X-HTTP-Method-Override: DELETE\r\nX-Original-URL: /admin\r\n\r\n");
    }

    @Test
    void optionsSaysWhatThereIs() throws IOException {
        try (var raw = server.connect()) {
            raw.send("OPTIONS /api/v1/echo HTTP/1.1\r\n" + HOST + "\r\n");
            var reply = raw.reply();
            assertThat(reply.status()).isEqualTo(204);
            assertThat(reply.header("allow")).isEqualTo("OPTIONS, POST");
            assertThat(reply.header("access-control-allow-origin")).isEmpty();
            raw.send("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.reply().status()).isEqualTo(204);
            raw.send("OPTIONS /nowhere HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.reply().status()).isEqualTo(404);
        }
    }

    @Test
    void headIsGetWithoutABody() throws IOException {
        try (var raw = server.connect()) {
            raw.send("HEAD /api/v1/hello HTTP/1.1\r\n" + HOST + "\r\n");
            var reply = raw.replyWithoutBody();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).contains("content-length: 5");
            raw.send("HEAD /api/v1/lines HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.replyWithoutBody().status()).isEqualTo(200);
            raw.send("HEAD /nowhere HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.replyWithoutBody().status()).isEqualTo(404);
            raw.send("GET /api/v1/hello HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.reply().body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/hello\r\n\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003abcdefgh\r\n\r\n",
                "GET /api/v1/hello HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /api/v1/hello HTTP/1.2\r\nHost: localhost\r\n\r\n",
                "GET  /api/v1/hello HTTP/1.1 x\r\nHost: localhost\r\n\r\n",
                "GET /api/v1/hello HTTP/1.1\r\n: x\r\nHost: localhost\r\n\r\n",
                "GET /api/v1/hello HTTP/1.1\r\nno colon\r\nHost: localhost\r\n\r\n",
                "\0\0\0\0\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nthis is no frame at all, is it?",
                "PRI * HTTP/1.1\r\nHost: localhost\r\n\r\n",
            })
    void whatIsNoRequestEndsTheConnection(String text) throws IOException {
        try (var raw = server.connect()) {
            raw.send(text).end();
            // Whatever comes, if anything comes: it ends, and it is no success.
            var said = new ArrayList<String>();
            try {
                while (true) said.add(raw.line());
            } catch (IOException e) {
                assertThat(said).noneMatch(line -> line.contains("HTTP/1.1 200"));
            }
        }
    }

    @Test
    void fiftyPipelinedRequestsAreAnsweredInOrder() throws IOException {
        var all = new StringBuilder();
        for (int i = 0; i < 50; i++)
            all.append("GET /api/v1/things/").append(i).append(" HTTP/1.1\r\n" + HOST + "\r\n");
        try (var raw = server.connect()) {
            raw.send(all.toString());
            for (int i = 0; i < 50; i++) assertThat(raw.reply().body()).isEqualTo("" + i);
        }
    }

    @Test
    void pipelinedBodiesAreNotMixedUp() throws IOException {
        try (var raw = server.connect()) {
            var all = new StringBuilder();
            for (int i = 0; i < 20; i++)
                all.append(echo("Content-Length: 2\r\n", "1" + i % 10))
                        .append(echo("Transfer-Encoding: chunked\r\n", "1\r\n7\r\n0\r\n\r\n"));
            raw.send(all.toString());
            for (int i = 0; i < 20; i++) {
                assertThat(raw.reply().body()).isEqualTo("1" + i % 10);
                assertThat(raw.reply().body()).isEqualTo("7");
            }
        }
    }

    @Test
    void headersThatTrickleInAreCutOff() throws IOException {
        try (var raw = server.connect()) {
            raw.send("GET /api/v1/hello HTTP/1.1\r\n" + HOST + "X: ");
            var trickle = Thread.ofVirtual().start(() -> trickle(raw));
            assertThat(raw.reply().status()).isEqualTo(408);
            assertThat(raw.isClosed()).isTrue();
            trickle.interrupt();
        }
    }

    @Test
    void aBodyThatTricklesInIsCutOff() throws IOException {
        try (var raw = server.connect()) {
            raw.send(echo("Content-Length: 100000\r\n", ""));
            var trickle = Thread.ofVirtual().start(() -> trickle(raw));
            assertThat(raw.reply().status()).isEqualTo(408);
            assertThat(raw.isClosed()).isTrue();
            trickle.interrupt();
        }
    }

    @Test
    void silenceIsCutOff() throws IOException {
        try (var silent = server.connect();
                var half = server.connect().send("G");
                var preface = server.connect().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
                var served = server.connect()) {
            served.send("GET /api/v1/hello HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(served.reply().status()).isEqualTo(200);
            assertThat(silent.isClosed()).isTrue();
            assertThat(half.reply().status()).isEqualTo(408);
            assertThat(served.isClosed()).isTrue();
            while (!preface.isClosed()) {} // our settings, then the end
        }
    }

    @Test
    void fifteenHundredIdleConnectionsKeepNobodyOut() throws IOException {
        var idle = new ArrayList<Raw>();
        try {
            for (int i = 0; i < 1_500; i++) idle.add(server.connect());
            aGoodRequestWorks();
        } finally {
            for (var each : idle) each.close();
        }
    }

    @Test
    void aBrokenOffUploadLeavesNothingBehind() throws IOException {
        try (var raw = server.connect()) {
            raw.send(
                    "POST /api/v1/files HTTP/1.1\r\n"
                            + HOST
                            + "Content-Type: application/octet-stream\r\nContent-Length: 5000000\r\n\r\n");
            raw.send(new byte[1_000_000]);
            awaitFiles(1);
        }
        awaitFiles(0);
    }

    @Test
    void anUploadIsStoredWhole() throws IOException {
        var file = new byte[5_000_000];
        Arrays.fill(file, (byte) 'x');
        try (var raw = server.connect()) {
            raw.send(
                    "POST /api/v1/files HTTP/1.1\r\n"
                            + HOST
                            + "Content-Type: application/octet-stream\r\nContent-Length: 5000000\r\n\r\n");
            raw.send(file);
            var reply = raw.reply();
            assertThat(reply.body()).contains(dev.davy.strict.Hashes.sha256(file));
        }
        awaitFiles(0);
    }

    @Test
    void anUploadThatIsTooLargeIsRefusedWhileItComes() throws IOException {
        try (var raw = server.connect()) {
            raw.send(
                    "POST /api/v1/files HTTP/1.1\r\n"
                            + HOST
                            + "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            var chunk = new byte[1 << 20];
            for (int i = 0; i < 12; i++)
                raw.sendWhatCanBe("100000\r\n".getBytes(StandardCharsets.US_ASCII))
                        .sendWhatCanBe(chunk)
                        .sendWhatCanBe("\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(raw.reply().status()).isEqualTo(413);
        }
        awaitFiles(0);
    }

    @Test
    void anUpgradeThatMakesNoSenseIsCutOff() throws IOException {
        for (var settings : new String[] {"", "HTTP2-Settings: $$$\r\n"})
            try (var raw = server.connect()) {
                raw.send("GET /api/v1/hello HTTP/1.1\r\n" + HOST + UPGRADE + settings + "\r\n");
                assertThat(raw.reply().status()).isEqualTo(400);
                assertThat(raw.isClosed()).isTrue();
            }
    }

    @Test
    void anUpgradeWithoutAHostIsCutOff() throws IOException {
        try (var raw = server.connect()) {
            raw.send(
                    "GET /api/v1/hello HTTP/1.1\r\n"
                            + UPGRADE
                            + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
            raw.end();
            while (!raw.isClosed()) {} // whatever it says, it ends
        }
    }

    @Test
    void theDataPathIsWatchedInTheSameWay() throws IOException {
        FastPath waiting = request -> request.uri().startsWith("/v2/models/");
        try (var fast = new TestServer(TestServer.IMPATIENT, waiting);
                var raw = fast.connect()) {
            raw.send("POST /v2/models/x/infer HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\n{");
            var reply = raw.reply();
            assertThat(reply.status()).isEqualTo(408);
            assertThat(reply.body()).startsWith("{\"error\":\"The request took too long to come.");
            assertThat(raw.isClosed()).isTrue();
        }
    }

    private static void awaitFiles(int count) throws IOException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < end)
            try (var files = Files.list(server.temporary())) {
                if (files.count() == count) return;
                Thread.onSpinWait();
            }
        throw new AssertionError("there are never " + count + " files");
    }

    private static void trickle(Raw raw) {
        while (!Thread.interrupted()) {
            raw.sendWhatCanBe(new byte[] {'x'});
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    /// Sends all of it, whether or not it is read, and then finds the answer.
    private static void refusesWhileWeSend(int status, String text) throws IOException {
        try (var raw = server.connect()) {
            raw.sendWhatCanBe(text.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(raw.reply().status()).isEqualTo(status);
            assertThat(raw.isClosed()).isTrue();
        }
    }

    private static void answers(int status, String text) throws IOException {
        try (var raw = server.connect()) {
            raw.send(text);
            var reply = raw.reply();
            assertThat(reply.status()).as(reply.body()).isEqualTo(status);
            if (status >= 400) {
                assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
                assertThat(reply.header("davy-request-id")).isNotEmpty();
                assertThat(reply.body()).contains("\"code\":").doesNotContain("Exception", "java.");
            }
        }
    }

    private static String echo(String headers, String body) {
        return "POST /api/v1/echo HTTP/1.1\r\n" + HOST + JSON + headers + "\r\n" + body;
    }
}
