package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.davy.bench.PastReplay.Rang;
import dev.davy.bench.PastSets.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real tables, played with `davy replay`: what rings, when, and how right the model was.
/// `bench/run monitoring` prints the same as tables.
@Tag("slow")
class PastReplayTest {
    @TempDir private Path folder = Path.of("");

    private PastSet set(Source source) throws IOException {
        var data = Pipeline.data(Path.of("").toAbsolutePath());
        assumeTrue(data.isPresent(), "no test data: ../shared/data is not beside this checkout");
        var sets = new PastSets(data.get(), folder);
        assumeTrue(sets.has(source), "no test data: " + source.folder);
        return sets.set(source);
    }

    @Test
    void theNeighbourThatJoinsTheMarketRingsWithinThreeWindowsAndNeverBefore() throws Exception {
        var set = set(Source.MARKET);
        try (var replay = PastReplay.of(set, folder.resolve("data"))) {
            var rang = replay.rang();
            for (var watch : set.expected()) assertThat(first(set, rang, watch)).isBetween(1L, 3L);
            // The published accuracy of the rule that nothing changes, which beats the model.
            var quality =
                    replay.health(PastSets.MARKET_BEGINS, set.end().plusSeconds(1))
                            .at("/quality/0");
            assertThat(quality.at("/baselines/unchanged").asDouble())
                    .isCloseTo(0.853, within(5e-4));
            assertThat(quality.path("realised").asDouble()).isLessThan(0.853);
        }
    }

    @Test
    void theSensorsOutliersRingInTheirWindowAndNoOtherValueDoes() throws Exception {
        var set = set(Source.WEATHER);
        try (var replay = PastReplay.of(set, folder.resolve("data"))) {
            var single = replay.rang().stream().filter(Rang::single).toList();
            assertThat(single).hasSize(1);
            assertThat(single.getFirst().watch()).isEqualTo("input.feat_3");
            assertThat(single.getFirst().why()).contains("5,504");
            assertThat(set.windows(single.getFirst().since())).isEqualTo(1);
        }
    }

    @Test
    void truthWithoutABookingIsCountedAndQualityIsForeseen() throws Exception {
        var set = set(Source.HOTEL);
        try (var replay = PastReplay.of(set, folder.resolve("data"))) {
            var since = replay.since(set.change());
            assertThat(replay.orphans()).isEqualTo(125);
            // What was expected before truth came is what it came to be.
            var quality = since.at("/quality/0");
            assertThat(quality.path("estimated").asDouble())
                    .isCloseTo(quality.path("realised").asDouble(), within(0.02));
            assertThat(quality.path("realised").asDouble())
                    .isLessThan(quality.path("normal").asDouble() - 0.08);
            assertThat(first(set, replay.rang(), "quality.cancels.accuracy")).isBetween(1L, 3L);
        }
    }

    /// In which window after the change it rang; what rang before is below 1.
    private static long first(PastSet set, List<Rang> rang, String watch) {
        return rang.stream()
                .filter(each -> each.watch().equals(watch))
                .mapToLong(each -> set.windows(each.since()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(watch + " did not ring, but " + rang));
    }
}
