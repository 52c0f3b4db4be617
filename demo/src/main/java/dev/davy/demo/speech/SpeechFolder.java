package dev.davy.demo.speech;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Recordings of digits with their truth: WAV files of 8 kHz, and `clips.csv`, a line for each.
public final class SpeechFolder {
    /// In so many of a hundred nobody says anything.
    private static final int QUIET = 8;

    private static final List<Word> WORDS = List.of(Word.values());

    private SpeechFolder() {}

    /// Writes as many recordings as asked for, the same ones for the same seed.
    public static void write(Path folder, long seed, int clips, Microphone microphone)
            throws IOException {
        Files.createDirectories(folder);
        try (var table = Files.newBufferedWriter(SafePath.inside(folder, "clips.csv"))) {
            table.write("file,truth,speaker\n");
            for (int number = 0; number < clips; number++) {
                // Neighbouring seeds and numbers must not sound alike: the generator mixes them.
                var chance = new SplittableRandom(seed * 1_000_003 + number);
                var voice = Voice.ALL.get(chance.nextInt(Voice.ALL.size()));
                boolean quiet = chance.nextInt(100) < QUIET;
                var word = WORDS.get(chance.nextInt(WORDS.size()));
                var truth = quiet ? "silence" : word.word();
                var air = quiet ? new float[between(chance, 400, 900)] : air(voice, word, chance);
                var file = "%05d_%s_%s.wav".formatted(number, truth, voice.name());
                Files.write(SafePath.inside(folder, file), wav(microphone.hears(air, chance)));
                table.write(file + "," + truth + "," + voice.name() + "\n");
            }
        }
    }

    private static int between(RandomGenerator chance, int from, int to) {
        return Voice.RATE * chance.nextInt(from, to) / 1_000;
    }

    /// The word somewhere in a stretch of nothing, as loud as people happen to be.
    private static float[] air(Voice voice, Word word, RandomGenerator chance) {
        var said = voice.says(word, chance);
        double power = 0;
        for (var sample : said) power += (double) sample * sample;
        double wanted = Math.pow(10, Voice.between(chance, -30, -20) / 20);
        double gain = wanted / Math.sqrt(power / said.length + 1e-12);
        int begins = between(chance, 40, 140);
        var air = new float[begins + said.length + between(chance, 40, 140)];
        for (int at = 0; at < said.length; at++) air[begins + at] = (float) (gain * said[at]);
        return air;
    }

    /// Mono, 16 bits (RIFF, Microsoft and IBM 1991).
    private static byte[] wav(short[] samples) {
        int bytes = 2 * samples.length;
        var file = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(US_ASCII)).putInt(36 + bytes).put("WAVE".getBytes(US_ASCII));
        file.put("fmt ".getBytes(US_ASCII)).putInt(16).putShort((short) 1).putShort((short) 1);
        file.putInt(Voice.RATE).putInt(2 * Voice.RATE).putShort((short) 2).putShort((short) 16);
        file.put("data".getBytes(US_ASCII)).putInt(bytes);
        for (var sample : samples) file.putShort(sample);
        return file.array();
    }
}
