package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A data folder that the first version of Davy wrote that could write one: two models, an alias,
/// two endpoints, a token, 24 predictions and the truth of six; stopped in order once, and killed
/// at last. Today's server must find all of it, and go on.
@Timeout(120)
class FirstFolderTest {
    private static final String TOKEN =
            "davy_c66eba3710dbfe05_kfbTnXh9ZS36i8EqzJrd19xeeadUy9mshkuRWZqdRH0";

    private static final int PREDICTIONS = 24;
    private static final int TRUTHS = 6;

    @TempDir private Path folder = Path.of("");
    private Path data = Path.of("");

    @BeforeEach
    void unpack() throws IOException {
        data = folder.toRealPath().resolve("data");
        try (var file = FirstFolderTest.class.getResourceAsStream("first-folder.zip")) {
            if (file == null) throw new IOException("first-folder.zip is not among the resources");
            try (var zip = new ZipInputStream(file)) {
                for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    var to = data.resolve(entry.getName());
                    Files.createDirectories(Objects.requireNonNull(to.getParent()));
                    Files.copy(zip, to);
                }
            }
        }
    }

    private Server start() {
        return Server.start(Settings.of(data).port(0));
    }

    private static String row(int number) {
        return "[{\"x\":[%d,0.5,0.25,-0.5,0.125,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}]".formatted(number);
    }

    private static List<JsonNode> predictions(Caller caller, String endpoint) {
        return caller.log("type=prediction&endpoint=" + endpoint);
    }

    @Test
    void findsAllThatWasKept() {
        try (var server = start()) {
            var caller = Caller.of(server);
            // Things.
            var sign = caller.get("/api/v1/models/sign").is(200).json();
            assertThat(sign.toString()).contains("champion");
            assertThat(caller.get("/api/v1/models/add/versions/1").is(200).json().at("/why"))
                    .hasToString("\"first\"");
            for (var endpoint : List.of("add", "sign"))
                assertThat(caller.get("/api/v1/endpoints/" + endpoint).is(200).json().at("/state"))
                        .hasToString("\"ready\"");
            var whats = new TreeSet<String>();
            for (var event : caller.get("/api/v1/events?limit=100").is(200).json().get("events"))
                whats.add(event.path("kind").asString() + " " + event.path("what").asString());
            assertThat(whats).contains("model registered", "endpoint created", "token created");
            // Whose token it was may predict, and no more.
            var service = caller.as(TOKEN);
            service.predictRows("sign", row(1));
            service.post("/api/v1/endpoints", "{}").is(403);
            // What was predicted, and what came to be known.
            assertThat(predictions(caller, "add")).hasSize(PREDICTIONS / 2);
            var signs = predictions(caller, "sign").subList(0, PREDICTIONS / 2);
            for (int i = 0; i < signs.size(); i++) {
                var logged = signs.get(i);
                assertThat(logged.at("/input/x/0").asInt()).isEqualTo(i + 1);
                assertThat(logged.at("/decision/output/label").asString()).isEqualTo("yes");
                assertThat(logged.at("/version").asString()).isEqualTo("sign/1");
                var joined =
                        caller.get("/api/v1/predictions/" + logged.get("id").asString())
                                .is(200)
                                .json();
                assertThat(joined.at("/feedback")).hasSize(i % 2);
            }
            assertThat(caller.log("type=feedback")).hasSize(TRUTHS);
        }
    }

    @Test
    void bringsItsPastIntoTheArchiveAndThePages() {
        try (var server = start()) {
            var caller = Caller.of(server);
            assertThat(count(caller, "select count(*), count(distinct id) from predictions"))
                    .isEqualTo(Caller.parsed("[" + PREDICTIONS + "," + PREDICTIONS + "]"));
            assertThat(
                            count(
                                    caller,
                                    "select count(*), count(distinct prediction) from feedback"
                                            + " where kind = 'truth'"))
                    .isEqualTo(Caller.parsed("[" + TRUTHS + "," + TRUTHS + "]"));
            for (var page :
                    Set.of(
                            "/",
                            "/endpoints/sign",
                            "/endpoints/add",
                            "/endpoints/sign/monitoring",
                            "/models",
                            "/models/sign",
                            "/review",
                            "/jobs",
                            "/metrics"))
                assertThat(caller.get(page).status()).as(page).isEqualTo(200);
        }
    }

    /// Each question waits a moment for the archive, and says when it is still behind.
    private static JsonNode count(Caller caller, String sql) {
        while (true) {
            var body = Json.text(Json.object().put("sql", sql));
            var said = caller.post("/api/v1/query", body).is(200).json();
            if (!said.has("behind")) return said.at("/rows/0");
        }
    }

    /// What `add` takes and gives, and another file.
    private static byte[] other() {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 4)
                .output("y", TinyOnnx.FLOAT, "N", 4)
                .weights(TinyOnnx.floats("one", new long[] {1}, 1))
                .add("Add", "x one", "y")
                .bytes();
    }

    @Test
    void goesOnFromThere() {
        String id;
        try (var server = start()) {
            var caller = Caller.of(server);
            var logged = predictions(caller, "sign").getFirst();
            var again = caller.predictRows("sign", row(1)).get(0);
            id = again.get("id").asString();
            assertThat(again.at("/output/label")).isEqualTo(logged.at("/decision/output/label"));
            assertThat(id).isGreaterThan(logged.get("id").asString());
            // The truth of what was predicted then can be told now.
            var late =
                    "{\"id\":\"late\",\"prediction\":\"%s\",\"output\":\"label\",\"truth\":\"no\",\"source\":\"lab\"}"
                            .formatted(logged.get("id").asString());
            caller.post("/api/v1/feedback", late).is(201);
            // A version that is new comes live over the old declaration.
            assertThat(caller.push("add", other())).isEqualTo(2);
            caller.put("/api/v1/endpoints/add/live", "{\"model\":\"add/2\"}").is(200);
        }
        try (var server = start()) {
            var caller = Caller.of(server);
            assertThat(caller.get("/api/v1/predictions/" + id).is(200).json().at("/version"))
                    .hasToString("\"sign/1\"");
            assertThat(caller.log("type=feedback")).hasSize(TRUTHS + 1);
            assertThat(caller.get("/api/v1/endpoints/add").is(200).text()).contains("add/2");
        }
    }
}
