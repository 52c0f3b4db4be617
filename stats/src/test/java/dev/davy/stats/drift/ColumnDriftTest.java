package dev.davy.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnDriftTest {
    private static final int ROWS = 5_000;

    private static double[] constant(double value) {
        var numbers = new double[ROWS];
        Arrays.fill(numbers, value);
        return numbers;
    }

    @Test
    void aConstantThatBeginsToVaryIsElsewhere() {
        // Within half a unit of it, as prices that are scaled to 0..1.
        var now = new Random(1).doubles(ROWS, 0, 0.02).toArray();
        var drift = ColumnDrift.ofNumbers(constant(0.003467), 0, now, 0);
        assertThat(drift.size()).isEqualTo(1);
        assertThat(drift.pValue().orElseThrow()).isLessThan(1e-12);
        assertThat(drift.cells().appeared()).containsExactly(Cells.OUTSIDE);
        assertThat(drift.cells().vanished()).containsExactly("0.003467");
    }

    @Test
    void aConstantThatStaysIsQuiet() {
        var drift = ColumnDrift.ofNumbers(constant(7), 0, constant(7), 0);
        assertThat(drift.size()).isZero();
        assertThat(drift.pValue().orElse(1)).isCloseTo(1, within(1e-9));
    }

    @Test
    void yesAndNoAsNumbersAreTwoCells() {
        var before = new Random(2).doubles(ROWS).map(each -> each < 0.5 ? 1 : 0).toArray();
        var now = new Random(3).doubles(ROWS).map(each -> each < 0.7 ? 1 : 0).toArray();
        assertThat(ColumnDrift.ofNumbers(before, 0, now, 0).size()).isCloseTo(0.2, within(0.03));
    }

    @Test
    void aColumnThatIsMostlyZeroShowsWhereItsRestWent() {
        var chance = new Random(4);
        var before =
                chance.doubles(ROWS).map(each -> each < 0.8 ? 0 : chance.nextDouble()).toArray();
        var now =
                chance.doubles(ROWS)
                        .map(each -> each < 0.8 ? 0 : 0.9 + chance.nextDouble() / 10)
                        .toArray();
        var same =
                chance.doubles(ROWS).map(each -> each < 0.8 ? -0.0 : chance.nextDouble()).toArray();
        assertThat(ColumnDrift.ofNumbers(before, 0, now, 0).size()).isGreaterThan(0.15);
        assertThat(ColumnDrift.ofNumbers(before, 0, same, 0).size()).isLessThan(0.05);
    }

    @Test
    void withoutTiesTheCellsAreDeciles() {
        var numbers = new Random(5).doubles(ROWS).toArray();
        var cells = ColumnDrift.ofNumbers(numbers, 0, numbers, 0).cells();
        assertThat(cells.size()).isEqualTo(10);
        for (int i = 0; i < 10; i++)
            assertThat(cells.referenceShare(i)).isCloseTo(0.1, within(0.001));
    }
}
