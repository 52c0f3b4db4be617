package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is told of alarms, as it is declared with an endpoint and tried out by a person.
class DeliveriesTest {
    @TempDir private Path folder = Path.of("");

    private static final String ENDPOINT =
            """
            kind: Endpoint
            name: add
            model: add/1
            notify:
              - {webhook: "%s", secret: %s}
            """;

    @Test
    void aTestReachesTheChannelsOfAnEndpoint() throws Exception {
        var got = new LinkedBlockingQueue<String>();
        var target =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext(
                "/",
                exchange -> {
                    var body = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                    got.add(
                            exchange.getRequestHeaders().getFirst("webhook-signature")
                                    + new String(body, StandardCharsets.UTF_8));
                });
        target.start();
        int port = target.getAddress().getPort();
        var secret = Files.writeString(folder.resolve("secret"), "known to both");
        var file =
                Files.writeString(
                        folder.resolve("davy.yaml"),
                        """
                        notify:
                          allow-hosts: ["127.0.0.1:%d"]
                          secrets: {oncall: "%s"}
                        """
                                .formatted(port, secret));
        var settings = Settings.read(file, folder.resolve("data")).port(0);
        try (var server = Server.start(settings)) {
            var caller = Caller.of(server);
            AddOne.serveIn(server.davy());
            caller.post("/api/v1/deliveries/test", "{\"endpoint\":\"add\"}").is(422);
            var url = "http://127.0.0.1:" + port + "/KEY";
            caller.apply(ENDPOINT.formatted(url, "oncall"));
            caller.post("/api/v1/deliveries/test", "{\"endpoint\":\"add\"}").is(200);
            assertThat(got.poll(60, TimeUnit.SECONDS))
                    .startsWith("v1,")
                    .contains("\"type\":\"dev.davy.test\"", "\"source\":\"/endpoints/add\"");
            var list = caller.get("/api/v1/deliveries?endpoint=add").is(200);
            assertThat(list.json().at("/deliveries/0/what").asString())
                    .isEqualTo("test: add can be heard");
            assertThat(list.text()).doesNotContain("KEY").doesNotContain("known to both");
            var id = list.json().at("/deliveries/0/id").asString();
            caller.get("/api/v1/deliveries/" + id).is(200);
            caller.get("/api/v1/deliveries/nothing").is(404);
            caller.get("/api/v1/deliveries?state=lost").is(400);
        } finally {
            target.stop(0);
        }
    }

    @Test
    void whatIsDeclaredWronglyIsToldWhenItIsApplied() throws Exception {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            AddOne.serveIn(server.davy());
            var said =
                    caller.post(
                            "/api/v1/apply",
                            "application/yaml",
                            Caller.utf8(ENDPOINT.formatted("file:///etc/passwd", "S")));
            assertThat(said.is(422).text()).contains("notify[0]").contains("https://host/path");
        }
    }
}
