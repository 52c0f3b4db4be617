package dev.davy.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.stats.selective.Risk;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {
    private static final List<Output> LABEL =
            List.of(new Output("label", new OutputKind.Category(List.of("ok", "scratch"))));

    @Test
    void isAnErrorOrARecall() {
        assertThat(Target.of("error <= 1%", LABEL).risk()).isEqualTo(new Risk.Wrong(0.01));
        assertThat(Target.of("recall(scratch) >= 99%", LABEL).risk())
                .isEqualTo(new Risk.Missed("scratch", 0.01));
    }

    @Test
    void isTheSameHoweverItWasWritten() {
        for (var text : List.of("recall(scratch)>=99%", " recall( 'scratch' ) >= 0.99"))
            assertThat(Target.of(text, LABEL))
                    .isEqualTo(Target.of("recall(scratch) >= 99%", LABEL))
                    .hasToString("recall(scratch) >= 99%");
        assertThat(Target.of("error <= 0.5%", LABEL)).hasToString("error <= 0.5%");
    }

    @Test
    void saysWhatIsWrongWithIt() {
        refused("accuracy > 9", "must be like error <= 1%");
        refused("error >= 1%", "bounded from above: error <= 1%");
        refused("error(scratch) <= 1%", "say recall(scratch)");
        refused("recall >= 99%", "Recall is of a class");
        refused("recall(scratch) <= 99%", "recall(scratch) >= 99%");
        refused("recall(scrach) >= 99%", "Did you mean 'scratch'?");
        refused("error <= 0%", "between 0% and 100%");
        refused("error <= 100%", "between 0% and 100%");
        assertThatThrownBy(() ->
                        Target.of(
                                "error <= 1%",
                                List.of(new Output("price", new OutputKind.Number()))))
                .hasMessageContaining("'price'");
    }

    private static void refused(String text, String because) {
        assertThatThrownBy(() -> Target.of(text, LABEL)).hasMessageContaining(because);
    }
}
