package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// The electricity market (Elec2) in windows of a week, judged by the rules alone: as it was, and
/// shuffled, where nothing changes over time and whatever rings rings falsely.
class ShuffledMarketTest {
    private static final Instant BEGIN = Instant.parse("1996-05-07T00:00:00Z");
    private static final int A_DAY = 48;
    private static final int A_WEEK = 7 * A_DAY;

    /// Of the first year.
    private static final int REFERENCE = 52;

    /// The window in which the neighbour joins the market.
    private static final int JOINS = 17_424 / A_WEEK;

    private static final List<String> COLUMNS =
            List.of("nswprice", "nswdemand", "vicprice", "vicdemand", "transfer");

    private static final Plan PLAN =
            new Plan(
                    Duration.ofDays(7),
                    Origin.REPLAY,
                    new Plan.Reference.First(Duration.ofDays(7L * REFERENCE)),
                    1,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of());

    private static final ShuffledPast PAST = new ShuffledPast(PLAN, REFERENCE);

    private static double[][] market() throws IOException {
        var file = ShuffledPast.shared("elec2/elec.csv.gz");
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            var rows = new double[lines.size() - 1][COLUMNS.size()];
            for (int i = 0; i < rows.length; i++) {
                var cells = lines.get(i + 1).split(",", -1);
                for (int c = 0; c < COLUMNS.size(); c++)
                    rows[i][c] = Double.parseDouble(cells[c + 1]);
            }
            return rows;
        }
    }

    private static List<Seen> windows(double[][] rows) {
        return PAST.windows(
                rows, A_WEEK, COLUMNS, from -> BEGIN.plus(Duration.ofMinutes(30L * from)));
    }

    @Test
    void asItWasTheNeighboursColumnsRingFirst() throws IOException {
        var alarms = PAST.alarms(windows(market()));
        assertThat(alarms).noneMatch(each -> each.window() < JOINS);
        assertThat(alarms.stream().filter(each -> each.window() <= JOINS + 2))
                .extracting(ShuffledPast.Alarm::column)
                .containsExactlyInAnyOrder("input.vicprice", "input.vicdemand", "input.transfer");
    }

    @Test
    void shuffledItRingsNoMoreOftenThanIsPaidFor() throws IOException {
        var rows = market();
        var blocks = new TreeMap<Integer, String>();
        blocks.put(1, "whole");
        blocks.put(A_DAY, "by days");
        blocks.put(A_WEEK, "by weeks");
        blocks.forEach((block, name) -> {
            var chance = new Random(block);
            int seeds = block == 1 ? 20 : 60;
            long alarms = 0;
            long windows = 0;
            for (int seed = 0; seed < seeds; seed++) {
                var all = windows(ShuffledPast.shuffled(rows, block, chance));
                alarms += PAST.alarms(all).size();
                windows += all.size() - REFERENCE;
            }
            double months = windows / (double) PLAN.aMonth();
            System.out.printf(
                    "| Elec2 shuffled %s | %d seeds, %,d windows | %d alarms in %.0f months |%n",
                    name, seeds, windows, alarms, months);
            assertThat(alarms / months).as(name).isLessThanOrEqualTo(PLAN.falseAlarms());
        });
    }
}
