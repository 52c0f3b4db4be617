package dev.davy.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangesTest {
    @Test
    void everyRowIsInOneRangeAndNoneIsLargerThanAPiece() {
        var random = new Random(20_261_121);
        for (int turn = 0; turn < 200; turn++) {
            var groups = new ArrayList<Long>();
            for (int i = random.nextInt(40); i > 0; i--)
                groups.add(random.nextLong(random.nextBoolean() ? 300_000 : 5_000_000));
            long end = 0;
            for (var range : ParquetSource.ranges(groups)) {
                assertThat(range[0]).as("%s", groups).isEqualTo(end);
                assertThat(range[1] - range[0]).as("%s", groups).isBetween(1L, 1L << 20);
                end = range[1];
            }
            assertThat(end).isEqualTo(groups.stream().mapToLong(Long::longValue).sum());
        }
    }

    @Test
    void smallRowGroupsAreReadTogether() {
        assertThat(ParquetSource.ranges(List.of(122_880L, 122_880L, 122_880L, 5L)))
                .containsExactly(new long[] {0, 245_760}, new long[] {245_760, 368_645});
    }
}
