package dev.davy.review.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.strict.Audio;
import dev.davy.strict.Images;
import dev.davy.strict.Limits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OcclusionTest {
    private static Images.Pixels noise(int width, int height, int channels) {
        var data = new byte[width * height * channels];
        new Random(20_251_120).nextBytes(data);
        return new Images.Pixels(width, height, channels, data, "image/png");
    }

    private static byte[] bytes(Row row) {
        return ((Media) Objects.requireNonNull(row.at("x"))).bytes();
    }

    private static Asking model(ToDoubleFunction<byte[]> score) {
        return rows -> rows.stream().mapToDouble(row -> score.applyAsDouble(bytes(row))).toArray();
    }

    private static int largest(List<Double> values) {
        return IntStream.range(0, values.size())
                .boxed()
                .max(Comparator.comparing(values::get))
                .orElseThrow();
    }

    /// What is not covered stays to the last bit, in each kind of picture.
    @Test
    void coversOnlyWhatItCovers() {
        for (int channels : new int[] {1, 3, 4}) {
            var pixels = noise(33, 17, channels);
            var covered =
                    Images.decode(new Picture(pixels).covered(4, 2, 12, 9).bytes(), Limits.DEFAULT);
            assertThat(covered.channels()).isEqualTo(channels);
            for (int y = 0; y < 17; y++)
                for (int x = 0; x < 33; x++) {
                    boolean patch = x >= 4 && x < 12 && y >= 2 && y < 9;
                    int at = (y * 33 + x) * channels;
                    if (!patch)
                        assertThat(covered.data()[at])
                                .as("%d,%d of %d channels", x, y, channels)
                                .isEqualTo(pixels.data()[at]);
                    else if (channels < 4)
                        assertThat(covered.data()[at] & 0xFF).isBetween(110, 145);
                }
        }
    }

    /// A model that looks at one place: there the map is largest, and zero far from it.
    @Test
    void findsThePlaceThatCounts() {
        var pixels = noise(64, 48, 1);
        pixels.data()[30 * 64 + 50] = (byte) 255;
        Asking model =
                model(file -> Images.decode(file, Limits.DEFAULT).data()[30 * 64 + 50] & 0xFF);
        var row = Row.of("x", new Media("image/png", new byte[0]));
        var grid = new Occlusion(model, row, "x").of(new Picture(pixels), 8, 255);
        assertThat(grid.rows()).isEqualTo(8);
        assertThat(grid.columns()).isEqualTo(8);
        // 50 of 64 is in the seventh column, 30 of 48 in the sixth row.
        assertThat(largest(grid.values())).isEqualTo(5 * 8 + 6);
        assertThat(grid.values().get(0)).isZero();
        assertThat(grid.values().get(5 * 8 + 6)).isGreaterThan(100);
        assertThat(grid.values().get(5 * 8 + 3)).isZero();
    }

    @Test
    void ofATinyPictureEachPixelIsACell() {
        var grid =
                new Occlusion(
                                rows -> new double[rows.size()],
                                Row.of("x", new Media("image/png", new byte[0])),
                                "x")
                        .of(new Picture(noise(3, 1, 3)), 8, 0);
        assertThat(grid.values()).hasSize(3);
    }

    private static Audio.Sound tone(int rate, int channels, double seconds) {
        int frames = (int) (rate * seconds);
        var samples = new float[frames * channels];
        for (int i = 0; i < samples.length; i++)
            samples[i] = (float) Math.sin(i / (double) channels * 0.3) / 2;
        return new Audio.Sound(rate, channels, samples, List.of(), "audio/wav");
    }

    @Test
    void mutesOnlyWhatItMutes() {
        var sound = tone(8_000, 2, 0.5);
        var muted = Audio.decode(new Recording(sound).muted(1_000, 1_500).bytes(), Limits.DEFAULT);
        assertThat(muted.rate()).isEqualTo(8_000);
        assertThat(muted.channels()).isEqualTo(2);
        assertThat(muted.warnings()).isEmpty();
        for (int i = 0; i < sound.samples().length; i++)
            assertThat(muted.samples()[i])
                    .isEqualTo(i >= 2_000 && i < 3_000 ? 0 : sound.samples()[i]);
    }

    /// A model that listens to the third quarter of a second.
    @Test
    void findsTheStretchThatCounts() {
        var recording = new Recording(tone(8_000, 1, 1));
        ToDoubleFunction<byte[]> loudness =
                file -> {
                    var samples = Audio.decode(file, Limits.DEFAULT).samples();
                    double sum = 0;
                    for (int i = 4_000; i < 6_000; i++) sum += samples[i] * samples[i];
                    return sum;
                };
        double base = loudness.applyAsDouble(recording.muted(0, 0).bytes());
        var grid =
                new Occlusion(
                                model(loudness),
                                Row.of("x", new Media("audio/wav", new byte[0])),
                                "x")
                        .of(recording, 16, base);
        assertThat(grid.rows()).isEqualTo(1);
        assertThat(grid.seconds()).isEqualTo(1, within(1e-9));
        var counts = new ArrayList<Integer>();
        // What lies beside it is half covered with it.
        for (int i = 0; i < 16; i++) if (grid.values().get(i) > base / 5) counts.add(i);
        assertThat(counts).containsExactly(8, 9, 10, 11);
    }
}
