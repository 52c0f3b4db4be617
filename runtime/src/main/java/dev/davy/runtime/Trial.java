package dev.davy.runtime;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Loads and runs a model with made inputs in a child process, before anything else may run it.
public final class Trial {
    /// Loading and all runs together, of a processor's time.
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /// By the clock it may take so many times as long: it gives way to everything else.
    private static final int BY_THE_CLOCK = 3;

    private Trial() {}

    /// What the trial found.
    ///
    /// @param signature the tensors as they really are: where the file leaves a shape open, as seen
    /// @param batches whether rows of different callers may share a run
    /// @param notes what a person should know: why it does not batch, NaN, no memory limit here
    /// @param loading until the model was loaded, the child's own start not counted
    /// @param running one run of one row, the median of those tried; zero when none went well
    /// @param memoryBytes the child's greatest resident memory; 0 when it cannot be told here
    /// @param notFinite NaN and infinite numbers among the outputs for made inputs
    public record Report(
            Signature signature,
            boolean batches,
            List<String> notes,
            Duration loading,
            Duration running,
            long memoryBytes,
            long notFinite) {
        public Report {
            notes = List.copyOf(notes);
        }

        public JsonNode json() {
            var json = Json.object();
            json.set("signature", signature.json());
            json.put("batches", batches);
            json.set("notes", Json.tree(notes));
            json.put("loading-nanos", loading.toNanos());
            json.put("running-nanos", running.toNanos());
            json.put("memory-bytes", memoryBytes);
            json.put("not-finite", notFinite);
            return json;
        }

        /// What [#json] wrote.
        ///
        /// @throws dev.davy.strict.Problem when it is something else
        public static Report read(JsonNode json) {
            var fields = Fields.of(json, "The trial's report");
            var signature = fields.object("signature");
            var report =
                    new Report(
                            Signature.read(signature),
                            fields.flag("batches", false),
                            fields.texts("notes"),
                            Duration.ofNanos(fields.integer("loading-nanos", 0, Long.MAX_VALUE)),
                            Duration.ofNanos(fields.integer("running-nanos", 0, Long.MAX_VALUE)),
                            fields.integer("memory-bytes", 0, Long.MAX_VALUE),
                            fields.integer("not-finite", 0, Long.MAX_VALUE));
            fields.done();
            return report;
        }
    }

    /// Tries the model of a bundle, within a memory limit by its size, 20 s of a processor's time
    /// and a minute by the clock.
    ///
    /// @throws dev.davy.strict.Problem `UNACCEPTABLE` when it cannot be loaded or run:
    ///   `model-not-loadable`, `model-too-slow`, `model-crashes`, `model-failed`,
    ///   `model-broke-contract`; `UNAVAILABLE` when no child can be started, and `machine-busy`
    public static Report run(Bundle bundle, Limits limits) {
        var memoryBytes = Isolated.Settings.of(bundle).memoryBytes();
        return run(bundle, limits, memoryBytes, LONGEST, LONGEST.multipliedBy(BY_THE_CLOCK));
    }

    /// As above, with limits of its own.
    ///
    /// @param memoryBytes what the model may take, above what its process needs
    /// @param longest of a processor's time
    /// @param clock how long it may take by the clock
    static Report run(
            Bundle bundle, Limits limits, long memoryBytes, Duration longest, Duration clock) {
        long deadline = System.nanoTime() + clock.toNanos();
        // The trial ends first, so that there is one word for what took too long.
        var settings = new Isolated.Settings(memoryBytes, clock.multipliedBy(2));
        try (var time = new ProcessorTime(longest);
                var model = Isolated.raw(bundle, settings, time::of)) {
            try {
                var child = model.child(deadline);
                try (var session = model.open()) {
                    return new Trying(bundle, limits, session, deadline).report(child);
                }
            } catch (Problem problem) {
                if (time.isOver()) throw tooSlow(longest);
                if (problem.kind() != Problem.Kind.DEADLINE) throw refused(problem);
                // It may be loading yet, where nobody else would end it.
                time.kill();
                throw isBusy(time.used(), longest) ? busy(time.used(), clock) : tooSlow(longest);
            }
        }
    }

    /// Whether it was the machine that was slow: where nobody tells what the child got, the model
    /// is taken to be.
    static boolean isBusy(Duration used, Duration longest) {
        return used.isPositive() && used.multipliedBy(2).compareTo(longest) < 0;
    }

    private static Problem tooSlow(Duration longest) {
        return refused(
                "model-too-slow",
                "Loading it and running one made row took longer than "
                        + longest.toSeconds()
                        + " s.",
                "Make the model faster, or look for a loop that does not end.");
    }

    private static Problem busy(Duration used, Duration clock) {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "machine-busy",
                "The model could not be tried.",
                "In %d s its process got %.1f s of a processor: the machine is busy, or the model waits for something."
                        .formatted(clock.toSeconds(), used.toNanos() / 1e9),
                "Push it again when the machine has less to do.");
    }

    /// What fails here is the artifact's fault, not a request's.
    private static Problem refused(Problem problem) {
        return switch (problem.kind()) {
            case MODEL_FAILED -> refused(problem.code(), problem.why(), problem.todo());
            case UNAVAILABLE -> {
                if (!problem.code().equals("model-died")) yield problem;
                yield refused(
                        "model-crashes",
                        "The process that ran it with made inputs ended: it crashed or took more memory than it may have.",
                        "Run the model by itself with one row, and check the memory that it takes.");
            }
            default -> problem;
        };
    }

    private static Problem refused(String code, String why, String todo) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE, code, "The model cannot be taken.", why, todo);
    }
}
