package dev.davy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrequenciesTest {

    @Test
    void isExactUpToAThousandValues() {
        var frequencies = new Frequencies();
        for (int i = 0; i < 3_000; i++) frequencies.add("v" + i % 1_000);
        assertThat(frequencies.complete()).isTrue();
        assertThat(frequencies.values())
                .hasSize(1_000)
                .allSatisfy((_, n) -> assertThat(n).isEqualTo(3));
    }

    @Test
    void countsTheRestTogetherAndStaysExactInWhatItKeeps() {
        var random = new Random(1);
        var truth = new HashMap<String, Long>();
        var values = new ArrayList<String>();
        for (int i = 0; i < 30_000; i++)
            values.add("v" + (int) Math.abs(random.nextGaussian() * 2_000));
        values.forEach(value -> truth.merge(value, 1L, Long::sum));
        var first = of(values);
        assertThat(first.complete()).isFalse();
        assertThat(first.values()).hasSize(1_000);
        assertThat(truth).containsAllEntriesOf(first.values());
        assertThat(first.count()).isEqualTo(30_000);
        for (int round = 0; round < 5; round++) {
            Collections.shuffle(values, random);
            int cut = random.nextInt(values.size());
            var merged = of(values.subList(cut, values.size())).merge(of(values.subList(0, cut)));
            assertThat(merged).as("round %d, cut at %d", round, cut).isEqualTo(first);
        }
    }

    @Test
    void keepsNoneOfTooManyNumbersHoweverTheyAreMerged() {
        var few = new Frequencies();
        few.add("1");
        var many = new Frequencies();
        for (int i = 0; i <= Frequencies.VALUES_MAX; i++) many.add("v" + i);
        var none = many.allOrNone();
        assertThat(none.values()).isEmpty();
        assertThat(none.other()).isEqualTo(Frequencies.VALUES_MAX + 1);
        assertThat(few.merge(none)).isEqualTo(none.merge(few));
        assertThat(few.merge(none).values()).isEmpty();
        assertThat(few.merge(none).other()).isEqualTo(Frequencies.VALUES_MAX + 2);
    }

    private static Frequencies of(Iterable<String> values) {
        var frequencies = new Frequencies();
        values.forEach(frequencies::add);
        return frequencies;
    }
}
