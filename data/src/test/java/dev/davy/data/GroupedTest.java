package dev.davy.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.davy.schema.ColumnType;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupedTest {
    @TempDir private Path folder;

    private Path table(int rows, int groups) throws IOException {
        var random = new Random(5);
        var text = new StringBuilder("x,group\n");
        for (int i = 0; i < rows; i++)
            text.append(i % 10 == 0 ? "" : "" + random.nextDouble())
                    .append(",g")
                    .append(i % groups)
                    .append('\n');
        return Files.writeString(folder.resolve("t.csv"), text);
    }

    private static Map<String, Map<String, Sample>> read(Path file, String by, int room, long most)
            throws IOException {
        try (var table = Table.open(file, Reading.DEFAULT)) {
            var typed = Typed.of(table, Map.of("x", ColumnType.NUMBER, "group", ColumnType.TEXT));
            return Grouped.read(typed, List.of("x"), by.isEmpty() ? null : by, room, most);
        }
    }

    @Test
    void whatFitsIsKeptWhole() throws IOException {
        var sample = sample(read(table(1_000, 1), "", 1_000, 10_000), "");
        assertThat(sample.numbers().values()).hasSize(900);
        assertThat(sample.numbers().of()).isEqualTo(900);
        assertThat(sample.missing()).isEqualTo(100);
    }

    @Test
    void beyondItsRoomEveryNumberHasTheSameChance() throws IOException {
        var sample = sample(read(table(50_000, 1), "", 4_000, 1_000_000), "");
        var kept = sample.numbers();
        assertThat(kept.values()).hasSize(4_000);
        assertThat(kept.of()).isEqualTo(45_000);
        assertThat(sample.missing()).isEqualTo(5_000);
        // Evenly from 0 to 1: the mean of 4,000 has a deviation of 0.0046.
        assertThat(Arrays.stream(kept.values()).average().orElse(0)).isCloseTo(0.5, within(0.02));
    }

    @Test
    void allGroupsTogetherStayWithinTheirLimit() throws IOException {
        var groups = read(table(60_000, 30), "group", 1_000, 8_000);
        assertThat(groups).hasSize(30);
        long held =
                groups.values().stream()
                        .mapToLong(each -> sample(Map.of("", each), "").numbers().values().length)
                        .sum();
        assertThat(held).isBetween(3_000L, 8_000L);
        // Every tenth row lacks its number, and 10 divides 30: whole groups are missing.
        assertThat(groups.values())
                .allSatisfy(each -> {
                    var sample = sample(Map.of("", each), "");
                    assertThat(sample.numbers().of() + sample.missing()).isEqualTo(2_000);
                });
    }

    @Test
    void theSameFileGivesTheSameSample() throws IOException {
        var file = table(20_000, 3);
        var first = sample(read(file, "group", 500, 900), "g1").numbers().values();
        assertThat(sample(read(file, "group", 500, 900), "g1").numbers().values()).isEqualTo(first);
    }

    @Test
    void moreGroupsThanAPersonCanReadAreRefused() throws IOException {
        var file = table(5_000, 2_000);
        assertThatThrownBy(() -> read(file, "group", 500, 900))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("too-many-groups"));
    }

    private static Sample sample(Map<String, Map<String, Sample>> groups, String group) {
        var found = groups.getOrDefault(group, Map.of()).get("x");
        if (found == null) throw new AssertionError(groups.keySet().toString());
        return found;
    }
}
