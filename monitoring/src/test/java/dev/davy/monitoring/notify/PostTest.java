package dev.davy.monitoring.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a webhook may meet on its way.
@Timeout(120)
class PostTest {
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json");
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path folder = Path.of("");

    private static Post post(Duration patience) {
        return new Post(
                Set.of("127.0.0.1", "localhost"),
                patience,
                (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    private static void send(String url) throws NotDelivered {
        post(Duration.ofSeconds(60)).send(URI.create(url), HEADERS, BODY);
    }

    private static void sendImpatiently(String url) throws NotDelivered {
        post(Duration.ofSeconds(2)).send(URI.create(url), HEADERS, BODY);
    }

    /// Redirects, endless answers and servers that never answer, as a hostile target plays them.
    @Test
    void aHostileTargetGetsOneCallAndGivesNothingBack() throws Exception {
        var script = tool("evil_target.py");
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var log = folder.resolve("calls");
        var process =
                new ProcessBuilder("python3", script.toString(), "" + port)
                        .redirectOutput(log.toFile())
                        .redirectErrorStream(true)
                        .start();
        try {
            var at = "http://127.0.0.1:" + port;
            for (int i = 0; i < 400 && !listens(port); i++) Thread.sleep(50);
            assertThatThrownBy(() -> send(at + "/redirect?to=" + at + "/secret"))
                    .hasMessageContaining("302");
            assertThatThrownBy(() -> send(at + "/loop")).hasMessageContaining("302");
            assertThatThrownBy(() -> sendImpatiently(at + "/hang"))
                    .hasMessageContaining("within 2 s");
            assertThatThrownBy(() -> send(at + "/status/500")).hasMessageContaining("500");
            send(at + "/huge");
            send(at + "/gzipbomb");
            send(at + "/badjson");
            assertThatThrownBy(() ->
                            new Post(
                                            Set.of(),
                                            Duration.ofSeconds(2),
                                            (SSLSocketFactory) SSLSocketFactory.getDefault())
                                    .send(URI.create(at + "/never"), HEADERS, BODY))
                    .hasMessageContaining("loopback");
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        var calls = Files.readString(log);
        assertThat(calls)
                .contains("/redirect", "/loop", "/huge")
                .doesNotContain("\"/secret\"", "/never");
        assertThat(calls.split("\"path\": \"/loop\"", -1)).hasSize(2);
    }

    private static boolean listens(int port) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Path tool(String name) {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var tool = at.resolve("shared/tools").resolve(name);
            if (Files.isRegularFile(tool)) return tool;
        }
        assumeTrue(
                false, "no folder shared/tools beside the checkout: no hostile target is played");
        throw new IllegalStateException();
    }

    /// Something that drips a byte now and then is given up as a whole, not byte by byte.
    @Test
    void whatDripsIsGivenUpInTime() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> drip(server));
            assertThatThrownBy(() ->
                            sendImpatiently("http://127.0.0.1:" + server.getLocalPort() + "/"))
                    .hasMessageContaining("within 2 s");
        }
    }

    private static void drip(ServerSocket server) {
        try (var socket = server.accept()) {
            while (true) {
                socket.getOutputStream().write('H');
                Thread.sleep(100);
            }
        } catch (IOException | InterruptedException gone) {
            // the other side had enough
        }
    }

    @Test
    void whatDoesNotSpeakHttpIsNotBelieved() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server, "220 mail.example.com ESMTP\r\n\r\n"));
            assertThatThrownBy(() -> send("http://127.0.0.1:" + server.getLocalPort() + "/"))
                    .hasMessageContaining("does not speak HTTP");
        }
    }

    private static String answer(ServerSocket server, String text) {
        try (var socket = server.accept()) {
            var in =
                    new BufferedReader(
                            new java.io.InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            var first = in.readLine();
            for (var line = first; line != null && !line.isEmpty(); ) line = in.readLine();
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return String.valueOf(first);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// A certificate must be of the host that was declared, and of somebody who is trusted.
    @Test
    void encryptedItTalksToThatHostOnly() throws Exception {
        var store = folder.resolve("keys.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        var made =
                new ProcessBuilder(
                                keytool.toString(),
                                "-genkeypair",
                                "-alias",
                                "here",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "SAN=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit",
                                "-validity",
                                "2")
                        .redirectErrorStream(true)
                        .start();
        assertThat(made.waitFor()).isZero();
        var keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "changeit".toCharArray());
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        try (var server =
                context.getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        for (int i = 0; i < 3; i++)
                            answer(server, "HTTP/1.1 204 No Content\r\n\r\n");
                    });
            int port = server.getLocalPort();
            var trusting =
                    new Post(
                            Set.of("127.0.0.1", "localhost"),
                            Duration.ofSeconds(20),
                            context.getSocketFactory());
            trusting.send(URI.create("https://localhost:" + port + "/"), HEADERS, BODY);
            assertThatThrownBy(() ->
                            trusting.send(
                                    URI.create("https://127.0.0.1:" + port + "/"), HEADERS, BODY))
                    .hasMessageContaining("connection failed");
            assertThatThrownBy(() ->
                            post(Duration.ofSeconds(20))
                                    .send(
                                            URI.create("https://localhost:" + port + "/"),
                                            HEADERS,
                                            BODY))
                    .hasMessageContaining("connection failed");
        }
    }
}
