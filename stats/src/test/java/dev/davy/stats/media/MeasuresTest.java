package dev.davy.stats.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return bytes;
    }

    @Test
    void whiteIsOneBlackIsZeroAndHalfOfEachIsHalfWithTheGreatestContrast() {
        var white = PictureMeasures.of(2, 1, 3, bytes(255, 255, 255, 255, 255, 255));
        assertThat(white).isEqualTo(new PictureMeasures(2, 1, 1, 0));
        assertThat(PictureMeasures.of(1, 1, 1, bytes(0)).brightness()).isZero();
        var both = PictureMeasures.of(2, 1, 1, bytes(0, 255));
        assertThat(both.brightness()).isEqualTo(0.5);
        assertThat(both.contrast()).isEqualTo(0.5);
    }

    @Test
    void coloursWeighAsBt709Says() {
        assertThat(PictureMeasures.of(1, 1, 3, bytes(255, 0, 0)).brightness())
                .isCloseTo(0.2126, within(1e-4));
        assertThat(PictureMeasures.of(1, 1, 3, bytes(0, 255, 0)).brightness())
                .isCloseTo(0.7152, within(1e-4));
        assertThat(PictureMeasures.of(1, 1, 3, bytes(0, 0, 255)).brightness())
                .isCloseTo(0.0722, within(1e-4));
    }

    @Test
    void greyInColourIsTheSameGreyAndOpacityDoesNotCount() {
        var random = new Random(7);
        for (int round = 0; round < 50; round++) {
            int side = 1 + random.nextInt(20);
            var grey = new byte[side * side];
            random.nextBytes(grey);
            var colour = new byte[4 * grey.length];
            for (int i = 0; i < grey.length; i++) {
                for (int c = 0; c < 3; c++) colour[4 * i + c] = grey[i];
                colour[4 * i + 3] = (byte) random.nextInt(256);
            }
            var plain = PictureMeasures.of(side, side, 1, grey);
            var same = PictureMeasures.of(side, side, 4, colour);
            assertThat(same.brightness()).as("round %d", round).isEqualTo(plain.brightness());
            assertThat(same.contrast()).as("round %d", round).isEqualTo(plain.contrast());
        }
    }

    @Test
    void aPictureWithBytesMissingIsNone() {
        assertThatThrownBy(() -> PictureMeasures.of(2, 2, 3, new byte[11]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 by 2");
    }

    @Test
    void aSineAtFullScaleHasARootMeanSquareOfHalfTheRootOfTwo() {
        var sine = new float[8_000];
        for (int i = 0; i < sine.length; i++)
            sine[i] = (float) Math.sin(2 * Math.PI * 440 * i / 8_000);
        var of = RecordingMeasures.of(8_000, 1, sine);
        assertThat(of.seconds()).isEqualTo(1);
        assertThat(of.volume()).isCloseTo(Math.sqrt(0.5), within(1e-4));
        // A sine is below 1 % for 2 asin(0.01) / pi of the time, and from 99 % on for the rest
        // of what asin(0.99) leaves.
        assertThat(of.silence()).isCloseTo(2 * Math.asin(0.01) / Math.PI, within(0.005));
        assertThat(of.clipping()).isCloseTo(1 - 2 * Math.asin(0.99) / Math.PI, within(0.005));
        var stereo = RecordingMeasures.of(8_000, 2, sine);
        assertThat(stereo.seconds()).isEqualTo(0.5);
        assertThat(stereo.volume()).isEqualTo(of.volume());
    }

    @Test
    void nothingIsSilentAndAllOfTheLoudestIsClipped() {
        assertThat(RecordingMeasures.of(16_000, 1, new float[16_000]))
                .isEqualTo(new RecordingMeasures(16_000, 1, 0, 1, 0));
        var loud =
                RecordingMeasures.of(8_000, 1, new float[] {1, -1, 127 / 128f, 32_767 / 32_768f});
        assertThat(loud.clipping()).isEqualTo(1);
    }
}
