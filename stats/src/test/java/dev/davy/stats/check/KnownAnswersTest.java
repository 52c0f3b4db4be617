package dev.davy.stats.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.stats.SharedData;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KnownAnswersTest {
    @Test
    void areWhatOurFormulasGive() throws IOException {
        var file = SharedData.folder("stat-vectors").resolve("vectors.json");
        var vectors = Vectors.read(Json.read(Files.readAllBytes(file), Limits.DEFAULT)).vectors();
        var wrong = new TreeMap<String, Check>();
        for (var vector : vectors) {
            if (!Offered.statistics().containsKey(vector.statistic())) continue;
            var check = Vectors.check(vector);
            if (!check.equals(new Check.Passed())) wrong.put(vector.name(), check);
        }
        assertThat(wrong).isEmpty();
        assertThat(
                        vectors.stream()
                                .filter(each -> Offered.statistics().containsKey(each.statistic())))
                .hasSizeGreaterThanOrEqualTo(60);
    }
}
