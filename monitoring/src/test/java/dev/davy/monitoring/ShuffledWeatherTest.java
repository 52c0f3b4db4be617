package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
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

    private static final ShuffledPast PAST = new ShuffledPast(PLAN, REFERENCE);

    private static double[][] weather() throws IOException {
        var lines = Files.readAllLines(ShuffledPast.shared("noaa-weather-bellevue/weather.csv"));
        var rows = new double[lines.size() - 1][COLUMNS.size()];
        for (int i = 0; i < rows.length; i++) {
            var cells = lines.get(i + 1).split(",", -1);
            for (int c = 0; c < COLUMNS.size(); c++) rows[i][c] = Double.parseDouble(cells[c]);
        }
        return rows;
    }

    private static List<Seen> windows(double[][] rows) {
        return PAST.windows(rows, A_WINDOW, COLUMNS, from -> BEGIN.plus(Duration.ofDays(from)));
    }

    /// Years stay whole, for a year is what comes again.
    @Test
    void shuffledByYearsItRingsNoMoreOftenThanIsPaidFor() throws IOException {
        var rows = weather();
        var chance = new Random(365);
        long alarms = 0;
        long windows = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var all = windows(ShuffledPast.shuffled(rows, A_YEAR, chance));
            alarms += PAST.alarms(all).size();
            windows += all.size() - REFERENCE;
        }
        double years = windows * 30 / 365.0;
        System.out.printf(
                "| NOAA shuffled by years | %d seeds, %,d windows | %d alarms in %.0f years |%n",
                SEEDS, windows, alarms, years);
        System.out.printf("| NOAA as it was | %d alarms |%n", PAST.alarms(windows(rows)).size());
        assertThat(alarms / years).isLessThanOrEqualTo(12 * PLAN.falseAlarms());
    }
}
