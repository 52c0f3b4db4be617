package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.server.Caller;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which part of a pipeline became other, as a person asks for it.
class AttributeCommandTest {
    @TempDir private Path folder = Path.of("");

    private static String endpoint(String limit) {
        return """
        kind: Endpoint
        name: size
        input: {length: {type: number}}
        pipeline:
          - {name: metres, rule: {metres: "input.length / 100"}}
          - {name: word, rule: {word: "case when metres.metres > %s then 'long' else 'short' end"}}
        """
                .formatted(limit);
    }

    private static void hour(Caller caller, String at, int rows) {
        var random = new Random(at.hashCode());
        var body = Json.object();
        var list = body.putArray("rows");
        for (int i = 0; i < rows; i++) list.addObject().put("length", 1_000 * random.nextDouble());
        caller.post("/api/v1/endpoints/size/predict?at=" + at, Json.text(body)).is(200);
    }

    @Test
    void tellsTheVerdictFirstThenALineForEachPart() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(endpoint("5"));
            hour(caller, "2026-03-02T10:30:00Z", 200);
            hour(caller, "2026-03-02T11:30:00Z", 200);
            caller.apply(endpoint("6"));
            hour(caller, "2026-03-02T12:30:00Z", 200);
            hour(caller, "2026-03-02T14:30:00Z", 30);
            caller.apply(endpoint("5"));
            hour(caller, "2026-03-02T13:30:00Z", 30);

            var same = attributed(server, "11");
            assertThat(same.exit()).as(same.err()).isEqualTo(Exit.YES);
            assertThat(same.out()).startsWith("Nothing changed: ");

            var changed = attributed(server, "12");
            assertThat(changed.exit()).as(changed.err()).isEqualTo(Exit.NO);
            var lines = changed.out().lines().toList();
            assertThat(lines.getFirst())
                    .startsWith("Component 'word' changed: it is declared otherwise.");
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("input") && line.contains("as before"))
                    .anyMatch(line -> line.startsWith("metres") && line.contains("100 % of 200"))
                    .anyMatch(line -> line.startsWith("word") && line.contains("changed"));
            assertThat(lines.getLast()).startsWith("Asked again: 200 of 200 predictions");

            assertThat(attributed(server, "13").exit()).isEqualTo(Exit.NOT_DONE);
            // A few rows are enough to see that a rule became another.
            assertThat(attributed(server, "14").exit()).isEqualTo(Exit.NO);

            var json = attributed(server, "12", "-o", "json");
            var found = Json.read(json.out().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
            assertThat(found.at("/verdict/component").asString()).isEqualTo("word");
            var unknown = davy(server, "attribute", "nobody");
            assertThat(unknown.exit()).isEqualTo(Exit.NO);
            assertThat(unknown.err()).contains("There is no endpoint 'nobody'.");
        }
    }

    /// The hour against the one from ten o'clock.
    private static Commands.Told attributed(Server server, String hour, String... more) {
        var words = new ArrayList<>(List.of("attribute", "size"));
        words.addAll(List.of("--from", "2026-03-02T" + hour + ":00:00Z"));
        words.addAll(List.of("--to", "2026-03-02T" + hour + ":59:59Z"));
        words.addAll(List.of("--reference-from", "2026-03-02T10:00:00Z"));
        words.addAll(List.of("--reference-to", "2026-03-02T11:00:00Z"));
        words.addAll(List.of(more));
        return davy(server, words.toArray(String[]::new));
    }

    private static Commands.Told davy(Server server, String... words) {
        var here = Map.of("DAVY_SERVER", "http://127.0.0.1:" + server.port());
        return Commands.runWith("", here, words);
    }
}
