package dev.davy.cli;

import dev.davy.demo.phones.Conditions;
import dev.davy.demo.phones.TrainingFolder;
import dev.davy.demo.speech.Microphone;
import dev.davy.demo.speech.SpeechFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What `davy demo` writes instead of running: what the examples learn from and are tried with.
final class WriteOptions {
    private static final int MOST = 1_000_000;

    @Option(
            names = "--write-photos",
            paramLabel = "DIR",
            description = "no server: write photos with their truth, to train a model on")
    private @Nullable Path photosTo;

    @Option(names = "--photos", paramLabel = "N", description = "how many to write (10000)")
    private int photos = 10_000;

    @Option(names = "--png", description = "each photo as a file of its own")
    private boolean png;

    @Option(
            names = "--light",
            paramLabel = "PERCENT",
            description = "of the lamps, as they were installed (100)")
    private double light = 100;

    @Option(
            names = "--write-speech",
            paramLabel = "DIR",
            description = "no server: write spoken digits with their truth, as WAV files")
    private @Nullable Path speechTo;

    @Option(names = "--clips", paramLabel = "N", description = "how many to write (1000)")
    private int clips = 1_000;

    @Option(names = "--microphone", paramLabel = "WHICH", description = "usual or cheap (usual)")
    private Microphone microphone = Microphone.USUAL;

    boolean wanted() {
        return photosTo != null || speechTo != null;
    }

    /// Why they can't be written so, if they can't.
    Optional<String> misused() {
        if (photosTo != null && speechTo != null)
            return Optional.of("--write-photos and --write-speech are two commands");
        if (photos < 1 || photos > MOST) return Optional.of("photos is " + photos);
        if (clips < 1 || clips > MOST) return Optional.of("clips is " + clips);
        if (!(light > 0 && light <= 400)) return Optional.of("light is " + light);
        return Optional.empty();
    }

    void write(Terminal terminal, long seed, Conditions conditions) throws IOException {
        if (photosTo != null) {
            var lit = conditions.light(light / 100);
            if (png) TrainingFolder.writeEach(photosTo, seed, photos, lit);
            else TrainingFolder.write(photosTo, seed, photos, lit);
            terminal.line(photos + " photos are in " + photosTo.toAbsolutePath() + ".");
        } else if (speechTo != null) {
            SpeechFolder.write(speechTo, seed, clips, microphone);
            terminal.line(clips + " recordings are in " + speechTo.toAbsolutePath() + ".");
        }
    }
}
