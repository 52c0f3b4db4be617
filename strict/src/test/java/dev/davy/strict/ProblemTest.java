package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
    private final Problem problem =
            new Problem(Problem.Kind.MALFORMED, "shape-not-allowed", "What.", "Why.", "To do.");

    @Test
    void tellsThreeSentencesAndCarriesNoStack() {
        assertThat(problem).hasMessage("What. Why. To do.");
        assertThat(problem.getStackTrace()).isEmpty();
        assertThat(problem.violations()).isEmpty();
        assertThat(problem.field()).isEmpty();
    }

    @Test
    void tellsAllViolationsAsItsReason() {
        var several =
                new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "c",
                        "What.",
                        List.of("a is 1", "b is 2"),
                        "Do.");
        assertThat(several.why()).isEqualTo("a is 1; b is 2");
        assertThat(several.violations()).containsExactly("a is 1", "b is 2");
    }

    @Test
    void putsOuterFieldsBeforeInnerOnes() {
        assertThat(problem.at("[3]").at("data").at("inputs[0]").field())
                .contains("inputs[0].data[3]");
        assertThat(problem.at("data").code()).isEqualTo("shape-not-allowed");
    }
}
