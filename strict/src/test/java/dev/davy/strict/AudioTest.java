package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AudioTest {
    private static Audio.Sound decode(byte[] file) {
        return Audio.decode(file, Limits.DEFAULT);
    }

    private static ByteBuffer le(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] wav(int codec, int channels, int rate, int bits, byte[] data) {
        return wav(format(codec, channels, rate, bits, channels * bits / 8), data, data.length);
    }

    private static byte[] format(int codec, int channels, int rate, int bits, int frame) {
        return le(16).putShort((short) codec)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * frame)
                .putShort((short) frame)
                .putShort((short) bits)
                .array();
    }

    private static byte[] wav(byte[] format, byte[] data, int declared) {
        return le(28 + format.length + data.length)
                .put(ascii("RIFF"))
                .putInt(20 + format.length + data.length)
                .put(ascii("WAVE"))
                .put(ascii("fmt "))
                .putInt(format.length)
                .put(format)
                .put(ascii("data"))
                .putInt(declared)
                .put(data)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void readsPcmOfEveryWidthAsMinusOneToOne() {
        assertThat(decode(wav(1, 1, 8000, 8, new byte[] {0, (byte) 128, (byte) 255, 64})).samples())
                .containsExactly(-1, 0, 127 / 128f, -0.5f);
        assertThat(
                        decode(
                                        wav(
                                                1,
                                                1,
                                                8000,
                                                16,
                                                le(8).putShort(Short.MIN_VALUE)
                                                        .putShort((short) 0)
                                                        .putShort(Short.MAX_VALUE)
                                                        .putShort((short) -1)
                                                        .array()))
                                .samples())
                .containsExactly(-1, 0, 32767 / 32768f, -1 / 32768f);
        assertThat(
                        decode(
                                        wav(
                                                1,
                                                1,
                                                8000,
                                                24,
                                                new byte[] {
                                                    0, 0, (byte) 0x80, -1, -1, 0x7F, -1, -1, -1
                                                }))
                                .samples())
                .containsExactly(-1, 8388607 / 8388608f, -1 / 8388608f);
        assertThat(
                        decode(
                                        wav(
                                                1,
                                                1,
                                                8000,
                                                32,
                                                le(8).putInt(Integer.MIN_VALUE)
                                                        .putInt(1 << 30)
                                                        .array()))
                                .samples())
                .containsExactly(-1, 0.5f);
        assertThat(
                        decode(wav(3, 1, 8000, 32, le(8).putFloat(0.25f).putFloat(-1).array()))
                                .samples())
                .containsExactly(0.25f, -1);
    }

    @Test
    void interleavesChannelsAndKnowsTheDuration() {
        var sound = decode(wav(1, 2, 100, 16, le(400).putShort(0, (short) 16384).array()));
        assertThat(sound)
                .returns(2, Audio.Sound::channels)
                .returns(100, Audio.Sound::rate)
                .returns("audio/wav", Audio.Sound::contentType);
        assertThat(sound.samples()).hasSize(200).startsWith(0.5f, 0);
        assertThat(sound.duration()).isEqualTo(Duration.ofSeconds(1));
        assertThat(sound.warnings()).isEmpty();
    }

    @Test
    void readsTheExtensibleFormatAndSkipsOtherChunks() {
        var format =
                le(40).put(format(0xFFFE, 1, 16000, 16, 2))
                        .putShort((short) 22)
                        .putShort((short) 16)
                        .putInt(4)
                        .putShort((short) 1)
                        .put(new byte[14])
                        .array();
        assertThat(decode(wav(format, new byte[4], 4)).samples()).hasSize(2);
        var plain = format(1, 1, 16000, 16, 2);
        var file =
                le(12 + 8 + 4 + 24 + 8 + 4)
                        .put(ascii("RIFF"))
                        .putInt(0)
                        .put(ascii("WAVE"))
                        .put(ascii("LIST"))
                        .putInt(3)
                        .put(new byte[4])
                        .put(ascii("fmt "))
                        .putInt(16)
                        .put(plain)
                        .put(ascii("data"))
                        .putInt(4)
                        .put(new byte[4])
                        .array();
        assertThat(decode(file).samples()).hasSize(2);
    }

    @Test
    void takesTheTrueLengthWhereHeadersLie() {
        var format = format(1, 1, 8000, 16, 2);
        for (int declared : new int[] {-1, Integer.MAX_VALUE, 0, 1_000_000_000, 1601}) {
            var sound = decode(wav(format, new byte[1600], declared));
            assertThat(sound.samples()).as("%d", declared).hasSize(800);
            assertThat(sound.warnings()).hasSize(1);
        }
        var less = decode(wav(format, new byte[1600], 100));
        assertThat(less.samples()).hasSize(50);
        var odd = decode(wav(format, new byte[1601], 1601));
        assertThat(odd.samples()).hasSize(800);
        assertThat(odd.warnings()).containsExactly("the last frame is not whole and was left out");
        var whole = wav(format, new byte[1600], 1600);
        for (int length = 46; length < whole.length; length += 13)
            assertThat(decode(Arrays.copyOf(whole, length)).warnings())
                    .anyMatch(each -> each.contains("cut off"));
    }

    @Test
    void refusesImpossibleFormats() {
        var data = new byte[1600];
        var bad =
                new byte[][] {
                    format(1, 1, 0, 16, 2), format(1, 1, -1, 16, 2), format(1, 1, 99, 16, 2),
                            format(1, 1, 768_001, 16, 2), format(1, 0, 8000, 16, 0),
                    format(1, 65_535, 8000, 16, 2), format(1, 33, 8000, 16, 66),
                            format(1, 1, 8000, 3, 1), format(1, 1, 8000, 0, 0),
                            format(1, 1, 8000, 64, 8),
                    format(3, 1, 8000, 16, 2), format(1, 1, 8000, 16, 0), format(1, 2, 8000, 16, 2),
                            new byte[15], new byte[0]
                };
        for (var format : bad)
            assertThat(Problems.code(() -> decode(wav(format, data, data.length))))
                    .isEqualTo("audio-damaged");
        for (var sample : new float[] {Float.NaN, Float.POSITIVE_INFINITY})
            assertThat(
                            Problems.of(() ->
                                            decode(
                                                    wav(
                                                            3,
                                                            1,
                                                            8000,
                                                            32,
                                                            le(8).putFloat(0)
                                                                    .putFloat(sample)
                                                                    .array())))
                                    .why())
                    .contains("Sample 1 is not a finite number");
        assertThat(decode(wav(3, 1, 8000, 32, le(4).putFloat(1.5f).array())).warnings()).hasSize(1);
    }

    @Test
    void refusesFilesWithoutSamplesOrFormat() {
        var whole = wav(1, 1, 8000, 16, new byte[0]);
        assertThat(Problems.code(() -> decode(whole))).isEqualTo("audio-damaged");
        for (int length = 0; length < whole.length; length++) {
            var cut = Arrays.copyOf(whole, length);
            assertThat(Problems.code(() -> decode(cut))).isEqualTo("audio-damaged");
        }
        var early =
                le(24).put(ascii("RIFF"))
                        .putInt(16)
                        .put(ascii("WAVE"))
                        .put(ascii("data"))
                        .putInt(4)
                        .put(new byte[4])
                        .array();
        assertThat(Problems.of(() -> decode(early)).why()).contains("before their format");
        var lying =
                le(24).put(ascii("RIFF"))
                        .putInt(16)
                        .put(ascii("WAVE"))
                        .put(ascii("LIST"))
                        .putInt(-1)
                        .put(new byte[4])
                        .array();
        assertThat(Problems.code(() -> decode(lying))).isEqualTo("audio-damaged");
    }

    @Test
    void namesCodecsAndKindsThatItCannotRead() {
        assertThat(Problems.of(() -> decode(wav(0x11, 1, 8000, 4, new byte[8]))))
                .returns(Problem.Kind.UNSUPPORTED_MEDIA, Problem::kind)
                .returns("It is WAV with IMA ADPCM.", Problem::why);
        assertThat(Problems.of(() -> decode(wav(0x1234, 1, 8000, 16, new byte[8]))).why())
                .contains("0x1234");
        assertThat(Problems.of(() -> decode(ascii("fLaC...."))).why()).contains("audio/flac");
        assertThat(Problems.code(() -> decode(ascii("<html>")))).isEqualTo("audio-damaged");
    }

    @Test
    void refusesRecordingsOverTheLimit() {
        var limits = Limits.DEFAULT.with("audio-duration", "1 s");
        assertThat(Audio.decode(wav(1, 1, 1000, 8, new byte[1000]), limits).samples())
                .hasSize(1000);
        assertThat(Problems.code(() -> Audio.decode(wav(1, 1, 1000, 8, new byte[1001]), limits)))
                .isEqualTo("audio-too-long");
    }

    @Test
    void answersDamagedFilesWithSoundOrAProblem() {
        var random = new Random(8);
        var good = wav(1, 2, 16000, 24, new byte[600]);
        for (int i = 0; i < 20_000; i++) {
            var file = good.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--)
                file[random.nextInt(60)] = (byte) random.nextInt(256);
            try {
                decode(file);
            } catch (Problem problem) {
                assertThat(problem.code()).startsWith("audio-");
            }
        }
    }

    @Test
    void readsTheRecordingsOfTheExamples() throws Exception {
        var folder = SharedData.folder("speech-commands");
        try (var files = Files.walk(folder)) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".wav")).limit(50).toList())
                assertThat(decode(Files.readAllBytes(file)))
                        .as(file.toString())
                        .returns(16_000, Audio.Sound::rate)
                        .returns(1, Audio.Sound::channels);
        }
    }
}
