package dev.davy.bench;

import dev.davy.monitoring.pipeline.Asked;
import dev.davy.monitoring.pipeline.Stretch;
import dev.davy.monitoring.pipeline.Verdict;
import dev.davy.server.Davy;
import dev.davy.server.Settings;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Origin;
import dev.davy.strict.Limits;
import dev.davy.strict.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/// The example of the voice digits with real models and real recordings: voice activity detection,
/// then the recogniser. Callers' traffic, what may go wrong with it, and what is said of that.
final class VoicePipeline implements AutoCloseable {
    private static final String NAME = "voice-digits";
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String WHO = "bench";

    /// What happens in an hour, and what is to be said of it.
    enum Trouble {
        NOTHING("nothing", "nobody"),
        CUT_SHORT("clips cut short at the ends", "input"),
        NOISE("noise at 20 to 0 dB", "input"),
        NOISE_20("noise at 20 dB", "input"),
        NOISE_10("noise at 10 dB", "input"),
        NOISE_5("noise at 5 dB", "input"),
        NOISE_0("noise at 0 dB", "input"),
        DETECTOR("detector without its context", "vad"),
        RECOGNISER("recogniser with shuffled classes", "recogniser");

        final String what;

        /// Who is to blame: `input`, `nobody`, or a component.
        final String blamed;

        Trouble(String what, String blamed) {
            this.what = what;
            this.blamed = blamed;
        }

        /// Whether it is one level of the noise alone.
        boolean isLevel() {
            return switch (this) {
                case NOISE_20, NOISE_10, NOISE_5, NOISE_0 -> true;
                case NOTHING, CUT_SHORT, NOISE, DETECTOR, RECOGNISER -> false;
            };
        }
    }

    private final Davy davy;
    private final SpokenDigits digits;
    private int hours;

    /// @param data the folder of the test data
    /// @param work an empty folder
    VoicePipeline(Path root, Path data, Path work) throws IOException {
        digits = new SpokenDigits(data);
        var example = root.resolve("examples/voice-digits");
        davy = Davy.open(Settings.of(work.resolve("data")));
        var silero = data.resolve("silero-vad/silero_vad.onnx");
        var kws = data.resolve("matchboxnet-kws/matchboxnet.onnx");
        push("silero", example, silero, work.resolve("silero-1"), UnaryOperator.identity());
        push(
                "silero",
                example,
                silero,
                work.resolve("silero-2"),
                text -> text.replaceAll("context: [0-9]+", "context: 0"));
        push("kws", example, kws, work.resolve("kws-1"), UnaryOperator.identity());
        push(
                "kws",
                example,
                kws,
                work.resolve("kws-2"),
                text ->
                        text.replace("[visual, wow,", "[wow,")
                                .replace("\"yes\"]", "\"yes\", visual]"));
        var yaml =
                Files.readString(example.resolve("real.yaml"))
                        .replace("blobs: 1 MB/s", "blobs: all");
        for (var document :
                Yaml.read(yaml.getBytes(StandardCharsets.UTF_8), "real.yaml", Limits.DEFAULT))
            davy.endpoints().apply(Endpoints.read(document), WHO, "", false);
    }

    private void push(
            String model, Path example, Path file, Path folder, UnaryOperator<String> descriptor)
            throws IOException {
        Files.createDirectories(folder);
        Files.copy(file, folder.resolve(file.getFileName()));
        var yaml = Files.readString(example.resolve("models").resolve(model).resolve("model.yaml"));
        Files.writeString(folder.resolve("model.yaml"), descriptor.apply(yaml));
        davy.models().push(model, folder, WHO, "");
    }

    /// One verdict.
    ///
    /// @param silent the share of clips in which no speech was found
    record Said(Trouble trouble, String blamed, Verdict verdict, double silent) {
        boolean right() {
            return blamed.equals(trouble.blamed);
        }
    }

    /// An hour of clean clips as the reference, then for each trouble an hour of other clips with
    /// it.
    ///
    /// @param rows of each hour of trouble; the reference has twice as many
    List<Said> run(List<Trouble> troubles, int rows, long seed) {
        var random = new Random(seed);
        var order = new ArrayList<Integer>();
        for (int i = 0; i < digits.size(); i++) order.add(i);
        Collections.shuffle(order, random);
        var reference = hour(order.subList(0, 2 * rows), Trouble.NOTHING, random);
        var rest = new ArrayList<>(order.subList(2 * rows, order.size()));
        var said = new ArrayList<Said>();
        for (var trouble : troubles) {
            Collections.shuffle(rest, random);
            var hour = hour(rest.subList(0, rows), trouble, random);
            var verdict =
                    davy.attributions()
                            .verdict(
                                    new Asked(
                                            NAME,
                                            hour.stretch(),
                                            reference.stretch(),
                                            Origin.LIVE,
                                            rows,
                                            seed));
            said.add(new Said(trouble, blamed(verdict), verdict, hour.silent()));
        }
        return said;
    }

    private record Hour(Stretch stretch, double silent) {}

    private Hour hour(List<Integer> clips, Trouble trouble, Random random) {
        var from = START.plus(HOUR.multipliedBy(hours++));
        live(trouble, 2);
        var endpoint = davy.endpoint(NAME);
        int silent = 0;
        for (int i = 0; i < clips.size(); i++) {
            var sound = SpokenDigits.row(troubled(digits.clip(clips.get(i)), trouble, random));
            var at = from.plus(HOUR.multipliedBy(i).dividedBy(clips.size()));
            var said =
                    endpoint.predict(
                            List.of(sound),
                            new dev.davy.serving.Asked(
                                    Optional.empty(),
                                    Optional.empty(),
                                    Origin.LIVE,
                                    Optional.of(at),
                                    Optional.empty(),
                                    Long.MAX_VALUE));
            if ("silence".equals(said.getFirst().outputs().get("word"))) silent++;
        }
        live(trouble, 1);
        return new Hour(new Stretch(from, from.plus(HOUR)), (double) silent / clips.size());
    }

    /// Puts a bad version in, or the good one back.
    private void live(Trouble trouble, int version) {
        var component = Optional.of(trouble.blamed);
        if (trouble == Trouble.DETECTOR)
            davy.endpoints().switchLive(NAME, component, "silero/" + version, WHO, "");
        if (trouble == Trouble.RECOGNISER)
            davy.endpoints().switchLive(NAME, component, "kws/" + version, WHO, "");
    }

    private float[] troubled(float[] clip, Trouble trouble, Random random) {
        return switch (trouble) {
            case NOTHING, DETECTOR, RECOGNISER -> clip;
            case CUT_SHORT -> SpokenDigits.cutShort(clip);
            case NOISE -> digits.noisy(clip, 20 * random.nextDouble(), random);
            case NOISE_20 -> digits.noisy(clip, 20, random);
            case NOISE_10 -> digits.noisy(clip, 10, random);
            case NOISE_5 -> digits.noisy(clip, 5, random);
            case NOISE_0 -> digits.noisy(clip, 0, random);
        };
    }

    private static String blamed(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Nothing _ -> "nobody";
            case Verdict.InputDrifted _ -> "input";
            case Verdict.ComponentChanged changed -> changed.name();
            case Verdict.Several(var all) ->
                    String.join(" and ", all.stream().map(VoicePipeline::blamed).toList());
            case Verdict.Unexplained _ -> "unexplained";
            case Verdict.TooEarly _ -> "too early";
        };
    }

    @Override
    public void close() {
        davy.close();
    }
}
