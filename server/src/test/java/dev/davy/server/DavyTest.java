package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.schema.Row;
import dev.davy.storage.Backends.Backend;
import dev.davy.storage.ContractTest;
import dev.davy.storage.Cursor;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Davy in a JVM, without HTTP.
class DavyTest {
    @TempDir private Path folder = Path.of("");

    private Settings settings(Backend backend) {
        var plain = Settings.of(folder.resolve("data"));
        if (!backend.isPostgres()) return plain;
        return new Settings(
                plain.data(),
                plain.host(),
                plain.port(),
                plain.allowedHosts(),
                plain.drain(),
                Optional.of(new Settings.Storage(backend.url(), "postgres", "postgres")),
                plain.node(),
                plain.log(),
                plain.archive(),
                plain.remotes(),
                plain.deliveries(),
                plain.limits());
    }

    @ContractTest
    void answersKeepsAndRemembersOverARestart(Backend backend) throws Exception {
        var settings = settings(backend);
        String prediction;
        try (var davy = Davy.open(settings)) {
            AddOne.serveIn(davy);
            var answer = davy.endpoint("add").predict(AddOne.ROW);
            assertThat(answer.outputs()).containsOnlyKeys("y");
            assertThat((float[]) answer.outputs().get("y")).containsExactly(2, 3, 4, 5);
            assertThat(answer.version()).isEqualTo("add/1");
            prediction = answer.id().toString();
            davy.feedbacks().take(List.of(truth(prediction)));
        }
        try (var davy = Davy.open(settings)) {
            assertThat(records(davy)).isEqualTo(2);
            assertThat((float[]) davy.endpoint("add").predict(AddOne.ROW).outputs().get("y"))
                    .containsExactly(2, 3, 4, 5);
            assertThat(davy.feedbacks().joined(java.util.UUID.fromString(prediction)).orElseThrow())
                    .asString()
                    .contains("lab");
        }
    }

    private static tools.jackson.databind.JsonNode truth(String prediction) {
        var truth = Json.object().put("id", "f-1").put("prediction", prediction);
        truth.put("source", "lab").set("truth", Json.tree(List.of(2, 3, 4, 5)));
        return truth;
    }

    private static int records(Davy davy) throws IOException {
        int records = 0;
        try (var reader = davy.log().read(Cursor.START)) {
            while (reader.next()) records++;
        }
        return records;
    }

    @Test
    void namesWhatIsWrongWithARow() throws Exception {
        try (var davy = Davy.open(folder)) {
            AddOne.serveIn(davy);
            var add = davy.endpoint("add");
            assertThatThrownBy(() -> add.predict(Row.of("z", 1.0)))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("'x'")
                    .hasMessageContaining("'z'");
            assertThatThrownBy(() -> davy.endpoint("sub"))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.code()).isEqualTo("endpoint-unknown"));
        }
    }

    @Test
    void aFolderIsOpenedOnceAndFreeAfterwards() throws Exception {
        try (var davy = Davy.open(folder)) {
            assertThatThrownBy(() -> Davy.open(folder))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.code()).isEqualTo("data-folder-in-use"));
            assertThat(davy.models().names()).isEmpty();
        }
        Davy.open(folder).close();
    }

    @Test
    void aDamagedKeyIsNotReplacedByANewOne() throws Exception {
        Davy.open(folder).close();
        java.nio.file.Files.write(folder.resolve("privacy.key"), new byte[] {1});
        assertThatThrownBy(() -> Davy.open(folder))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("privacy-key-damaged"));
        // and the failed start let go of the folder
        java.nio.file.Files.delete(folder.resolve("privacy.key"));
        Davy.open(folder).close();
    }
}
