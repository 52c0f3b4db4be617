package dev.davy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialTest {
    private static final Duration SHORT = Duration.ofSeconds(4);
    private static final long ALLOWANCE = 256L << 20;

    /// By the clock, on however busy a machine.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir Path folder;

    private static Trial.Report tried(Path file) {
        return Trial.run(
                Bundle.read(file, Limits.DEFAULT), Limits.DEFAULT, ALLOWANCE, SHORT, PATIENCE);
    }

    private Trial.Report tried(TinyOnnx model) {
        return tried(model.write(folder));
    }

    private static Problem refusal(ThrowingCallable trying) {
        var problem = (Problem) catchThrowable(trying);
        assertThat(problem).isNotNull();
        assertThat(problem.kind()).as("%s", problem).isEqualTo(Problem.Kind.UNACCEPTABLE);
        return problem;
    }

    @Test
    void everyBadModelGetsTheStatedReaction() throws IOException {
        var home = SharedData.folder("bad-inputs");
        var manifest = Json.read(Files.readAllBytes(home.resolve("manifest.json")), Limits.DEFAULT);
        var wrong = new ArrayList<String>();
        int seen = 0;
        for (var entry : manifest.get("files")) {
            if (!entry.get("kind").asString().equals("model")) continue;
            seen++;
            var file = home.resolve(entry.get("file").asString());
            var expected = entry.get("expect").asString();
            boolean refused = expected.contains("422");
            // Returns twice the rows: to be told by an error, and an upload is where it costs
            // least.
            refused |= file.endsWith("wrong-rows.onnx");
            var reaction = "accepted";
            try {
                tried(file);
            } catch (Problem problem) {
                reaction = problem.kind() + " " + problem.getMessage();
                if (problem.toString().contains("/")) wrong.add("a path? " + reaction);
            }
            if (refused != reaction.startsWith("UNACCEPTABLE"))
                wrong.add(file.getFileName() + ": " + expected + " -> " + reaction);
            if (expected.contains("LFS") && !reaction.contains("LFS")) wrong.add(reaction);
            if (expected.contains("outside the bundle") && !reaction.contains("outside the bundle"))
                wrong.add(reaction);
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(20);
    }

    @Test
    void findsThatRowsDoNotInfluenceEachOther() {
        var report =
                tried(
                        new TinyOnnx()
                                .input("x", TinyOnnx.FLOAT, "N", 4)
                                .output("y", TinyOnnx.FLOAT, "N", 4)
                                .add("Relu", "x", "y"));
        assertThat(report.batches()).isTrue();
        assertThat(report.notes()).isEmpty();
        assertThat(report.memoryBytes()).isGreaterThan(10L << 20);
        assertThat(Trial.Report.read(report.json())).isEqualTo(report);
    }

    @Test
    void findsThatRowsInfluenceEachOther() {
        var report =
                tried(
                        new TinyOnnx()
                                .input("x", TinyOnnx.FLOAT, "N", 4)
                                .output("y", TinyOnnx.FLOAT, "N", 4)
                                .add(
                                        "ReduceMean",
                                        "x",
                                        "m",
                                        TinyOnnx.integers("axes", 0),
                                        TinyOnnx.integer("keepdims", 1))
                                .add("Sub", "x m", "y"));
        assertThat(report.batches()).isFalse();
        assertThat(report.notes()).anyMatch(note -> note.contains("influence each other"));
    }

    @Test
    void findsThatAModelFailsOnSeveralRows() {
        var report =
                tried(
                        new TinyOnnx()
                                .input("x", TinyOnnx.FLOAT, "N", 4)
                                .output("y", TinyOnnx.FLOAT, "N", 4)
                                .weights(TinyOnnx.longs("one", new long[] {2}, 1, 4))
                                .add("Reshape", "x one", "y"));
        assertThat(report.batches()).isFalse();
        assertThat(report.notes()).anyMatch(note -> note.contains("fails on several rows"));
    }

    @Test
    void endsATrialThatTakesTooLong() {
        var problem = refusal(() -> tried(OnnxTest.endless()));
        assertThat(problem.code()).isEqualTo("model-too-slow");
    }

    /// One operator that cannot be ended from outside: 2^13 cubed multiplications, many times over.
    @Test
    void killsATrialThatHangsInOneOperator() {
        var hanging =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 1)
                        .output("y", TinyOnnx.FLOAT, "N", 1)
                        .weights(TinyOnnx.longs("shape", new long[] {2}, 9_000, 9_000))
                        .weights(TinyOnnx.longs("axes", new long[] {2}, 0, 1))
                        .add("Expand", "x shape", "a")
                        .add("MatMul", "a a", "b")
                        .add("MatMul", "b b", "c")
                        .add("ReduceSum", "c axes", "s", TinyOnnx.integer("keepdims", 1))
                        .add("Add", "x s", "y");
        var problem =
                refusal(() ->
                        Trial.run(
                                Bundle.read(hanging.write(folder), Limits.DEFAULT),
                                Limits.DEFAULT,
                                3L << 30,
                                Duration.ofMillis(1_500),
                                PATIENCE));
        assertThat(problem.code()).isEqualTo("model-too-slow");
    }

    /// A model on a machine that gives it next to nothing is not slow: the pusher is told to come
    /// back, and not to make it faster. That a minute of the processor's time would not be enough
    /// for this one nobody can know after a second and a half.
    @Test
    void tellsABusyMachineFromASlowModel() {
        var bundle = Bundle.read(OnnxTest.endless().write(folder), Limits.DEFAULT);
        var thrown =
                catchThrowable(() ->
                        Trial.run(
                                bundle,
                                Limits.DEFAULT,
                                ALLOWANCE,
                                Duration.ofMinutes(1),
                                Duration.ofMillis(1_500)));
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
                            assertThat(problem.code()).isEqualTo("machine-busy");
                            assertThat(problem.why()).contains("busy");
                        });
        assertThat(Trial.isBusy(Duration.ofSeconds(9), Duration.ofSeconds(20))).isTrue();
        assertThat(Trial.isBusy(Duration.ofSeconds(11), Duration.ofSeconds(20))).isFalse();
        assertThat(Trial.isBusy(Duration.ZERO, Duration.ofSeconds(20))).isFalse();
    }

    @Test
    void refusesAModelThatTakesMoreMemoryThanItMay() {
        var hungry =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 1)
                        .output("y", TinyOnnx.FLOAT, "N", 1)
                        .weights(TinyOnnx.longs("shape", new long[] {2}, 1 << 20, 1 << 14))
                        .weights(TinyOnnx.longs("axes", new long[] {2}, 0, 1))
                        .add("Expand", "x shape", "a")
                        .add("ReduceSum", "a axes", "s", TinyOnnx.integer("keepdims", 1))
                        .add("Add", "x s", "y");
        var problem = refusal(() -> tried(hungry));
        assertThat(problem.why()).contains("memory");
    }

    @Test
    void triesAModelOfWhichTheFileSaysTooLittle() {
        var report =
                tried(
                        new TinyOnnx()
                                .input("x", TinyOnnx.FLOAT, "", "")
                                .rawOutput(
                                        Proto.message()
                                                .text(1, "y")
                                                .put(
                                                        2,
                                                        Proto.message()
                                                                .put(
                                                                        1,
                                                                        Proto.message()
                                                                                .number(
                                                                                        1,
                                                                                        TinyOnnx
                                                                                                .FLOAT))))
                                .weights(TinyOnnx.floats("w", new long[] {64, 3}, new float[192]))
                                .add("MatMul", "x w", "y"));
        assertThat(report.signature().outputs().getFirst().shape()).containsExactly(-1L, -1L);
    }

    @Test
    void acceptsWhatCannotBeTriedWithAGuess() {
        var report =
                tried(
                        new TinyOnnx()
                                .input("x", TinyOnnx.FLOAT, "N", "")
                                .output("y", TinyOnnx.FLOAT, "N", 3)
                                .weights(TinyOnnx.floats("w", new long[] {77, 3}, new float[231]))
                                .add("MatMul", "x w", "y"));
        assertThat(report.batches()).isFalse();
        assertThat(report.notes()).anyMatch(note -> note.contains("could not be tried"));
    }

    @Test
    void refusesAModelThatFailsOnWhatItDeclares() {
        var problem =
                refusal(() ->
                        tried(
                                new TinyOnnx()
                                        .input("x", TinyOnnx.FLOAT, "N", 4)
                                        .output("y", TinyOnnx.FLOAT, "N", 4)
                                        .weights(TinyOnnx.longs("five", new long[] {1}, 5))
                                        .add("Reshape", "x five", "a")
                                        .add("Add", "x a", "y")));
        assertThat(problem.code()).isIn("model-failed", "model-not-loadable");
    }

    @Test
    void triesTheRealModels() {
        for (var path :
                List.of(
                        "silero-vad/silero_vad.onnx",
                        "silero-vad/silero_vad_16k_op15.onnx",
                        "mnist/mnist-7.onnx",
                        "matchboxnet-kws/matchboxnet.onnx")) {
            var parts = path.split("/", -1);
            var report =
                    Trial.run(
                            Bundle.read(
                                    SharedData.folder(parts[0]).resolve(parts[1]), Limits.DEFAULT),
                            Limits.DEFAULT);
            System.err.println(path + " " + report);
            assertThat(report.signature().outputs()).isNotEmpty();
        }
    }

    @Test
    void leavesNoProcessBehind() {
        long before = ProcessHandle.current().children().count();
        tried(TinyOnnx.identity(TinyOnnx.FLOAT, "N", 2));
        assertThatThrownBy(() -> tried(OnnxTest.endless())).isInstanceOf(Problem.class);
        assertThat(ProcessHandle.current().children().count()).isEqualTo(before);
    }
}
