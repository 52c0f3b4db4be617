package dev.davy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantilesTest {

    @Test
    void isWithinOnePercentOfTheTrueQuantile() {
        var random = new Random(20_261_121);
        for (int round = 0; round < 60; round++) {
            int shape = random.nextInt(5);
            double scale = Math.pow(10, random.nextInt(40) - 20);
            var numbers = new double[1 + random.nextInt(4_000)];
            for (int i = 0; i < numbers.length; i++)
                numbers[i] =
                        scale
                                * switch (shape) {
                                    case 0 -> random.nextGaussian();
                                    case 1 -> Math.exp(3 * random.nextGaussian());
                                    case 2 -> -Math.exp(random.nextGaussian());
                                    case 3 -> random.nextInt(3) - 1;
                                    default -> Math.round(random.nextGaussian() * 10);
                                };
            var quantiles = new Quantiles();
            for (double number : numbers) quantiles.add(number);
            Arrays.sort(numbers);
            for (int percent = 0; percent <= 100; percent++) {
                double share = percent / 100.0;
                double exact = numbers[(int) Math.floor(share * (numbers.length - 1))];
                assertThat(quantiles.at(share).orElseThrow())
                        .as(
                                "round %d, shape %d, %d %% of %d",
                                round, shape, percent, numbers.length)
                        .isCloseTo(exact, within(1.0000001 * Quantiles.ACCURACY * Math.abs(exact)));
            }
        }
    }

    @Test
    void knowsNothingOfNothing() {
        assertThat(new Quantiles().at(0.5)).isEmpty();
    }
}
