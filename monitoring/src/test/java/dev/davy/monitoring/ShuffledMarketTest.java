package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
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

    private static double[][] market() throws IOException {
        var file = shared("elec2/elec.csv.gz");
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

    private static Path shared(String name) {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
            if (Files.exists(at.resolve("shared/data").resolve(name)))
                return at.resolve("shared/data").resolve(name);
        Assumptions.abort("no test data: ../shared/data/" + name + " is not beside this checkout");
        throw new IllegalStateException("skipped");
    }

    private static List<Seen> windows(double[][] rows) {
        var windows = new ArrayList<Seen>();
        for (int from = 0; from + A_WEEK <= rows.length; from += A_WEEK) {
            var builder = new Window.Builder();
            for (int i = from; i < from + A_WEEK; i++) {
                builder.predictions++;
                builder.inputsKept++;
                for (int c = 0; c < COLUMNS.size(); c++)
                    builder.input(COLUMNS.get(c)).number(rows[i][c]);
            }
            windows.add(
                    new Seen(
                            BEGIN.plus(Duration.ofMinutes(30L * from)),
                            builder.build(),
                            Quality.EMPTY));
        }
        return windows;
    }

    private record Alarm(int window, String column, String why) {}

    /// Alarms as they would be kept: one that goes on is one.
    private static List<Alarm> alarms(List<Seen> windows) {
        var normal = new Normal(windows.subList(0, REFERENCE));
        var monitors = Judge.monitors(PLAN, normal.whole());
        var alarms = new ArrayList<Alarm>();
        var fine = new HashMap<String, Integer>();
        for (int i = REFERENCE; i < windows.size(); i++)
            for (var monitor : monitors) {
                var recent = windows.subList(Math.max(REFERENCE, i - Judge.RECENT + 1), i + 1);
                var said = Judge.judge(monitor, normal, recent, PLAN, Judge.priced(monitors));
                switch (said) {
                    case Judgement.Bad bad -> {
                        if (fine.getOrDefault(monitor.name(), Course.FINE_WINDOWS)
                                >= Course.FINE_WINDOWS)
                            alarms.add(new Alarm(i, monitor.name(), bad.why()));
                        fine.put(monitor.name(), 0);
                    }
                    case Judgement.Fine _ -> fine.merge(monitor.name(), 1, Integer::sum);
                    case Judgement.TooEarly _ -> {}
                }
            }
        return alarms;
    }

    private static double[][] shuffled(double[][] rows, int block, Random chance) {
        var starts = new ArrayList<Integer>();
        for (int from = 0; from + block <= rows.length; from += block) starts.add(from);
        Collections.shuffle(starts, chance);
        var shuffled = new double[starts.size() * block][];
        for (int b = 0; b < starts.size(); b++)
            System.arraycopy(rows, starts.get(b), shuffled, b * block, block);
        return shuffled;
    }

    @Test
    void asItWasTheNeighboursColumnsRingFirst() throws IOException {
        var alarms = alarms(windows(market()));
        assertThat(alarms).noneMatch(each -> each.window() < JOINS);
        assertThat(alarms.stream().filter(each -> each.window() <= JOINS + 2))
                .extracting(Alarm::column)
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
                var all = windows(shuffled(rows, block, chance));
                alarms += alarms(all).size();
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
