package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelValuesTest {
    private static final List<String> METRIC = List.of("outputs", "power");

    @Test
    void whatCameFirstKeepsItsNameAndTheRestIsOther() {
        var values = new LabelValues(2);
        assertThat(values.of(METRIC, Map.of("m", 3L))).isEqualTo(Map.of("m", 3L));
        assertThat(values.of(METRIC, Map.of("a", 1L, "b", 2L, "m", 4L)))
                .isEqualTo(Map.of("m", 4L, "a", 1L, "other", 2L));
        assertThat(values.of(METRIC, Map.of("b", 2L, "other", 5L))).isEqualTo(Map.of("other", 7L));
        assertThat(values.of(List.of("outputs", "loan"), Map.of("b", 2L)))
                .isEqualTo(Map.of("b", 2L));
    }

    @Test
    void nothingIsLostAndNoCounterRunsBackward() {
        for (long seed = 0; seed < 50; seed++) {
            var chance = new Random(seed);
            var values = new LabelValues(10);
            var counts = new HashMap<String, Long>();
            var before = new HashMap<String, Long>();
            for (int scrape = 0; scrape < 20; scrape++) {
                for (int i = 0; i < 30; i++) counts.merge("c" + chance.nextInt(60), 1L, Long::sum);
                var bounded = values.of(METRIC, counts);
                assertThat(bounded).as("seed %d", seed).hasSizeLessThanOrEqualTo(11);
                assertThat(sum(bounded)).as("seed %d", seed).isEqualTo(sum(counts));
                before.forEach((name, count) ->
                        assertThat(bounded.getOrDefault(name, 0L)).isGreaterThanOrEqualTo(count));
                before.putAll(bounded);
            }
        }
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
