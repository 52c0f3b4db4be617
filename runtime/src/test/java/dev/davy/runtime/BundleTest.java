package dev.davy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.davy.schema.Column;
import dev.davy.schema.Media;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Row;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir Path folder;

    private Bundle bundle(TinyOnnx model, String descriptor) throws IOException {
        model.write(folder);
        Files.writeString(folder.resolve("model.yaml"), descriptor);
        return Bundle.read(folder, Limits.DEFAULT);
    }

    private Problem refused(TinyOnnx model, String descriptor) {
        var problem = (Problem) catchThrowable(() -> bundle(model, descriptor));
        assertThat(problem).isNotNull();
        assertThat(problem.kind()).as("%s", problem).isEqualTo(Problem.Kind.UNACCEPTABLE);
        return problem;
    }

    private static TinyOnnx vectors(long columns) {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", columns)
                .output("y", TinyOnnx.FLOAT, "N", columns)
                .add("Identity", "x", "y");
    }

    private Answer ask(Bundle bundle, Row row) {
        try (var model = Onnx.open(bundle.model());
                var rows = RowSession.open(bundle, model)) {
            return rows.ask(List.of(row), NEVER).getFirst();
        }
    }

    // ---- the descriptor ----

    @Test
    void allThatIsWrongIsToldAtOnceWithItsLine() {
        var problem =
                refused(
                        vectors(3),
                        """
                        kind: Modell
                        input:
                          a: {type: number, to: z}
                          b: {type: nummer}
                        vector: {x: [a, b]}
                        output:
                          label: {type: category, classes: [p, q], scores: w}
                        isolation: none
                        colour: red
                        """);
        assertThat(problem.violations())
                .anyMatch(v -> v.contains("model.yaml:1") && v.contains("Modell"))
                .anyMatch(v -> v.contains("model.yaml:3") && v.contains("'z'"))
                .anyMatch(v -> v.contains("model.yaml:4") && v.contains("nummer"))
                .anyMatch(v -> v.contains("lists 2 columns"))
                .anyMatch(v -> v.contains("model.yaml:7") && v.contains("'w'"))
                .anyMatch(v -> v.contains("isolation"))
                .anyMatch(v -> v.contains("colour"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "input: {x: {type: vector, shape: [3]}, q: {type: number, to: x}}|fed already",
                "input: {q: {type: number}}|names no input",
                "vector: {q: [a]}|no input of the model",
                "vector: {x: [a, b, c, d]}|lists 4 columns",
                "output: {y: {type: number}}|index",
                "output: {y: {type: number, index: 3}}|index",
                "output: {y: {type: category, classes: [a, b], scores: y}}|has 3 scores",
                "output: {y: {type: text}}|is missing: name the tensor",
                "output: {}|names no output",
                "state: {x: nothing}|must name an output",
                "state: {nothing: y}|no input of the model",
                "file: other.onnx|is not in it",
                "file: ../model.onnx|cannot be the name of a file",
                "batch: sometimes|batch",
                "input: {x: {type: image, width: 3}}|channels",
                "input: {x: {type: audio, rate: 16000}}|samples",
                "input: {x: {type: audio, frame: {9: {chunk: 1}}}}|sampling rate",
            })
    void mistakesAreNamed(String line, String named) {
        assertThat(catchThrowable(() -> bundle(vectors(3), line)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(named);
    }

    @Test
    void aBundleWithoutOrWithTwoModelsIsRefused() throws IOException {
        assertThat(catchThrowable(() -> Bundle.read(folder, Limits.DEFAULT)))
                .hasMessageContaining("no .onnx file");
        vectors(3).write(folder, "a.onnx");
        vectors(3).write(folder, "b.onnx");
        assertThat(catchThrowable(() -> Bundle.read(folder, Limits.DEFAULT)))
                .hasMessageContaining("2 .onnx files");
        Files.writeString(folder.resolve("model.yaml"), "file: b.onnx");
        assertThat(Bundle.read(folder, Limits.DEFAULT).model().getFileName()).hasToString("b.onnx");
    }

    @Test
    void aFolderInTheFolderIsLookedInto() throws IOException {
        var inner = Files.createDirectory(folder.resolve("my-model"));
        vectors(3).write(inner);
        assertThat(Bundle.read(folder, Limits.DEFAULT).input().columns()).hasSize(1);
    }

    @Test
    void theDescriptorThatItWritesIsOneThatItReads() throws IOException {
        var first =
                bundle(
                        new TinyOnnx()
                                .input("i", TinyOnnx.FLOAT, "N", 1, 2, 2)
                                .input("v", TinyOnnx.FLOAT, "N", 2)
                                .input("s", TinyOnnx.FLOAT, 1)
                                .output("y", TinyOnnx.FLOAT, "N", 2)
                                .output("t", TinyOnnx.FLOAT, 1)
                                .add("Identity", "v", "y")
                                .add("Identity", "s", "t"),
                        """
                        about: for a test
                        input:
                          photo: {type: image, to: i, scale: 255, mean: [0.5], std: [0.25], resize: crop, method: area, invert: true}
                          a: {type: integer, missing: 3, min: 0, max: 9}
                        vector: {v: [a, b]}
                        state: {s: t}
                        output:
                          kind: {type: category, classes: [p, q], scores: y, activation: softmax}
                          both: {type: multi-label, classes: [p, q], scores: y, activation: sigmoid, threshold: 0.7}
                          first: {type: number, from: y, index: 0}
                          order: {type: ranking, classes: [p, q], scores: y}
                          all: {type: vector, from: y}
                        confidence: it is what it is
                        isolation: child
                        batch: off
                        """);
        Files.writeString(folder.resolve("model.yaml"), Json.text(first.json()));
        assertThat(Bundle.read(folder, Limits.DEFAULT)).isEqualTo(first);
    }

    // ---- what the file says by itself ----

    @Test
    void namesThatCannotBeColumnsAreChanged() {
        var file =
                new TinyOnnx()
                        .input("a\"b\nc\\d", TinyOnnx.FLOAT, "N", 4)
                        .output("<b>y</b>", TinyOnnx.FLOAT, "N", 4)
                        .add(
                                Proto.message()
                                        .text(1, "a\"b\nc\\d")
                                        .text(2, "<b>y</b>")
                                        .text(4, "Identity"))
                        .write(folder);
        var bundle = Bundle.read(file, Limits.DEFAULT);
        assertThat(bundle.input().columns().getFirst().name()).isEqualTo("a\"b_c\\d");
        var answer = ask(bundle, Row.of("a\"b_c\\d", new float[] {1, 2, 3, 4}));
        assertThat((float[]) answer.values().get("<b>y</b>")).containsExactly(1, 2, 3, 4);
    }

    @Test
    void oneNumberARowIsANumber() {
        var file =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N")
                        .output("y", TinyOnnx.FLOAT, "N")
                        .add("Neg", "x", "y")
                        .write(folder);
        var bundle = Bundle.read(file, Limits.DEFAULT);
        assertThat(bundle.outputs()).containsExactly(new Output("y", new OutputKind.Number()));
        assertThat(ask(bundle, Row.of("x", 3)).values()).containsExactly(Map.entry("y", -3.0));
    }

    @Test
    void severalTextsOfATensorAreColumnsOfTheirOwn() {
        var file =
                new TinyOnnx()
                        .input("t", TinyOnnx.STRING, "N", 2)
                        .output("y", TinyOnnx.STRING, "N", 2)
                        .add("Identity", "t", "y")
                        .write(folder);
        var bundle = Bundle.read(file, Limits.DEFAULT);
        assertThat(bundle.input().columns().stream().map(Column::name))
                .containsExactly("t_1", "t_2");
        assertThat(ask(bundle, Row.of("t_1", "a", "t_2", "b")).values())
                .containsExactly(Map.entry("y", "a"));
    }

    @Test
    void ofAnyNumberOfTextsOneIsAColumn() {
        var file =
                new TinyOnnx()
                        .input("t", TinyOnnx.STRING, "N", "M")
                        .output("y", TinyOnnx.STRING, "N", "M")
                        .add("Identity", "t", "y")
                        .write(folder);
        var bundle = Bundle.read(file, Limits.DEFAULT);
        assertThat(ask(bundle, Row.of("t", "a")).values()).containsExactly(Map.entry("y", "a"));
    }

    @Test
    void anyTextIsAClassWhereNoneAreListed() throws IOException {
        var model =
                new TinyOnnx()
                        .input("x", TinyOnnx.STRING, "N")
                        .output("y", TinyOnnx.STRING, "N")
                        .add("Identity", "x", "y");
        var bundle = bundle(model, "output: {kind: {type: category, label: y}}");
        assertThat(ask(bundle, Row.of("x", "blue")).values())
                .containsExactly(Map.entry("kind", "blue"));
    }

    @Test
    void aSoftmaxAtTheEndMakesACategory() {
        var file =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 3)
                        .output("p", TinyOnnx.FLOAT, "N", 3)
                        .add("Softmax", "x", "p")
                        .write(folder);
        var bundle = Bundle.read(file, Limits.DEFAULT);
        assertThat(bundle.outputs().getFirst().kind())
                .isEqualTo(new OutputKind.Category(List.of("0", "1", "2")));
        var answer = ask(bundle, Row.of("x", new float[] {0, 2, 1}));
        assertThat(answer.values()).containsEntry("p", "1");
        assertThat(answer.confidence().orElseThrow()).isCloseTo(0.665, within(1e-3));
        assertThat(bundle.confidence()).contains("softmax");
    }

    // ---- images ----

    private static TinyOnnx images(Object channels, Object height, Object width) {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", channels, height, width)
                .output("y", TinyOnnx.FLOAT, "N", "")
                .add("Flatten", "x", "y");
    }

    private float[] seen(TinyOnnx model, String image, byte[] png, int values) throws IOException {
        var bundle =
                bundle(
                        model,
                        """
                        input: {image: {type: image, to: x%s}}
                        output: {all: {type: vector, from: y, size: %d}}
                        """
                                .formatted(image, values));
        var answer = ask(bundle, Row.of("image", new Media("image/png", png)));
        return (float[]) Objects.requireNonNull(answer.values().get("all"));
    }

    @Test
    void scalesInvertsAndNormalises() throws IOException {
        var png = Png.grey(2, 1, new byte[] {0, (byte) 255});
        assertThat(seen(images(1, 1, 2), "", png, 2)).containsExactly(0, 255);
        assertThat(seen(images(1, 1, 2), ", scale: 255, mean: 0.5, std: 0.5", png, 2))
                .containsExactly(-1, 1);
        assertThat(seen(images(1, 1, 2), ", invert: true, scale: 255", png, 2))
                .containsExactly(1, 0);
    }

    @Test
    void laysOutChannelsAsAsked() throws IOException {
        var png = Png.colour(2, 1, new byte[] {10, 20, 30, 40, 50, 60});
        assertThat(seen(images(3, 1, 2), "", png, 6)).containsExactly(10, 40, 20, 50, 30, 60);
        assertThat(seen(images(3, 1, 2), ", order: bgr", png, 6))
                .containsExactly(30, 60, 20, 50, 10, 40);
        assertThat(seen(images(1, 2, 3), "", png, 6)[0])
                .isCloseTo(0.299f * 10 + 0.587f * 20 + 0.114f * 30, within(1f));
        assertThat(
                        seen(
                                images("", "", ""),
                                ", layout: nhwc, width: 2, height: 1, channels: 3",
                                png,
                                6))
                .containsExactly(10, 20, 30, 40, 50, 60);
        assertThat(seen(images(3, 1, 2), "", Png.grey(2, 1, new byte[] {7, 9}), 6))
                .containsExactly(7, 9, 7, 9, 7, 9);
    }

    @Test
    void fitsAndCrops() throws IOException {
        var wide = Png.grey(4, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(seen(images(1, 4, 4), ", resize: fit, fill: 9, method: nearest", wide, 16))
                .containsExactly(9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9);
        assertThat(seen(images(1, 2, 2), ", resize: crop, method: nearest", wide, 4))
                .containsExactly(2, 3, 6, 7);
        var tall = Png.grey(2, 4, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(seen(images(1, 2, 2), ", resize: crop, method: nearest", tall, 4))
                .containsExactly(3, 4, 5, 6);
        assertThat(seen(images(1, 4, 4), ", resize: fit, method: nearest", tall, 16))
                .containsExactly(0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0, 7, 8, 0);
    }

    @Test
    void anImageThatIsNoneIsTheRowsFault() throws IOException {
        var bundle =
                bundle(
                        images(1, 1, 2),
                        "input: {image: {type: image, to: x}}\noutput: {all: {type: vector, from: y, size: 2}}");
        var problem =
                (Problem)
                        catchThrowable(() ->
                                ask(
                                        bundle,
                                        Row.of(
                                                "image",
                                                new Media("image/png", new byte[] {1, 2}))));
        assertThat(problem.field()).contains("rows[0].image");
    }

    // ---- outputs ----

    @Test
    void findsBoxesInPixelsOfTheImageAsItCame() throws IOException {
        // Passes columns on as boxes; the image only sets the scale.
        var model =
                new TinyOnnx()
                        .input("i", TinyOnnx.FLOAT, 1, 1, 10, 10)
                        .input("b", TinyOnnx.FLOAT, 1, 2, 4)
                        .input("s", TinyOnnx.FLOAT, 1, 2)
                        .input("c", TinyOnnx.FLOAT, 1, 2)
                        .output("boxes", TinyOnnx.FLOAT, 1, 2, 4)
                        .output("scores", TinyOnnx.FLOAT, 1, 2)
                        .output("classes", TinyOnnx.FLOAT, 1, 2)
                        .add("Identity", "b", "boxes")
                        .add("Identity", "s", "scores")
                        .add("Identity", "c", "classes");
        var bundle =
                bundle(
                        model,
                        """
                        input:
                          image: {type: image, to: i, resize: fit}
                          b: {type: vector}
                          s: {type: vector}
                          c: {type: vector}
                        output:
                          found: {type: boxes, classes: [dent, scratch], boxes: boxes, scores: scores, labels: classes, threshold: 0.5}
                        """);
        var png = Png.grey(40, 20, new byte[800]);
        var answer =
                ask(
                        bundle,
                        Row.of(
                                "image", new Media("image/png", png),
                                "b", new float[] {1, 3, 5, 6, 0, 0, 1, 1},
                                "s", new float[] {0.9f, 0.2f},
                                "c", new float[] {1, 0}));
        // 40 x 20 became 10 x 5, 2 rows below the upper edge.
        var found = (List<?>) Objects.requireNonNull(answer.values().get("found"));
        assertThat(found).hasSize(1);
        var box = (Box) found.getFirst();
        assertThat(box.label()).isEqualTo("scratch");
        assertThat(List.of(box.x(), box.y(), box.width(), box.height()))
                .containsExactly(4.0, 4.0, 16.0, 12.0);
    }

    @Test
    void ranksAndMarksSeveral() throws IOException {
        var bundle =
                bundle(
                        vectors(3),
                        """
                        vector: {x: [a, b, c]}
                        output:
                          order: {type: ranking, classes: [p, q, r], scores: y}
                          marks: {type: multi-label, classes: [p, q, r], scores: y, activation: sigmoid}
                          second: {type: number, from: y, index: 1}
                        """);
        var answer = ask(bundle, Row.of("a", -1.0, "b", 3.0, "c", 0.5));
        assertThat(answer.values())
                .containsEntry("order", List.of("q", "r", "p"))
                .containsEntry("marks", List.of("q", "r"))
                .containsEntry("second", 3.0);
    }

    @Test
    void oneScoreIsThatOfTheSecondClass() throws IOException {
        var bundle =
                bundle(
                        vectors(1),
                        """
                        vector: {x: [a]}
                        output:
                          label: {type: category, classes: [ok, scratch], scores: y, activation: sigmoid}
                        """);
        var answer = ask(bundle, Row.of("a", -2.0));
        assertThat(answer.values()).containsEntry("label", "ok");
        assertThat(answer.confidence().orElseThrow())
                .isCloseTo(1 / (1 + Math.exp(-2)), within(1e-6));
    }

    @Test
    void noClassIsTheBestOfScoresThatAreNoNumbers() throws IOException {
        var bundle =
                bundle(
                        vectors(2),
                        "vector: {x: [a, b]}\noutput: {label: {type: category, classes: [p, q], scores: y}}");
        var answer = ask(bundle, Row.of());
        assertThat(answer.values()).doesNotContainKey("label");
        assertThat(answer.confidence()).isEmpty();
        assertThat(Objects.requireNonNull(answer.scores().get("label")))
                .containsExactly(Double.NaN, Double.NaN);
    }
}
