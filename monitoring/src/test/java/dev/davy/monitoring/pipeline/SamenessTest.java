package dev.davy.monitoring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.Prediction.Numbers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamenessTest {
    @Test
    void roundingIsNoDifference() {
        assertThat(Sameness.same(Map.of("a", 0.5), Map.of("a", 0.5004))).isTrue();
        assertThat(Sameness.same(Map.of("a", 0.5), Map.of("a", 0.502))).isFalse();
        assertThat(Sameness.same(Map.of("a", 10_000.0), Map.of("a", 10_009L))).isTrue();
        assertThat(Sameness.same(Map.of("a", Double.NaN), Map.of("a", Double.NaN))).isTrue();
        assertThat(Sameness.same(Map.of("a", Double.NaN), Map.of("a", 1.0))).isFalse();
    }

    @Test
    void aMissingOutputIsLeftOutOrWithoutAValue() {
        var nothing = new HashMap<String, Object>();
        nothing.put("a", null);
        assertThat(Sameness.same(nothing, Map.of())).isTrue();
        assertThat(Sameness.same(Map.of(), Map.of("a", "x"))).isFalse();
    }

    @Test
    void vectorsAreTheSameNumberByNumber() {
        var one = new Numbers("FP32", Arrays.asList(1f, 2f));
        assertThat(
                        Sameness.same(
                                Map.of("v", one),
                                Map.of("v", new Numbers("FP64", List.of(1.0, 2.0)))))
                .isTrue();
        assertThat(Sameness.same(Map.of("v", one), Map.of("v", new Numbers("FP32", List.of(1f)))))
                .isFalse();
    }

    @Test
    void aRulesTruthIsAText() {
        assertThat(Sameness.same(Map.of("yes", true), Map.of("yes", "true"))).isTrue();
    }
}
