package dev.davy.demo.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.strict.Audio;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechTest {
    private static final int CLIPS = 60;

    @TempDir private Path folder = Path.of("");

    @Test
    void theSameSeedSpeaksTheSameToTheBitAndAnotherSeedOtherwise() throws IOException {
        var one = written("one", 5, Microphone.USUAL);
        var same = written("same", 5, Microphone.USUAL);
        var other = written("other", 6, Microphone.USUAL);
        assertThat(lines(same)).isEqualTo(lines(one));
        assertThat(lines(other)).isNotEqualTo(lines(one));
        for (var line : lines(one).subList(1, CLIPS + 1))
            assertThat(file(same, line)).as(line).hasSameBinaryContentAs(file(one, line));
    }

    @Test
    void davyReadsEveryRecordingAndItsTruthIsOneOfElevenWords() throws IOException {
        var said = new HashSet<String>();
        var clips = written("clips", 9, Microphone.USUAL);
        for (var line : lines(clips).subList(1, CLIPS + 1)) {
            said.add(line.split(",")[1]);
            var sound = Audio.decode(Files.readAllBytes(file(clips, line)), Limits.DEFAULT);
            assertThat(sound.rate()).isEqualTo(Voice.RATE);
            assertThat(sound.channels()).isEqualTo(1);
            double seconds = sound.samples().length / (double) Voice.RATE;
            assertThat(seconds).as(line).isBetween(0.25, 1.1);
        }
        assertThat(said).hasSize(11).contains("silence", "zero", "nine");
    }

    /// The resonances are where the sounds say: more of an "i" lies around its second one than
    /// between the two, and the other way round for an "a".
    @Test
    void vowelsDifferByTheirResonances() {
        var voice = new Voice("even", 120, 1, 1);
        for (var word : List.of(Word.THREE, Word.ONE)) {
            var said = voice.says(word, new SplittableRandom(3));
            double high = power(said, 2_250);
            double low = power(said, 1_000);
            if (word == Word.THREE) assertThat(high).isGreaterThan(low);
            else assertThat(low).isGreaterThan(high);
        }
    }

    @Test
    void theCheapMicrophoneCutsOffWhatIsLoudAndTheUsualDoesNot() throws IOException {
        assertThat(clipped(written("usual", 7, Microphone.USUAL))).isCloseTo(0, within(0.0005));
        assertThat(clipped(written("cheap", 7, Microphone.CHEAP))).isGreaterThan(0.005);
    }

    /// Goertzel's (1958), summed over half the word.
    private static double power(float[] samples, double hertz) {
        double back = 2 * Math.cos(2 * Math.PI * hertz / Voice.RATE);
        double sum = 0;
        int block = 160;
        for (int from = samples.length / 3; from + block < samples.length; from += block) {
            double last = 0;
            double before = 0;
            for (int at = from; at < from + block; at++) {
                double now = samples[at] + back * last - before;
                before = last;
                last = now;
            }
            sum += last * last + before * before - back * last * before;
        }
        return sum;
    }

    private static double clipped(Path clips) throws IOException {
        long all = 0;
        long full = 0;
        for (var line : lines(clips).subList(1, CLIPS + 1))
            for (var sample :
                    Audio.decode(Files.readAllBytes(file(clips, line)), Limits.DEFAULT).samples()) {
                all++;
                if (Math.abs(sample) > 0.999) full++;
            }
        return (double) full / all;
    }

    private Path written(String name, long seed, Microphone microphone) throws IOException {
        var clips = folder.resolve(name);
        SpeechFolder.write(clips, seed, CLIPS, microphone);
        return clips;
    }

    private static List<String> lines(Path clips) throws IOException {
        return Files.readAllLines(clips.resolve("clips.csv"));
    }

    private static Path file(Path clips, String line) {
        return clips.resolve(line.split(",")[0]);
    }
}
