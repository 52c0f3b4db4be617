package dev.davy.stats.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.stats.SharedTables;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.file.Files;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Known answers of quality and agreement, from other tools and from papers.
class QualityAndAgreementTest {
    @Test
    void everyKnownAnswerComesOut() throws Exception {
        var file = SharedTables.file("stat-vectors/vectors.json");
        var vectors = Vectors.read(Json.read(Files.readAllBytes(file), Limits.DEFAULT));
        var answers = new TreeMap<String, Check>();
        for (var vector : vectors.vectors())
            if (QualityVectors.STATISTICS.containsKey(vector.statistic())
                    || AgreementVectors.STATISTICS.containsKey(vector.statistic()))
                answers.put(vector.name(), Vectors.check(vector));
        assertThat(answers).hasSize(26);
        answers.values().removeIf(answer -> answer instanceof Check.Passed);
        assertThat(answers).isEmpty();
    }
}
