package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeardTest {
    private final Heard heard = new Heard();

    @Test
    void countsAnswersOfAVersionThatWasGone() {
        heard.stood("a", 0, 100);
        heard.stood("b", 90, Long.MAX_VALUE);
        heard.answer(10, 20, true, "a");
        heard.answer(95, 110, true, "b");
        // Asked while it stood, answered when it was gone: it saw the table of then.
        heard.answer(99, 130, true, "a");
        assertThat(heard.impossible()).isZero();
        heard.answer(101, 140, true, "a");
        heard.answer(102, 141, true, "c");
        // A failure is counted elsewhere.
        heard.answer(103, 142, false, "a");
        assertThat(heard.impossible()).isEqualTo(2);
        assertThat(heard.answers("a")).isEqualTo(3);
    }

    @Test
    void knowsTheLastAnswerOfAVersion() {
        heard.answer(10, 20, true, "a");
        heard.answer(30, 50, true, "a");
        heard.answer(31, 60, true, "b");
        assertThat(heard.last("a", 40)).isEqualTo(50);
        assertThat(heard.last("a", 55)).isEqualTo(55);
    }
}
