package dev.davy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class IsolatedTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir Path folder;

    private Isolated open(TinyOnnx model) {
        return open(model, 256L << 20);
    }

    private Isolated open(TinyOnnx model, long memoryBytes) {
        var bundle = Bundle.read(model.write(folder), Limits.DEFAULT);
        var untried =
                new Trial.Report(
                        bundle.signature(), true, List.of(), Duration.ZERO, Duration.ZERO, 0, 0);
        return Isolated.open(
                bundle, untried, new Isolated.Settings(memoryBytes, Duration.ofSeconds(30)));
    }

    private static TinyOnnx relu() {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 4)
                .output("y", TinyOnnx.FLOAT, "N", 4)
                .add("Relu", "x", "y");
    }

    private static Tensor floats(int rows, float first) {
        var tensor = Tensor.direct(Datatype.FP32, rows, 4);
        for (int at = 0; at < tensor.elements(); at++) tensor.float32(at, first + at);
        return tensor;
    }

    private static Problem problem(Session session, Tensor input, long deadline) {
        var problem = (Problem) catchThrowable(() -> session.run(List.of(input), deadline));
        assertThat(problem).isNotNull();
        return problem;
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
    }

    @Test
    void answersAsInThisProcess() {
        try (var model = open(relu());
                var session = model.open()) {
            for (int rows : new int[] {1, 3, 1, 0, 4_000, 2}) {
                var output = session.run(List.of(floats(rows, -2)), NEVER).getFirst();
                assertThat(output.shape()).containsExactly(rows, 4);
                for (int at = 0; at < output.elements(); at++)
                    assertThat(output.float32(at)).isEqualTo(Math.max(0, at - 2f));
            }
        }
    }

    @Test
    void passesTextsByteForByte() {
        try (var model = open(TinyOnnx.identity(TinyOnnx.STRING, "N"));
                var session = model.open()) {
            var elements =
                    new byte[][] {
                        "😀".getBytes(StandardCharsets.UTF_8), {}, {'a', 0, 'b'}, {(byte) 0xFF}
                    };
            var output = session.run(List.of(Tensor.ofBytes(new long[] {4}, elements)), NEVER);
            assertThat(output.getFirst().bytes()).isDeepEqualTo(elements);
        }
    }

    /// Compared with the same model in this process, one that gives way would look slower.
    @Test
    @EnabledOnOs(OS.LINUX)
    void isAsUrgentAsThisProcessUnlessItIsToldToGiveWay() throws IOException {
        var before = children();
        try (var model = open(relu());
                var session = model.open();
                var shadow = model.open()) {
            session.run(List.of(floats(1, 0)), NEVER);
            var child = children().stream().filter(each -> !before.contains(each)).findFirst();
            int ours = nice(Path.of("/proc/thread-self"));
            assertThat(nices(child.orElseThrow())).containsOnly(ours);
            shadow.giveWay();
            shadow.run(List.of(floats(1, 0)), NEVER);
            assertThat(nices(child.orElseThrow())).containsOnly(ours, Math.max(ours, 10));
        }
    }

    private static List<Integer> nices(ProcessHandle process) throws IOException {
        var nices = new ArrayList<Integer>();
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (var task : tasks) nices.add(nice(task));
        }
        return nices;
    }

    private static int nice(Path task) throws IOException {
        var stat = Files.readString(task.resolve("stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }

    @Test
    void servesManyThreadsAtOnce() throws InterruptedException {
        try (var model = open(relu())) {
            var wrong = new ConcurrentLinkedQueue<String>();
            var threads = new ArrayList<Thread>();
            for (int caller = 0; caller < 6; caller++) {
                int mine = caller;
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    try (var session = model.open()) {
                                        var input = floats(1, mine);
                                        for (int turn = 0; turn < 500; turn++) {
                                            input.float32(0, mine * 1_000 + turn);
                                            float got =
                                                    session.run(List.of(input), NEVER)
                                                            .getFirst()
                                                            .float32(0);
                                            if (got != mine * 1_000 + turn)
                                                wrong.add(mine + ":" + turn + "=" + got);
                                        }
                                    } catch (RuntimeException e) {
                                        wrong.add(e.toString());
                                    }
                                }));
            }
            for (var thread : threads) thread.join();
            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void endsARunAtItsDeadlineWithoutLosingTheChild() {
        try (var model = open(OnnxTest.endless());
                var session = model.open()) {
            var before = children();
            for (int turn = 0; turn < 3; turn++)
                assertThat(problem(session, floats(1, 0), System.nanoTime() + 50_000_000).code())
                        .isEqualTo("deadline-exceeded");
            assertThat(children()).isEqualTo(before);
        }
    }

    /// Row counts decide how long one single operator works: 2 rows are quick, 9,000 take minutes.
    private static TinyOnnx hanging() {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 4)
                .output("y", TinyOnnx.FLOAT, "N", 4)
                .weights(TinyOnnx.longs("wide", new long[] {2}, 1, 3_000))
                .weights(TinyOnnx.longs("axis", new long[] {1}, 1))
                .add("Tile", "x wide", "w")
                .add("Transpose", "w", "t")
                .add("MatMul", "w t", "s")
                .add("ReduceSum", "s axis", "r", TinyOnnx.integer("keepdims", 1))
                .add("Add", "x r", "y");
    }

    @Test
    void givesUpOnAChildThatHangsAndAnswersAgain() {
        try (var model = open(hanging(), 2L << 30);
                var session = model.open()) {
            session.run(List.of(floats(2, 0)), NEVER);
            var before = children();
            var late = problem(session, floats(9_000, 0), System.nanoTime() + 300_000_000);
            assertThat(late.kind()).isEqualTo(Problem.Kind.DEADLINE);
            session.run(List.of(floats(2, 0)), NEVER);
            // Ended by ONNX Runtime between two nodes, or killed: never two children at once.
            assertThat(children()).hasSameSizeAs(before);
        }
    }

    @Test
    void anInputThatAsksForMuchMemoryFailsAlone() {
        var bomb =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 4)
                        .output("y", TinyOnnx.FLOAT, "N", 4)
                        .weights(TinyOnnx.longs("axes", new long[] {1}, 0))
                        .add("ReduceMax", "x", "m", TinyOnnx.integer("keepdims", 0))
                        .add("Cast", "m", "i", TinyOnnx.integer("to", TinyOnnx.INT64))
                        .add("Unsqueeze", "i axes", "n")
                        .add("ConstantOfShape", "n", "z")
                        .add("ReduceSum", "z axes", "s", TinyOnnx.integer("keepdims", 1))
                        .add("Add", "x s", "y");
        try (var model = open(bomb);
                var session = model.open()) {
            assertThat(Inspection.of(folder.resolve("model.onnx"), Limits.DEFAULT).valueDependent())
                    .isTrue();
            var before = children();
            for (int turn = 0; turn < 3; turn++) {
                var failed = problem(session, floats(1, 1e11f), NEVER);
                assertThat(failed.code()).isEqualTo("model-failed");
                assertThat(failed.why()).contains("memory");
                assertThat(session.run(List.of(floats(1, 2)), NEVER).getFirst().float32(0))
                        .isEqualTo(2);
            }
            assertThat(children()).isEqualTo(before);
        }
    }

    @Test
    void replacesAChildThatDied() {
        try (var model = open(relu());
                var session = model.open()) {
            session.run(List.of(floats(1, 0)), NEVER);
            var first = children();
            first.forEach(ProcessHandle::destroyForcibly);
            first.forEach(child -> child.onExit().join());
            assertThat(session.run(List.of(floats(1, 5)), NEVER).getFirst().float32(0))
                    .isEqualTo(5);
            assertThat(children()).doesNotContainAnyElementsOf(first).hasSize(1);
        }
    }

    @Test
    void pausesWhenChildrenDieAgainAndAgain() {
        try (var model = open(relu());
                var session = model.open()) {
            Problem told = null;
            for (int death = 0; death < 4 && told == null; death++) {
                try {
                    session.run(List.of(floats(1, 0)), NEVER);
                    children().forEach(ProcessHandle::destroyForcibly);
                    children().forEach(child -> child.onExit().join());
                } catch (Problem problem) {
                    told = problem;
                }
            }
            assertThat(told).isNotNull();
            assertThat(told.kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
            assertThat(told.code()).isEqualTo("model-unavailable");
        }
    }

    @Test
    void refusesWhatBreaksTheContract() {
        var twice =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 4)
                        .output("y", TinyOnnx.FLOAT, "M", 4)
                        .add("Concat", "x x", "y", TinyOnnx.integer("axis", 0));
        try (var model = open(twice);
                var session = model.open()) {
            assertThat(problem(session, floats(2, 0), NEVER).code())
                    .isEqualTo("model-broke-contract");
        }
    }

    @Test
    void closesWithoutLeavingProcessesOrFiles() throws IOException {
        long files = temporary();
        var model = open(relu());
        var session = model.open();
        session.run(List.of(floats(1, 0)), NEVER);
        model.close();
        assertThat(children()).isEmpty();
        assertThat(temporary()).isEqualTo(files);
        assertThat(problem(session, floats(1, 0), NEVER).kind())
                .isEqualTo(Problem.Kind.UNAVAILABLE);
    }

    private static long temporary() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(f -> f.getFileName().toString().matches("davy[0-9]+")).count();
        }
    }

    @Test
    void aKilledParentLeavesNoChildBehind() throws Exception {
        var file = relu().write(folder);
        var parent =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                KilledParent.class.getName(),
                                file.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var said = parent.inputReader()) {
            long child = Long.parseLong(said.readLine());
            var handle = ProcessHandle.of(child).orElseThrow();
            parent.destroyForcibly();
            handle.onExit().get(20, TimeUnit.SECONDS);
            assertThat(handle.isAlive()).isFalse();
        }
    }

    /// Opens an isolated model, says its child's number, and waits to be killed.
    static final class KilledParent {
        private KilledParent() {}

        public static void main(String[] arguments) throws InterruptedException {
            var bundle = Bundle.read(Path.of(arguments[0]), Limits.DEFAULT);
            var untried =
                    new Trial.Report(
                            bundle.signature(),
                            false,
                            List.of(),
                            Duration.ZERO,
                            Duration.ZERO,
                            0,
                            0);
            try (var model = Isolated.open(bundle, untried)) {
                System.out.println(children().getFirst().pid());
                System.out.flush();
                Thread.currentThread().join();
                model.signature();
            }
        }
    }
}
