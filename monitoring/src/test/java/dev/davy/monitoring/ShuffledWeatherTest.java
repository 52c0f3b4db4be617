package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.Origin;
import java.io.IOException;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The weather of fifty years in windows of 30 days, judged by the rules alone: years in another
/// order, where nothing changes over time and whatever rings rings falsely.
class ShuffledWeatherTest {
    private static final Instant BEGIN = Instant.parse("1949-05-01T00:00:00Z");
    private static final int A_WINDOW = 30;
    private static final int A_YEAR = 365;
    private static final int SEEDS = 20;

    /// Nine years.
    private static final int REFERENCE = 109;

    private static final List<String> COLUMNS =
            IntStream.rangeClosed(1, 8).mapToObj(each -> "feat_" + each).toList();

    private static final Plan PLAN =
            new Plan(
                    Duration.ofDays(A_WINDOW),
                    Origin.REPLAY,
                    new Plan.Reference.First(Duration.ofDays((long) A_WINDOW * REFERENCE)),
                    1.0 / 12,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of());

    private static double[][] weather() throws IOException {
        var lines = Files.readAllLines(shared("noaa-weather-bellevue/weather.csv"));
        var rows = new double[lines.size() - 1][COLUMNS.size()];
        for (int i = 0; i < rows.length; i++) {
            var cells = lines.get(i + 1).split(",", -1);
            for (int c = 0; c < COLUMNS.size(); c++) rows[i][c] = Double.parseDouble(cells[c]);
        }
        return rows;
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
        for (int from = 0; from + A_WINDOW <= rows.length; from += A_WINDOW) {
            var builder = new Window.Builder();
            for (int i = from; i < from + A_WINDOW; i++) {
                builder.predictions++;
                builder.inputsKept++;
                for (int c = 0; c < COLUMNS.size(); c++)
                    builder.input(COLUMNS.get(c)).number(rows[i][c]);
            }
            windows.add(
                    new Seen(BEGIN.plus(Duration.ofDays(from)), builder.build(), Quality.EMPTY));
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

    /// Years stay whole, for a year is what comes again.
    @Test
    void shuffledByYearsItRingsNoMoreOftenThanIsPaidFor() throws IOException {
        var rows = weather();
        var chance = new Random(365);
        long alarms = 0;
        long windows = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var all = windows(shuffled(rows, A_YEAR, chance));
            alarms += alarms(all).size();
            windows += all.size() - REFERENCE;
        }
        double years = windows * 30 / 365.0;
        System.out.printf(
                "| NOAA shuffled by years | %d seeds, %,d windows | %d alarms in %.0f years |%n",
                SEEDS, windows, alarms, years);
        System.out.printf("| NOAA as it was | %d alarms |%n", alarms(windows(rows)).size());
        assertThat(alarms / years).isLessThanOrEqualTo(12 * PLAN.falseAlarms());
    }
}
