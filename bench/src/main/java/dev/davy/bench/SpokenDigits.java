package dev.davy.bench;

import dev.davy.runtime.media.Resampling;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.strict.Audio;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Recordings of spoken digits (FSDD) and of noise (Speech Commands), at 16 kHz, and what may
/// happen to them on the way to a server.
final class SpokenDigits {
    /// Of the noises; the digits are recorded at half of it, and doubled.
    private static final int RATE = 16_000;

    /// Of a clip that is cut short goes so much at either end.
    private static final double CUT = 0.2;

    private final List<float[]> clips = new ArrayList<>();
    private final List<float[]> noises = new ArrayList<>();

    /// @param data the folder of the test data
    SpokenDigits(Path data) throws IOException {
        for (var file : wavs(data.resolve("fsdd/recordings"))) clips.add(samples(file));
        for (var file : wavs(data.resolve("speech-commands/background_noise")))
            noises.add(samples(file));
    }

    private static List<Path> wavs(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".wav")).sorted().toList();
        }
    }

    private static float[] samples(Path wav) throws IOException {
        var sound = Audio.decode(Files.readAllBytes(wav), Limits.DEFAULT);
        return Resampling.resample(
                Resampling.mono(sound.samples(), sound.channels()), sound.rate(), RATE);
    }

    int size() {
        return clips.size();
    }

    float[] clip(int place) {
        return clips.get(place);
    }

    static float[] cutShort(float[] clip) {
        int cut = (int) (CUT * clip.length);
        return Arrays.copyOfRange(clip, cut, clip.length - cut);
    }

    /// With one of the noises mixed in, so many decibels below the clip.
    float[] noisy(float[] clip, double decibels, RandomGenerator random) {
        var noise = noises.get(random.nextInt(noises.size()));
        int from = random.nextInt(noise.length - clip.length);
        var part = Arrays.copyOfRange(noise, from, from + clip.length);
        double gain = rms(clip) / rms(part) * Math.pow(10, -decibels / 20);
        var mixed = clip.clone();
        for (int i = 0; i < mixed.length; i++) mixed[i] += (float) (gain * part[i]);
        return mixed;
    }

    private static double rms(float[] samples) {
        double squares = 0;
        for (float each : samples) squares += (double) each * each;
        return Math.sqrt(squares / samples.length);
    }

    /// As a caller sends it: a WAV file of 16 bits.
    static Row row(float[] samples) {
        int bytes = 2 * samples.length;
        var wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + bytes).put(ascii("WAVEfmt ")).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
        wav.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(bytes);
        for (float each : samples)
            wav.putShort(
                    (short)
                            Math.clamp(
                                    Math.round(each * 32_768f), Short.MIN_VALUE, Short.MAX_VALUE));
        return Row.of("audio", new Media("audio/wav", wav.array()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
