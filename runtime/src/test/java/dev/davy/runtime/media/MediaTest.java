package dev.davy.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import dev.davy.runtime.media.Scaling.Method;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MediaTest {
    private static float[] pattern(int width, int height) {
        var pixels = new float[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) pixels[y * width + x] = (x * 37 + y * 91) % 256;
        return pixels;
    }

    private static void same(float[] actual, double... expected) {
        assertThat(actual).hasSize(expected.length);
        for (int at = 0; at < expected.length; at++)
            assertThat((double) actual[at])
                    .as("number %d", at)
                    .isCloseTo(expected[at], within(1e-3));
    }

    /// Pillow 12, `Image.fromarray(a, "F").resize(size, Image.BILINEAR)`.
    @Test
    void scalesAsPillowDoes() {
        var image = pattern(7, 5);
        same(
                Scaling.scale(image, 7, 5, 1, 3, 2, Method.BILINEAR),
                98.610,
                129.444,
                129.182,
                106.065,
                118.417,
                128.325);
        same(
                Scaling.scale(image, 7, 5, 1, 4, 7, Method.BILINEAR),
                19.381,
                76.960,
                145.040,
                202.619,
                71.381,
                128.960,
                167.783,
                115.299,
                132.898,
                135.446,
                152.326,
                72.327,
                189.190,
                54.160,
                71.040,
                128.619,
                80.041,
                82.589,
                136.040,
                193.619,
                75.381,
                132.960,
                122.046,
                148.905,
                127.381,
                184.960,
                68.720,
                54.619);
        same(
                Scaling.scale(image, 7, 5, 1, 4, 7, Method.NEAREST),
                0,
                74,
                148,
                222,
                91,
                165,
                239,
                57,
                91,
                165,
                239,
                57,
                182,
                0,
                74,
                148,
                17,
                91,
                165,
                239,
                17,
                91,
                165,
                239,
                108,
                182,
                0,
                74);
    }

    @Test
    void areasKeepTheMean() {
        var random = new Random(3);
        for (int turn = 0; turn < 200; turn++) {
            int width = 1 + random.nextInt(40);
            int height = 1 + random.nextInt(40);
            var image = new float[width * height];
            double sum = 0;
            for (int at = 0; at < image.length; at++) {
                image[at] = random.nextInt(256);
                sum += image[at];
            }
            int w = 1 + random.nextInt(40);
            int h = 1 + random.nextInt(40);
            double scaled = 0;
            for (float value : Scaling.scale(image, width, height, 1, w, h, Method.AREA))
                scaled += value;
            assertThat(scaled / (w * h))
                    .as("%dx%d to %dx%d", width, height, w, h)
                    .isCloseTo(sum / image.length, within(1e-2));
        }
    }

    @Test
    void everyMethodKeepsAPlainImagePlain() {
        for (var method : Method.values())
            for (int size : new int[] {1, 2, 7, 31}) {
                var image = new float[11 * 5 * 3];
                java.util.Arrays.fill(image, 77);
                for (float value : Scaling.scale(image, 11, 5, 3, size, size, method))
                    assertThat(value).isCloseTo(77, offset(1e-3f));
            }
    }

    @Test
    void channelsDoNotMix() {
        var image = new float[6 * 4 * 3];
        for (int at = 0; at < image.length; at++) image[at] = 10 * (at % 3);
        var scaled = Scaling.scale(image, 6, 4, 3, 3, 9, Method.BILINEAR);
        for (int at = 0; at < scaled.length; at++)
            assertThat(scaled[at]).isCloseTo(10 * (at % 3), offset(1e-4f));
    }

    private static float[] tone(int rate, double hertz, int length) {
        var samples = new float[length];
        for (int at = 0; at < length; at++)
            samples[at] = (float) Math.sin(2 * Math.PI * hertz * at / rate);
        return samples;
    }

    @Test
    void aToneStaysATone() {
        for (int[] rates :
                new int[][] {
                    {8_000, 16_000},
                    {16_000, 8_000},
                    {44_100, 16_000},
                    {11_025, 16_000},
                    {48_000, 8_000}
                }) {
            var there = Resampling.resample(tone(rates[0], 440, rates[0]), rates[0], rates[1]);
            var wanted = tone(rates[1], 440, there.length);
            assertThat(there.length).isEqualTo(rates[1]);
            for (int at = 500; at < there.length - 500; at++)
                assertThat(there[at])
                        .as("%d to %d at %d", rates[0], rates[1], at)
                        .isCloseTo(wanted[at], offset(5e-3f));
        }
    }

    @Test
    void whatTheLowerRateCannotHoldIsGone() {
        var there = Resampling.resample(tone(16_000, 6_000, 16_000), 16_000, 8_000);
        for (int at = 500; at < there.length - 500; at++)
            assertThat(there[at]).isCloseTo(0, offset(5e-3f));
    }

    @Test
    void doublingKeepsTheGivenSamples() {
        var samples = new float[100];
        var random = new Random(5);
        for (int at = 0; at < samples.length; at++) samples[at] = random.nextFloat() - 0.5f;
        var doubled = Resampling.resample(samples, 8_000, 16_000);
        assertThat(doubled).hasSize(200);
        for (int at = 0; at < samples.length; at++)
            assertThat(doubled[2 * at]).isCloseTo(samples[at], offset(1e-6f));
    }

    @Test
    void placesInTheMiddle() {
        assertThat(Resampling.place(new float[] {1, 2, 3}, 6, 0.5))
                .containsExactly(0, 1, 2, 3, 0, 0);
        assertThat(Resampling.place(new float[] {1, 2, 3, 4, 5}, 2, 0.5)).containsExactly(2, 3);
        assertThat(Resampling.place(new float[] {1, 2, 3}, 2, 0)).containsExactly(1, 2);
        assertThat(Resampling.place(new float[] {1, 2, 3}, 5, 1)).containsExactly(0, 0, 1, 2, 3);
    }

    @Test
    void mixesToOneChannel() {
        assertThat(Resampling.mono(new float[] {1, 3, -1, 1}, 2)).containsExactly(2, 0);
    }

    @Test
    void aToneIsLoudestInItsBand() {
        var recipe = new Spectrum.Recipe(16_000, 512, 400, 160, 40, 0, 0, 8_000, 1e-6);
        var spectrum = new Spectrum(recipe).of(tone(16_000, 1_000, 16_000));
        assertThat(spectrum).hasSize(40 * 101);
        int loudest = 0;
        for (int band = 0; band < 40; band++)
            if (spectrum[band * 101 + 50] > spectrum[loudest * 101 + 50]) loudest = band;
        // 1000 Hz is 1000 mel of 2840: the 14th of 41 steps.
        assertThat(loudest).isBetween(13, 14);
    }

    @Test
    void refusesRecipesThatCannotBe() {
        assertThatThrownBy(() -> new Spectrum.Recipe(16_000, 500, 400, 160, 40, 0, 0, 8_000, 1e-6))
                .hasMessageContaining("fft is 500");
        assertThatThrownBy(() -> new Spectrum.Recipe(16_000, 512, 513, 160, 40, 0, 0, 8_000, 1e-6))
                .hasMessageContaining("window is 513");
        assertThatThrownBy(() -> new Spectrum.Recipe(8_000, 512, 400, 160, 40, 0, 0, 8_000, 1e-6))
                .hasMessageContaining("half the rate");
        assertThatThrownBy(() -> new Spectrum.Recipe(16_000, 512, 400, 160, 40, 41, 0, 8_000, 1e-6))
                .hasMessageContaining("coefficients");
    }
}
