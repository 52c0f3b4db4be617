package dev.davy.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BlobBudgetTest {

    @Test
    void keepsEverythingWithinTheBudget() {
        var budget = new BlobBudget(1_000_000, 0);
        for (int i = 0; i < 100; i++) {
            float probability = budget.probability(i * 10_000_000L);
            assertThat(budget.keep(5_000, probability)).isTrue();
            assertThat(probability).isEqualTo(1);
        }
    }

    @Test
    void keepsTheBudgetUnderTenTimesTheLoadAndSaysWithWhichProbability() {
        var budget = new BlobBudget(1_000_000, 0);
        long kept = 0;
        double claimed = 0;
        int counted = 0;
        for (int millis = 0; millis < 20_000; millis++) {
            float probability = budget.probability(millis * 1_000_000L);
            boolean taken = budget.keep(10_000, probability);
            if (millis >= 1_000) {
                if (taken) kept += 10_000;
                claimed += probability;
                counted++;
            }
        }
        assertThat(kept / 19.0).isBetween(800_000.0, 1_200_000.0);
        assertThat(claimed / counted).isCloseTo(0.1, within(0.01));
    }

    @Test
    void keepsNothingWithoutABudget() {
        var budget = new BlobBudget(0, 0);
        for (int i = 0; i < 100; i++)
            assertThat(budget.keep(1, budget.probability(i * 1_000_000_000L))).isFalse();
    }
}
