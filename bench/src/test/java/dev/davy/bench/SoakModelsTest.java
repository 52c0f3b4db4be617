package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SoakModelsTest {
    @TempDir private Path work = Path.of("");
    private SoakModels models = none();

    @SuppressWarnings("NullAway") // made before each test
    private static SoakModels none() {
        return null;
    }

    @BeforeEach
    void make() throws Exception {
        models = new SoakModels(new Place(Path.of(".."), work, true, System.out));
    }

    private List<Float> probabilities(int version, int request) throws Exception {
        var file = work.resolve("again.onnx");
        java.nio.file.Files.write(file, models.file(version));
        try (var model = new BareModel(file)) {
            var rows = model.rows(1);
            rows.input().put(0, LogRequests.values(request));
            rows.run();
            return List.of(rows.output().get(0), rows.output().get(1));
        }
    }

    private static JsonNode record(float first, String label, String version) {
        var json = Json.object().put("version", version);
        json.putObject("input").putArray("x").add(first);
        json.putObject("decision").putObject("output").put("label", label);
        return json;
    }

    @Test
    void tellsTheAnswersOfItsVersionsApart() throws Exception {
        for (int request : new int[] {0, 7, 63}) {
            var first = probabilities(1, request);
            assertThat(models.isAnswer(1, request, first)).isTrue();
            assertThat(models.isAnswer(2, request, first)).isFalse();
            assertThat(models.isAnswer(1, (request + 1) % 64, first)).isFalse();
        }
        assertThat(models.isAnswer(1, 0, List.of(Float.NaN, 0.5f))).isFalse();
        assertThat(models.isAnswer(SoakModels.version("other/1"), 0, probabilities(1, 0)))
                .isFalse();
        assertThat(IntStream.range(0, 64))
                .as("some labels differ, so that labels alone tell something")
                .anyMatch(i -> !models.label(1, i).equals(models.label(2, i)));
    }

    @Test
    void holdsRecordsAgainstVersionInputAndAnswer() {
        var label = models.label(2, 3);
        int number = SoakModels.number(2, 3);
        assertThat(models.isAnswer(record(3 / 8f, label, "soak/2"), number)).isTrue();
        assertThat(models.isAnswer(record(3 / 8f, label, "soak/1"), number)).isFalse();
        assertThat(models.isAnswer(record(4 / 8f, label, "soak/2"), number)).isFalse();
        var other = label.equals("no") ? "yes" : "no";
        assertThat(models.isAnswer(record(3 / 8f, other, "soak/2"), number)).isFalse();
        assertThat(models.isAnswer(record(3 / 8f, "no", "soak/1"), SoakModels.judged(3))).isTrue();
        assertThat(models.isAnswer(record(3 / 8f, "yes", "soak/1"), SoakModels.judged(3)))
                .isFalse();
    }
}
