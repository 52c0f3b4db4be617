package dev.davy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir Path folder;

    private Model open(TinyOnnx model) {
        return Onnx.open(model.write(folder));
    }

    private static TinyOnnx addOne() {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 4)
                .output("y", TinyOnnx.FLOAT, "N", 4)
                .weights(TinyOnnx.floats("one", new long[] {1}, 1))
                .add("Add", "x one", "y");
    }

    private static Tensor floats(long rows, long columns, float first) {
        var tensor = Tensor.direct(Datatype.FP32, rows, columns);
        for (int at = 0; at < tensor.elements(); at++) tensor.float32(at, first + at);
        return tensor;
    }

    @Test
    void readsTheSignatureAndRuns() {
        try (var model = open(addOne());
                var session = model.open()) {
            assertThat(model.signature().inputs())
                    .containsExactly(new TensorSpec("x", Datatype.FP32, List.of(-1L, 4L)));
            var outputs = session.run(List.of(floats(2, 4, 10)), NEVER);
            assertThat(outputs.getFirst().shape()).containsExactly(2, 4);
            assertThat(outputs.getFirst().float32(7)).isEqualTo(18f);
        }
    }

    @Test
    void takesNewNumbersInTheSameTensors() {
        try (var model = open(addOne());
                var session = model.open()) {
            var input = floats(1, 4, 0);
            for (int turn = 0; turn < 100; turn++) {
                input.float32(2, turn);
                var output = session.run(List.of(input), NEVER).getFirst();
                assertThat(output.float32(2)).isEqualTo(turn + 1f);
            }
        }
    }

    @Test
    void changesBetweenNumbersOfRows() {
        try (var model = open(addOne());
                var session = model.open()) {
            for (int rows : new int[] {1, 7, 300, 1, 0, 300, 2, 5_000}) {
                var output = session.run(List.of(floats(rows, 4, 1)), NEVER).getFirst();
                assertThat(output.shape()).containsExactly(rows, 4);
                if (rows > 0) assertThat(output.float32(rows * 4 - 1)).isEqualTo(rows * 4 + 1f);
            }
        }
    }

    @Test
    void passesEveryElementTypeUnchanged() {
        var types =
                Map.ofEntries(
                        Map.entry(TinyOnnx.FLOAT, Datatype.FP32),
                        Map.entry(TinyOnnx.UINT8, Datatype.UINT8),
                        Map.entry(TinyOnnx.INT8, Datatype.INT8),
                        Map.entry(TinyOnnx.UINT16, Datatype.UINT16),
                        Map.entry(TinyOnnx.INT16, Datatype.INT16),
                        Map.entry(TinyOnnx.INT32, Datatype.INT32),
                        Map.entry(TinyOnnx.INT64, Datatype.INT64),
                        Map.entry(TinyOnnx.BOOL, Datatype.BOOL),
                        Map.entry(TinyOnnx.FLOAT16, Datatype.FP16),
                        Map.entry(TinyOnnx.DOUBLE, Datatype.FP64),
                        Map.entry(TinyOnnx.UINT32, Datatype.UINT32),
                        Map.entry(TinyOnnx.UINT64, Datatype.UINT64),
                        Map.entry(TinyOnnx.BFLOAT16, Datatype.BF16));
        types.forEach((number, datatype) -> {
            try (var model = open(TinyOnnx.identity(number, "N", 2));
                    var session = model.open()) {
                var input = Tensor.direct(datatype, 1, 2);
                input.float64(0, 1);
                for (int at = 0; at < datatype.bytes(); at++)
                    input.data()
                            .put(
                                    datatype.bytes() + at,
                                    (byte) (datatype == Datatype.BOOL ? 1 : 0x41 + at));
                var output = session.run(List.of(input), NEVER).getFirst();
                assertThat(output.datatype()).isEqualTo(datatype);
                assertThat(output.data()).as("%s", datatype).isEqualTo(input.data());
                assertThat(output.float64(0)).isEqualTo(1);
            }
        });
    }

    @Test
    void passesTextsByteForByte() {
        var texts = List.of("", "Grüße", "😀", "a\0b", "\uD83D");
        var elements =
                texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        elements[4] = new byte[] {(byte) 0xFF, (byte) 0xFE};
        try (var model = open(TinyOnnx.identity(TinyOnnx.STRING, "N"));
                var session = model.open()) {
            var input = Tensor.ofBytes(new long[] {5}, elements);
            assertThat(session.run(List.of(input), NEVER).getFirst().bytes())
                    .isDeepEqualTo(elements);
            input.text(0, "other");
            assertThat(session.run(List.of(input), NEVER).getFirst().text(0)).isEqualTo("other");
        }
    }

    @Test
    void takesScalars() {
        try (var model = open(TinyOnnx.identity(TinyOnnx.INT64));
                var session = model.open()) {
            var input = Tensor.direct(Datatype.INT64);
            input.int64(0, 9_007_199_254_740_993L);
            var output = session.run(List.of(input), NEVER).getFirst();
            assertThat(output.shape()).isEmpty();
            assertThat(output.int64(0)).isEqualTo(9_007_199_254_740_993L);
        }
    }

    @Test
    void showsMapsAsScoresInClassOrder() {
        var map =
                Proto.message()
                        .text(1, "p")
                        .put(
                                2,
                                Proto.message()
                                        .put(
                                                4,
                                                Proto.message()
                                                        .put(
                                                                1,
                                                                Proto.message()
                                                                        .put(
                                                                                5,
                                                                                Proto.message()
                                                                                        .number(
                                                                                                1,
                                                                                                TinyOnnx
                                                                                                        .STRING)
                                                                                        .put(
                                                                                                2,
                                                                                                Proto
                                                                                                        .message()
                                                                                                        .put(
                                                                                                                1,
                                                                                                                Proto
                                                                                                                        .message()
                                                                                                                        .number(
                                                                                                                                1,
                                                                                                                                TinyOnnx
                                                                                                                                        .FLOAT)
                                                                                                                        .put(
                                                                                                                                2,
                                                                                                                                Proto
                                                                                                                                        .message())))))));
        var model =
                new TinyOnnx()
                        .domain("ai.onnx.ml", 1)
                        .input("x", TinyOnnx.FLOAT, "N", 3)
                        .rawOutput(map)
                        .add(
                                TinyOnnx.node(
                                                "ZipMap",
                                                "x",
                                                "p",
                                                TinyOnnx.texts(
                                                        "classlabels_strings",
                                                        "zebra",
                                                        "ant",
                                                        "mole"))
                                        .text(7, "ai.onnx.ml"));
        try (var opened = open(model);
                var session = opened.open()) {
            assertThat(opened.signature().outputs())
                    .containsExactly(new TensorSpec("p", Datatype.FP32, List.of(-1L, 3L)));
            var output = session.run(List.of(floats(2, 3, 1)), NEVER).getFirst();
            // The runtime's maps are sorted by key; ours keep the classes' order.
            assertThat(floats(output)).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    private static float[] floats(Tensor tensor) {
        var values = new float[tensor.elements()];
        for (int at = 0; at < values.length; at++) values[at] = tensor.float32(at);
        return values;
    }

    @Test
    void tellsWhenAModelReturnsAnotherShapeThanItDeclares() {
        var twiceTheRows =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 4)
                        .output("y", TinyOnnx.FLOAT, "M", 4)
                        .add("Concat", "x x", "y", TinyOnnx.integer("axis", 0));
        var twiceTheColumns =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", "")
                        .output("y", TinyOnnx.FLOAT, "N", 4)
                        .add("Concat", "x x", "y", TinyOnnx.integer("axis", 1));
        for (var broken : List.of(twiceTheRows, twiceTheColumns))
            try (var model = open(broken);
                    var session = model.open()) {
                assertThatThrownBy(() -> session.run(List.of(floats(3, 4, 0)), NEVER))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                p -> assertThat(p.code()).isEqualTo("model-broke-contract"));
            }
    }

    @Test
    void refusesInputsThatDoNotFit() {
        try (var model = open(addOne());
                var session = model.open()) {
            var good = floats(1, 4, 0);
            for (var wrong :
                    List.of(
                            List.<Tensor>of(),
                            List.of(good, good),
                            List.of(floats(1, 5, 0)),
                            List.of(Tensor.direct(Datatype.FP32, 4)),
                            List.of(Tensor.direct(Datatype.FP64, 1, 4))))
                assertThatThrownBy(() -> session.run(wrong, NEVER))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                p -> assertThat(p.kind()).isEqualTo(Problem.Kind.MALFORMED));
            assertThat(session.run(List.of(good), NEVER).getFirst().float32(0)).isEqualTo(1);
        }
    }

    @Test
    void endsARunAtItsDeadlineAndRunsOn() {
        try (var model = open(endless());
                var session = model.open()) {
            var input = floats(1, 4, 0);
            for (int turn = 0; turn < 3; turn++)
                assertThatThrownBy(
                                () -> session.run(List.of(input), System.nanoTime() + 20_000_000))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                p -> assertThat(p.code()).isEqualTo("deadline-exceeded"));
        }
    }

    /// A loop of 2^62 turns.
    static TinyOnnx endless() {
        var body =
                new TinyOnnx()
                        .input("i", TinyOnnx.INT64)
                        .input("c", TinyOnnx.BOOL)
                        .input("v", TinyOnnx.FLOAT, "N", 4)
                        .output("c2", TinyOnnx.BOOL)
                        .output("v2", TinyOnnx.FLOAT, "N", 4)
                        .add("Identity", "c", "c2")
                        .add("Neg", "v", "v2");
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 4)
                .output("y", TinyOnnx.FLOAT, "N", 4)
                .weights(TinyOnnx.longs("turns", new long[] {}, 1L << 62))
                .weights(TinyOnnx.flag("on", true))
                .add("Loop", "turns on x", "y", TinyOnnx.graph("body", body.graph()));
    }

    @Test
    void closesWhileAnotherThreadRuns() throws Exception {
        var model = open(endless());
        var session = model.open();
        var began = new java.util.concurrent.CountDownLatch(1);
        var failure = new java.util.concurrent.CompletableFuture<Throwable>();
        var runner =
                Thread.ofPlatform()
                        .start(() -> {
                            began.countDown();
                            try {
                                session.run(List.of(floats(1, 4, 0)), NEVER);
                            } catch (Problem e) {
                                failure.complete(e);
                            }
                        });
        began.await();
        model.close();
        runner.join();
        assertThat(failure.get()).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> session.run(List.of(floats(1, 4, 0)), NEVER))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(model::open).isInstanceOf(Problem.class);
    }

    @Test
    void namesNoFileOfThisMachineWhenAModelCannotBeLoaded() {
        var unknown =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 4)
                        .output("y", TinyOnnx.FLOAT, "N", 4)
                        .add("NoSuchOperator", "x", "y");
        assertThatThrownBy(() -> open(unknown))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("NoSuchOperator")
                .hasMessageNotContaining(folder.toString());
    }

    @Test
    void saysThatAnIndexIsOutOfRange() {
        var lookup =
                new TinyOnnx()
                        .input("i", TinyOnnx.INT64, "N")
                        .output("y", TinyOnnx.FLOAT, "N")
                        .weights(TinyOnnx.floats("table", new long[] {3}, 1, 2, 3))
                        .add("Gather", "table i", "y");
        try (var model = open(lookup);
                var session = model.open()) {
            var input = Tensor.direct(Datatype.INT64, 1);
            input.int64(0, 5);
            assertThatThrownBy(() -> session.run(List.of(input), NEVER))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("index is out of range")
                    .hasMessageContaining("Gather");
            input.int64(0, 2);
            assertThat(session.run(List.of(input), NEVER).getFirst().float32(0)).isEqualTo(3);
        }
    }

    @Test
    void survivesTensorsThatAreClosedBetweenRuns() {
        try (var model = open(addOne());
                var session = model.open()) {
            var input = floats(1, 4, 0);
            for (int turn = 0; turn < 50; turn++) {
                session.run(List.of(input), NEVER);
                input.close();
            }
            assertThat(session.run(List.of(input), NEVER).getFirst().float32(3)).isEqualTo(4);
        }
    }

    @Test
    void asksTheRuntimeThatItWasBuiltFor() {
        Onnx.library();
        assertThat(dev.davy.runtime.ort.Ort.buildInfo()).startsWith("ORT Build Info");
    }
}
