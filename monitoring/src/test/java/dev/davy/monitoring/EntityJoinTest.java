package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Which truth of an entity counts for which of its predictions.
class EntityJoinTest {
    private static final long HOUR = Duration.ofHours(1).toMillis() * 1_000;
    private static final EntityJoin LAST = new EntityJoin(false, Duration.ofHours(10));
    private static final EntityJoin ALL = new EntityJoin(true, Duration.ofHours(10));

    private static EntityJoin.Asked asked(int number, long hour) {
        return new EntityJoin.Asked(new UUID(0, number), hour * HOUR);
    }

    private static EntityJoin.Told told(String id, long hour, String replaces) {
        return new EntityJoin.Told(id, hour * HOUR, 0, replaces, Json.object().put("of", id));
    }

    private static final List<EntityJoin.Asked> PREDICTIONS =
            List.of(asked(1, 0), asked(2, 4), asked(3, 8));

    private static SortedMap<Long, String> counts(EntityJoin join, EntityJoin.Told... told) {
        var counts = new TreeMap<Long, String>();
        join.of(PREDICTIONS, List.of(told))
                .forEach((id, each) -> counts.put(id.getLeastSignificantBits(), each.feedback()));
        return counts;
    }

    @Test
    void truthIsOfTheLastPredictionBeforeItWithinItsTime() {
        assertThat(counts(LAST, told("a", 5, ""))).containsExactly(java.util.Map.entry(2L, "a"));
        assertThat(counts(LAST, told("a", 4, ""))).containsExactly(java.util.Map.entry(2L, "a"));
        assertThat(counts(LAST, told("a", 18, ""))).containsExactly(java.util.Map.entry(3L, "a"));
        assertThat(counts(LAST, told("a", 19, ""))).isEmpty();
        assertThat(counts(LAST, told("a", -1, ""))).isEmpty();
    }

    @Test
    void ofSeveralCountsWhatBecameKnownLastAndNotWhatWasCorrected() {
        assertThat(counts(LAST, told("a", 5, ""), told("b", 6, "")))
                .containsExactly(java.util.Map.entry(2L, "b"));
        assertThat(counts(LAST, told("a", 6, ""), told("b", 5, "a")))
                .containsExactly(java.util.Map.entry(2L, "b"));
    }

    @Test
    void whereItIsOfAllItIsOfAllWithinTheirTime() {
        assertThat(counts(ALL, told("a", 9, "")).keySet()).containsExactly(1L, 2L, 3L);
        assertThat(counts(ALL, told("a", 12, "")).keySet()).containsExactly(2L, 3L);
    }

    @Test
    void theOrderInWhichAllCameMakesNoDifference() {
        var random = new Random(20_261_122);
        for (int run = 0; run < 200; run++) {
            var predictions = new ArrayList<EntityJoin.Asked>();
            for (int i = 0; i < 8; i++) predictions.add(asked(i, random.nextInt(20)));
            var truths = new ArrayList<EntityJoin.Told>();
            for (int i = 0; i < 8; i++)
                truths.add(
                        told(
                                "t" + i,
                                random.nextInt(24),
                                random.nextInt(3) == 0 ? "t" + random.nextInt(8) : ""));
            for (var join : List.of(LAST, ALL)) {
                var first = join.of(predictions, truths);
                Collections.shuffle(predictions, random);
                Collections.shuffle(truths, random);
                assertThat(join.of(predictions, truths)).as("run %d", run).isEqualTo(first);
            }
        }
    }
}
