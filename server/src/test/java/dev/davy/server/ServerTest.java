package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.access.Permission;
import dev.davy.access.Role;
import dev.davy.http.Raw;
import dev.davy.http.RouteMatrix;
import dev.davy.storage.Cursor;
import dev.davy.strict.Problem;
import dev.davy.web.Story;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
    @TempDir private Path folder = Path.of("");

    private static Raw.Reply call(Server server, String method, String path, String body)
            throws Exception {
        try (var raw = new Raw(server.port())) {
            var type = body.isEmpty() ? "" : "Content-Type: application/json\r\n";
            raw.send(
                    "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s"
                            .formatted(method, path, type, body.length(), body));
            return raw.reply();
        }
    }

    @Test
    void aRehearsalLeavesNoTrace() throws Exception {
        try (var davy = Davy.open(folder)) {
            AddOne.serveIn(davy);
        }
        try (var server = Server.start(Settings.of(folder).port(0))) {
            assertThat(call(server, "GET", "/v2/health/ready", "").body())
                    .contains("\"ready\":true");
            assertThat(call(server, "GET", "/v2/models/add/stats", "").body())
                    .contains("\"inference_count\":0");
            try (var reader = server.davy().log().read(Cursor.START)) {
                assertThat(reader.next()).isFalse();
            }
            assertThat(folder.resolve("temporary").resolve("rehearsal")).doesNotExist();
            var answer =
                    call(
                            server,
                            "POST",
                            "/v2/models/add/infer",
                            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("[2.0,3.0,4.0,5.0]");
            assertThat(call(server, "GET", "/v2/models/add/stats", "").body())
                    .contains("\"inference_count\":1");
        }
    }

    @Test
    void everyDoorAsksForWhatItNeeds() throws Exception {
        try (var server = Server.start(Settings.of(folder).host("0.0.0.0").port(0))) {
            var tokens = new EnumMap<Role, String>(Role.class);
            for (var role : Role.values())
                tokens.put(
                        role,
                        server.davy()
                                .tokens()
                                .create(
                                        "test-" + role.name().toLowerCase(java.util.Locale.ROOT),
                                        role,
                                        "anna",
                                        "to try doors"));
            var doors = new ArrayList<RouteMatrix.Door>();
            Server.routes(server.davy(), Story.NONE, () -> true)
                    .all()
                    .forEach(route -> doors.add(RouteMatrix.Door.of(route)));
            // These are not routes: the data path answers them.
            for (var path : new String[] {"/v2/models/x/infer", "/v2/models/x/versions/1/infer"})
                doors.add(new RouteMatrix.Door("POST", path, Permission.PREDICT));
            assertThat(RouteMatrix.violations(server.port(), doors, tokens)).isEmpty();
        }
    }

    @Test
    void theFirstTokenIsMadeOnceAndOpensEverything() throws Exception {
        var settings = Settings.of(folder).host("0.0.0.0").port(0);
        String token;
        try (var server = Server.start(settings)) {
            var file = server.firstToken().orElseThrow();
            token = Files.readString(file).strip();
            assertThat(server.davy().tokens().check(token).orElseThrow().role())
                    .isEqualTo(Role.ADMIN);
        }
        try (var again = Server.start(settings)) {
            assertThat(again.firstToken()).isEmpty();
            assertThat(again.davy().tokens().check(token)).isPresent();
        }
    }

    @Test
    void loopbackNeedsNoToken() {
        try (var server = Server.start(Settings.of(folder).port(0))) {
            assertThat(server.firstToken()).isEmpty();
            assertThat(folder.resolve("admin.token")).doesNotExist();
        }
    }

    @Test
    void aPortThatIsTakenStartsNothingAndHoldsNothing() throws Exception {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var settings = Settings.of(folder).port(taken.getLocalPort());
            Assertions.assertThatThrownBy(() -> Server.start(settings).close())
                    .isInstanceOf(Problem.class);
        }
        Server.start(Settings.of(folder).port(0)).close();
    }
}
