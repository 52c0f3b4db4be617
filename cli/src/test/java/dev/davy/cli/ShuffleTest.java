package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShuffleTest {
    private static final Instant MONDAY = Instant.parse("2026-11-16T00:00:00Z");

    /// Three weeks in hours, each with its number.
    private static List<PastRow> hours() {
        var rows = new ArrayList<PastRow>();
        for (int i = 0; i < 21 * 24; i++)
            rows.add(
                    new PastRow(
                            i + 2,
                            MONDAY.plus(Duration.ofHours(i)),
                            new PastRow.Content(
                                    new byte[0],
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of("" + i))));
        return rows;
    }

    private static List<Integer> numbers(List<PastRow> rows) {
        return rows.stream().map(row -> Integer.parseInt(row.what().key().orElseThrow())).toList();
    }

    @Test
    void timesStayAndEveryRowIsThereOnce() {
        var hours = hours();
        for (var how : Shuffle.values()) {
            var shuffled = how.of(hours, 7);
            assertThat(shuffled.stream().map(PastRow::at))
                    .isEqualTo(hours.stream().map(PastRow::at).toList());
            assertThat(numbers(shuffled))
                    .as("%s", how)
                    .containsExactlyInAnyOrderElementsOf(numbers(hours));
            if (how != Shuffle.NONE)
                assertThat(numbers(shuffled)).as("%s", how).isNotEqualTo(numbers(hours));
        }
        assertThat(numbers(Shuffle.NONE.of(hours, 7))).isEqualTo(numbers(hours));
    }

    @Test
    void aDayOrAWeekStaysTogether() {
        for (int seed = 0; seed < 50; seed++) {
            var days = numbers(Shuffle.DAY.of(hours(), seed));
            for (int i = 0; i < days.size(); i++)
                assertThat(days.get(i))
                        .as("seed %d", seed)
                        .isEqualTo(days.get(i / 24 * 24) + i % 24);
            var weeks = numbers(Shuffle.WEEK.of(hours(), seed));
            for (int i = 0; i < weeks.size(); i++)
                assertThat(weeks.get(i))
                        .as("seed %d", seed)
                        .isEqualTo(weeks.get(i / 168 * 168) + i % 168);
        }
    }

    @Test
    void theSameSeedIsTheSameShuffle() {
        for (var how : Shuffle.values())
            assertThat(numbers(how.of(hours(), 3))).isEqualTo(numbers(how.of(hours(), 3)));
        assertThat(numbers(Shuffle.WHOLE.of(hours(), 3)))
                .isNotEqualTo(numbers(Shuffle.WHOLE.of(hours(), 4)));
    }

    @Test
    void aDelayIsATimeOrANumberOfRows() {
        assertThat(Delay.read("30m")).isEqualTo(new Delay.After(Duration.ofMinutes(30)));
        assertThat(Delay.read("2d")).isEqualTo(new Delay.After(Duration.ofDays(2)));
        assertThat(Delay.read("10 rows")).isEqualTo(new Delay.Rows(10));
        assertThat(Delay.read("1 row")).isEqualTo(new Delay.Rows(1));
        assertThatThrownBy(() -> Delay.read("soon"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("10 rows");
    }
}
