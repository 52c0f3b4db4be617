package dev.davy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class InspectionTest {
    @TempDir Path folder;

    private Path write(byte[] bytes) {
        try {
            return Files.write(folder.resolve("model.onnx"), bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Inspection of(TinyOnnx model) {
        return Inspection.of(model.write(folder), Limits.DEFAULT);
    }

    private Problem refused(byte[] bytes) {
        var problem = (Problem) catchThrowable(() -> Inspection.of(write(bytes), Limits.DEFAULT));
        assertThat(problem).isNotNull();
        assertThat(problem.kind()).isEqualTo(Problem.Kind.UNACCEPTABLE);
        return problem;
    }

    private Problem refused(TinyOnnx model) {
        return refused(model.bytes());
    }

    private static TinyOnnx relu() {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 4)
                .output("y", TinyOnnx.FLOAT, "N", 4)
                .add("Relu", "x", "y");
    }

    @Test
    void readsWhatTheFileSays() {
        var inspection = of(relu().domain("ai.onnx.ml", 3));
        assertThat(inspection.irVersion()).isEqualTo(8);
        assertThat(inspection.opset()).isEqualTo(17);
        assertThat(inspection.opsets()).containsEntry("ai.onnx.ml", 3L);
        assertThat(inspection.producer()).isEqualTo("davy-test");
        assertThat(inspection.signature().inputs())
                .containsExactly(new TensorSpec("x", Datatype.FP32, List.of(-1L, 4L)));
    }

    @Test
    void leavesOutInputsThatHaveWeights() throws IOException {
        var mnist = SharedData.folder("mnist").resolve("mnist-7.onnx");
        var inspection = Inspection.of(mnist, Limits.DEFAULT);
        assertThat(inspection.signature().inputs())
                .containsExactly(
                        new TensorSpec("Input3", Datatype.FP32, List.of(1L, 1L, 28L, 28L)));
        assertThat(inspection.valueDependent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "silero-vad/silero_vad.onnx, false",
        "silero-vad/silero_vad_16k_op15.onnx, false",
        "matchboxnet-kws/matchboxnet.onnx, false",
        "bad-inputs/model/alloc-bomb-by-input.onnx, true",
        "bad-inputs/model/ok-add1.onnx, false",
        "bad-inputs/model/loop-forever.onnx, false"
    })
    void knowsWhichRealModelsDependOnValues(String path, boolean expected) {
        var parts = path.split("/", 2);
        var file = SharedData.folder(parts[0]).resolve(parts[1]);
        assertThat(Inspection.of(file, Limits.DEFAULT).because())
                .as(path)
                .hasSize(expected ? 1 : 0);
    }

    // ---- what decides on memory and time ----

    private boolean dependent(TinyOnnx model) {
        return of(model).valueDependent();
    }

    private static TinyOnnx sized() {
        return new TinyOnnx().input("x", TinyOnnx.INT64, "N").output("y", TinyOnnx.FLOAT, "");
    }

    @Test
    void aValueThatBecomesASizeIsFound() {
        assertThat(dependent(sized().add("ConstantOfShape", "x", "y"))).isTrue();
        assertThat(
                        dependent(
                                sized().add("Neg", "x", "a")
                                        .add("Abs", "a", "b")
                                        .add("ConstantOfShape", "b", "y")))
                .isTrue();
        // Operators need not stand in the order in which they run.
        assertThat(dependent(sized().add("ConstantOfShape", "b", "y").add("Neg", "x", "b")))
                .isTrue();
    }

    @Test
    void aShapeThatBecomesASizeIsNot() {
        assertThat(dependent(sized().add("Shape", "x", "s").add("ConstantOfShape", "s", "y")))
                .isFalse();
        assertThat(
                        dependent(
                                sized().add("Slice", "x", "a")
                                        .add("Shape", "a", "s")
                                        .add("ConstantOfShape", "s", "y")))
                .isFalse();
    }

    @Test
    void aShapeByValuesThatBecomesASizeIs() {
        assertThat(
                        dependent(
                                sized().add("NonZero", "x", "a")
                                        .add("Shape", "a", "s")
                                        .add("ConstantOfShape", "s", "y")))
                .isTrue();
    }

    @Test
    void aLoopByValueIsFoundAndOneByConstantIsNot() {
        assertThat(dependent(looped("x", "on", "c"))).isTrue();
        assertThat(dependent(looped("turns", "x", "c"))).isTrue();
        assertThat(dependent(looped("turns", "on", "c"))).isFalse();
        // The body ends it by what it computed from an input outside.
        assertThat(dependent(looped("turns", "on", "x"))).isTrue();
    }

    private static TinyOnnx looped(String turns, String on, String ends) {
        var body =
                new TinyOnnx()
                        .input("i", TinyOnnx.INT64)
                        .input("c", TinyOnnx.BOOL)
                        .input("v", TinyOnnx.FLOAT)
                        .output("c2", TinyOnnx.BOOL)
                        .output("v2", TinyOnnx.FLOAT)
                        .add("Identity", ends, "c2")
                        .add("Neg", "v", "v2");
        return sized().weights(TinyOnnx.longs("turns", new long[] {}, 3))
                .weights(TinyOnnx.flag("on", true))
                .weights(TinyOnnx.floats("start", new long[] {}, 1))
                .add(
                        "Loop",
                        turns + " " + on + " start",
                        "y",
                        TinyOnnx.graph("body", body.graph()));
    }

    @Test
    void whatPassesThroughBranchesAndFunctionsIsFound() {
        var branch = new TinyOnnx().output("r", TinyOnnx.INT64, "").add("Identity", "x", "r");
        var other = new TinyOnnx().output("r", TinyOnnx.INT64, "").add("Identity", "constant", "r");
        var chosen =
                sized().weights(TinyOnnx.flag("on", true))
                        .weights(TinyOnnx.longs("constant", new long[] {1}, 3))
                        .add(
                                "If",
                                "on",
                                "s",
                                TinyOnnx.graph("then_branch", branch.graph()),
                                TinyOnnx.graph("else_branch", other.graph()))
                        .add("ConstantOfShape", "s", "y");
        assertThat(dependent(chosen)).isTrue();
        var function =
                Proto.message()
                        .text(1, "Twice")
                        .text(4, "a")
                        .text(5, "b")
                        .put(7, TinyOnnx.node("Add", "a a", "b"))
                        .put(9, Proto.message().text(1, "").number(2, 17))
                        .text(10, "own");
        var called =
                sized().domain("own", 1)
                        .function(function)
                        .add(TinyOnnx.node("Twice", "x", "s").text(7, "own"))
                        .add("ConstantOfShape", "s", "y");
        assertThat(dependent(called)).isTrue();
    }

    @Test
    void aFunctionThatCallsItselfDoesNoHarm() {
        var function =
                Proto.message()
                        .text(1, "Round")
                        .text(4, "a")
                        .text(5, "b")
                        .put(7, TinyOnnx.node("Round", "a", "b").text(7, "own"))
                        .text(10, "own");
        assertThat(
                        dependent(
                                sized().domain("own", 1)
                                        .function(function)
                                        .add(TinyOnnx.node("Round", "x", "y").text(7, "own"))))
                .isFalse();
    }

    @Test
    void tenThousandOperatorsInTheWrongOrderAreQuick() {
        var model = sized();
        model.add("ConstantOfShape", "v10000", "y");
        for (int at = 10_000; at > 0; at--) model.add("Neg", "v" + (at - 1), "v" + at);
        model.add("Identity", "x", "v0");
        assertThat(dependent(model)).isTrue();
    }

    // ---- what is no model ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'|Git LFS",
                "'<!DOCTYPE html><html><body>404</body></html>'|HTML",
                "'<?xml version=\"1.0\"?><PMML xmlns=\"http://www.dmg.org/PMML-4_4\"/>'|PMML",
                "'{\"learner\":{}}'|JSON",
                "'cos\nsystem\n(S''true''\ntR.'|pickle",
            })
    void namesWhatPeopleSendInPlaceOfAModel(String text, String named) {
        assertThat(refused(text.getBytes(StandardCharsets.UTF_8)).why()).contains(named);
    }

    @Test
    void namesBinaryFilesThatAreNoModel() {
        assertThat(refused(new byte[0]).why()).contains("empty");
        assertThat(refused(new byte[] {(byte) 0x80, 4, (byte) 0x95, 1}).why()).contains("pickle");
        assertThat(refused(new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5, 116}).why())
                .contains("Java object");
        assertThat(refused(new byte[] {'P', 'K', 3, 4, 0}).why()).contains("ZIP");
        assertThat(refused(new byte[] {(byte) 0x89, 'H', 'D', 'F', 13}).why()).contains("HDF5");
        assertThat(refused(new byte[] {0x1F, (byte) 0x8B, 8, 0}).why()).contains("gzip");
    }

    @Test
    void everyPrefixOfAModelIsRefusedOrRead() {
        var bytes = OnnxTest.endless().bytes();
        for (int length = 0; length < bytes.length; length++) {
            var cut = Arrays.copyOf(bytes, length);
            var thrown = catchThrowable(() -> Inspection.of(write(cut), Limits.DEFAULT));
            if (thrown != null)
                assertThat(thrown).as("%d bytes", length).isInstanceOf(Problem.class);
        }
    }

    @Test
    void aFlippedByteIsRefusedOrRead() {
        var bytes = OnnxTest.endless().bytes();
        var random = new Random(20_261_121);
        for (int turn = 0; turn < 4_000; turn++) {
            var flipped = bytes.clone();
            int flips = 1 + random.nextInt(4);
            for (int k = 0; k < flips; k++)
                flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
            var thrown = catchThrowable(() -> Inspection.of(write(flipped), Limits.DEFAULT));
            if (thrown != null)
                assertThat(thrown).as("%s", Arrays.toString(flipped)).isInstanceOf(Problem.class);
        }
    }

    @Test
    void randomBytesAreRefused() {
        var random = new Random(7);
        for (int turn = 0; turn < 500; turn++) {
            var bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            refused(bytes);
        }
    }

    @Test
    void lengthsThatLieAreRefused() {
        for (long claimed :
                new long[] {101, 1L << 31, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
            assertThat(
                            refused(
                                            Proto.message()
                                                    .number(1, 8)
                                                    .bytes(7, new byte[100], claimed)
                                                    .bytes())
                                    .code())
                    .isEqualTo("not-an-onnx-model");
    }

    @Test
    void threeHundredNestedBranchesAreRefused() {
        Proto inner = new TinyOnnx().output("r", TinyOnnx.FLOAT).add("Identity", "x", "r").graph();
        for (int depth = 0; depth < 300; depth++)
            inner =
                    new TinyOnnx()
                            .output("r", TinyOnnx.FLOAT)
                            .add(
                                    "If",
                                    "on",
                                    "r",
                                    TinyOnnx.graph("then_branch", inner),
                                    TinyOnnx.graph(
                                            "else_branch",
                                            TinyOnnx.identity(TinyOnnx.FLOAT).graph()))
                            .graph();
        var model =
                relu().weights(TinyOnnx.flag("on", true))
                        .add("If", "on", "z", TinyOnnx.graph("then_branch", inner));
        assertThat(refused(model).code()).isEqualTo("model-too-complex");
    }

    @Test
    void impossibleWeightsAreRefused() {
        for (var shape :
                List.of(
                        new long[] {1L << 62},
                        new long[] {1L << 32, 1L << 32},
                        new long[] {-1, 4},
                        new long[] {4},
                        new long[] {2, 0x4000000000000001L}))
            assertThat(
                            refused(
                                            relu().weights(
                                                            TinyOnnx.tensor(
                                                                    "w",
                                                                    TinyOnnx.FLOAT,
                                                                    shape,
                                                                    new byte[12])))
                                    .code())
                    .isEqualTo("weights-damaged");
        // In an attribute they are found as well.
        var hidden =
                Proto.message()
                        .text(1, "value")
                        .put(
                                5,
                                TinyOnnx.tensor(
                                        "", TinyOnnx.FLOAT, new long[] {1L << 60}, new byte[4]));
        assertThat(refused(relu().add("Constant", "", "c", hidden)).code())
                .isEqualTo("weights-damaged");
    }

    @Test
    void versionsThatDoNotExistAreRefused() {
        assertThat(refused(relu().ir(9_999)).why()).contains("9999");
        assertThat(refused(relu().ir(0)).code()).isEqualTo("model-not-loadable");
        assertThat(refused(relu().opset(9_999)).why()).contains("9999");
        var without = Proto.message().number(1, 8).put(7, relu().graph()).bytes();
        assertThat(refused(without).why()).contains("operator set");
    }

    @Test
    void operatorsOfOtherMakersAreRefused() {
        var evil =
                relu().domain("com.evil", 1)
                        .add(TinyOnnx.node("Evil", "x", "z").text(7, "com.evil"));
        assertThat(refused(evil).why()).contains("Evil").contains("com.evil");
    }

    @Test
    void inputsThatCannotBeServedAreRefused() {
        var noType = relu().rawInput(Proto.message().text(1, "z"));
        assertThat(refused(noType).why()).contains("'z'").contains("no type");
        var noShape =
                relu().rawInput(
                                Proto.message()
                                        .text(1, "z")
                                        .put(
                                                2,
                                                Proto.message()
                                                        .put(1, Proto.message().number(1, 1))));
        assertThat(refused(noShape).code()).isEqualTo("input-without-shape");
        assertThat(refused(relu().input("x", TinyOnnx.FLOAT, 1)).why()).contains("Two inputs");
        assertThat(refused(relu().input("c", 14, 1)).why()).contains("element type 14");
        assertThat(refused(relu().input("h", TinyOnnx.FLOAT, 1L << 40)).code())
                .isEqualTo("model-too-complex");
        assertThat(
                        refused(
                                        relu().input(
                                                        "r",
                                                        TinyOnnx.FLOAT,
                                                        Collections.nCopies(20, 1).toArray()))
                                .code())
                .isEqualTo("model-too-complex");
    }

    @Test
    void twoGraphsAreRefused() {
        var twice = Proto.message().number(1, 8).put(7, relu().graph()).put(7, relu().graph());
        assertThat(refused(twice.bytes()).why()).contains("two graphs");
    }

    // ---- weights outside the file ----

    private static Proto outside(String location, String... more) {
        var tensor = Proto.message().number(1, 4).number(2, TinyOnnx.FLOAT).text(8, "w");
        tensor.put(13, Proto.message().text(1, "location").text(2, location));
        for (int at = 0; at < more.length; at += 2)
            tensor.put(13, Proto.message().text(1, more[at]).text(2, more[at + 1]));
        return tensor.number(14, 1);
    }

    private Problem bundleRefused(TinyOnnx model) {
        model.write(folder);
        var problem = (Problem) catchThrowable(() -> Bundle.read(folder, Limits.DEFAULT));
        assertThat(problem).isNotNull();
        return problem;
    }

    @Test
    void weightsBesideTheModelAreTakenFromABundleOnly() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[16]);
        var model =
                relu().weights(outside("w.bin", "offset", "0", "length", "16"))
                        .add("Add", "x w", "z");
        model.write(folder);
        assertThat(Bundle.read(folder, Limits.DEFAULT).inspection().external())
                .containsExactly("w.bin");
        assertThat(refused(model).code()).isEqualTo("external-data");
        try (var opened = Onnx.open(folder.resolve("model.onnx"));
                var session = opened.open()) {
            assertThat(session.run(List.of(Tensor.direct(Datatype.FP32, 1, 4)), Long.MAX_VALUE))
                    .hasSize(1);
        }
    }

    @Test
    void weightsAnywhereElseAreRefused() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[16]);
        Files.createSymbolicLink(folder.resolve("link.bin"), Path.of("/dev/null"));
        Files.createDirectory(folder.resolve("sub"));
        for (var location :
                List.of(
                        "../w.bin",
                        "sub/../../w.bin",
                        "/etc/hostname",
                        "..",
                        ".",
                        "",
                        "a\\b",
                        "%2e%2e/w",
                        "w.bin\0x",
                        "link.bin",
                        "sub",
                        "nothing.bin",
                        "W.BIN/",
                        "file:w.bin")) {
            var problem = bundleRefused(relu().weights(outside(location)));
            assertThat(problem.code()).as(location).isEqualTo("external-data");
            assertThat(problem.getMessage())
                    .contains("'w'")
                    .doesNotContain("/etc")
                    .doesNotContain(folder.toString());
        }
    }

    @Test
    void weightsOutOfRangeAreRefused() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[16]);
        for (var more :
                List.of(
                        List.of("0", "17"),
                        List.of("8", "9"),
                        List.of("-1", "4"),
                        List.of("0", "1073741824"),
                        List.of("x", "4"),
                        List.of("9223372036854775807", "2")))
            assertThat(
                            bundleRefused(
                                            relu().weights(
                                                            outside(
                                                                    "w.bin",
                                                                    "offset",
                                                                    more.get(0),
                                                                    "length",
                                                                    more.get(1))))
                                    .code())
                    .isEqualTo("external-data");
    }
}
