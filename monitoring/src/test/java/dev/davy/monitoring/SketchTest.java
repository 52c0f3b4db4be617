package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SketchTest {
    private static Sketch of(double... numbers) {
        var sketch = new Sketch(40);
        for (double number : numbers) sketch.add(number);
        return sketch;
    }

    private static double[] numbers(Random chance, int kind, int count) {
        return chance.doubles(count)
                .map(u ->
                        switch (kind) {
                            case 0 -> 300 + 5 * u;
                            case 1 -> Math.exp(20 * u - 10);
                            case 2 -> Math.rint(8 * u) - 4;
                            case 3 -> (u - 0.5) * 1e300;
                            default -> -Math.abs(u) * 1e-12;
                        })
                .toArray();
    }

    @Test
    void quantilesAreAsNearAsTheSketchSays() {
        var chance = new Random(20_251_121);
        for (int kind = 0; kind < 5; kind++) {
            var numbers = numbers(chance, kind, 5_000);
            var sketch = of(numbers);
            Arrays.sort(numbers);
            for (double share : new double[] {0.01, 0.25, 0.5, 0.75, 0.99}) {
                double exact = numbers[(int) (share * (numbers.length - 1))];
                assertThat(sketch.at(share).orElseThrow())
                        .as("kind %d, share %s", kind, share)
                        .isCloseTo(
                                exact,
                                within(Math.abs(exact) * sketch.accuracy() * (1 + 1e-9) + 1e-300));
            }
        }
    }

    @Test
    void aNarrowRangeFarFromZeroIsResolved() {
        var sketch = of(numbers(new Random(7), 0, 10_000));
        assertThat(sketch.accuracy()).isLessThan(0.001);
    }

    @Test
    void fewDifferentNumbersAreCountedExactly() {
        var sketch = of(1, 2, 2, 3, 3, 3, 0, -1);
        assertThat(sketch.accuracy()).isCloseTo(Sketch.FINEST, within(1e-12));
        assertThat(sketch.at(0.5).orElseThrow()).isCloseTo(2, within(2 * Sketch.FINEST));
        assertThat(sketch.count()).isEqualTo(8);
    }

    @Test
    void mergingIsExactInWhateverOrder() {
        var chance = new Random(20_251_122);
        for (int round = 0; round < 200; round++) {
            var a = of(numbers(chance, chance.nextInt(5), chance.nextInt(200)));
            var b = of(numbers(chance, chance.nextInt(5), chance.nextInt(200)));
            var c = of(numbers(chance, chance.nextInt(5), chance.nextInt(200)));
            assertThat(a.merge(b).merge(c))
                    .as("round %d", round)
                    .isEqualTo(c.merge(b.merge(a)))
                    .isEqualTo(b.merge(c.merge(a)));
            assertThat(a.merge(new Sketch(40))).isEqualTo(a);
        }
    }

    @Test
    void mergedIsWhatAllNumbersTogetherMake() {
        var numbers = numbers(new Random(3), 1, 3_000);
        var parts = new Sketch(40);
        for (int from = 0; from < numbers.length; from += 100)
            parts = parts.merge(of(Arrays.copyOfRange(numbers, from, from + 100)));
        assertThat(parts).isEqualTo(of(numbers));
    }

    @Test
    void readsWhatItWrote() {
        for (int kind = 0; kind < 5; kind++) {
            var sketch = of(numbers(new Random(kind), kind, 500));
            var out = Bytes.toWrite();
            sketch.write(out);
            assertThat(Sketch.read(Bytes.toRead(out.written()), 40)).isEqualTo(sketch);
        }
    }
}
