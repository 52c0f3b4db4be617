package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfidencesTest {
    private record Answer(String said, double confidence, boolean right) {}

    private static Confidences of(List<Answer> answers) {
        var builder = new Confidences.Builder();
        for (var each : answers) builder.add(each.said(), each.confidence(), 1, each.right());
        return builder.build();
    }

    @Test
    void whichOfManyClassesAreToldApartDependsOnNothingButTheClasses() {
        var chance = new Random(4);
        var answers = new ArrayList<Answer>();
        for (int i = 0; i < 3_000; i++)
            answers.add(
                    new Answer(
                            "class-" + (int) (120 * Math.pow(chance.nextDouble(), 3)),
                            chance.nextInt(20) / 20.0 + 0.025,
                            chance.nextBoolean()));
        var whole = of(answers);
        var classes = whole.cells().keySet().stream().map(Confidences.Key::said);
        assertThat(classes.collect(Collectors.toSet()))
                .hasSize(Confidences.CLASSES_MOST + 1)
                .contains(Confidences.OTHER);
        assertThat(whole.weight()).isEqualTo(3_000);
        for (int round = 0; round < 20; round++) {
            Collections.shuffle(answers, chance);
            int cut = chance.nextInt(answers.size());
            var merged =
                    of(answers.subList(0, cut)).merge(of(answers.subList(cut, answers.size())));
            assertThat(weights(merged)).as("cut at %d", cut).isEqualTo(weights(whole));
            // What is taken away again was never there.
            var more = of(answers.subList(0, cut));
            var rest = whole.merge(more).minus(more);
            assertThat(weights(rest)).as("without %d", cut).isEqualTo(weights(whole));
        }
    }

    private static String weights(Confidences of) {
        var text = new StringBuilder();
        of.cells()
                .forEach(
                        (key, cell) -> text.append(key).append(cell.weight()).append(cell.right()));
        return text.toString();
    }
}
