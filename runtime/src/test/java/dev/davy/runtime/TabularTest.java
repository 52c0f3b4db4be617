package dev.davy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.davy.schema.ColumnType;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Row;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Models that scikit-learn trained and skl2onnx wrote, asked in rows.
class TabularTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir Path folder;

    private static InputStream resource(String name) {
        return Objects.requireNonNull(TabularTest.class.getResourceAsStream("sklearn/" + name));
    }

    private Path model(String name) throws IOException {
        try (var in = resource(name + ".onnx")) {
            return Files.write(folder.resolve("model.onnx"), in.readAllBytes());
        }
    }

    private static JsonNode expected(String name) throws IOException {
        try (var in = resource("expected.json")) {
            return Json.read(in.readAllBytes(), Limits.DEFAULT).get(name);
        }
    }

    private static Row row(JsonNode json) {
        var values = new LinkedHashMap<String, Object>();
        for (var cell : json.properties()) {
            var value = cell.getValue();
            if (value.isNull()) continue;
            values.put(
                    cell.getKey(),
                    value.isString()
                            ? value.stringValue()
                            : value.isBoolean()
                                    ? (Object) value.booleanValue()
                                    : value.isIntegralNumber()
                                            ? (Object) value.longValue()
                                            : (Object) value.doubleValue());
        }
        return new Row(new LinkedHashMap<>(values));
    }

    private static void agree(Answer answer, String output, String label, JsonNode probabilities) {
        assertThat(answer.values()).containsEntry(output, label);
        var scores = Objects.requireNonNull(answer.scores().get(output));
        double highest = 0;
        for (int c = 0; c < scores.length; c++) {
            assertThat(scores[c]).isCloseTo(probabilities.get(c).asDouble(), within(1e-5));
            highest = Math.max(highest, scores[c]);
        }
        assertThat(answer.confidence().orElseThrow()).isCloseTo(highest, within(1e-5));
    }

    @Test
    void onePerColumnWithTextsNumbersAndMaps() throws IOException {
        var bundle = Bundle.read(model("linear"), Limits.DEFAULT);
        assertThat(bundle.input().columns())
                .extracting(c -> c.name() + ":" + c.type().word())
                .containsExactly("town:category", "job:category", "age:integer", "income:number");
        var wanted = expected("linear");
        var classes = ((OutputKind.Category) bundle.outputs().getFirst().kind()).classes();
        assertThat(classes).containsExactly("gut", "schlecht", "sehr gut");
        var report = Trial.run(bundle, Limits.DEFAULT);
        assertThat(report.batches()).isTrue();
        try (var model = Onnx.open(bundle, report);
                var rows = RowSession.open(bundle, model)) {
            assertThat(rows.together()).isGreaterThan(20);
            var asked = new ArrayList<Row>();
            for (var json : wanted.get("rows")) asked.add(row(json));
            var answers = rows.ask(asked, NEVER);
            for (int at = 0; at < asked.size(); at++)
                agree(
                        answers.get(at),
                        "label",
                        wanted.get("labels").get(at).asString(),
                        wanted.get("probabilities").get(at));
            // One by one they come to the same.
            for (int at = 0; at < asked.size(); at++)
                agree(
                        rows.ask(List.of(asked.get(at)), NEVER).getFirst(),
                        "label",
                        wanted.get("labels").get(at).asString(),
                        wanted.get("probabilities").get(at));
        }
    }

    @Test
    void oneVectorWithNamedFeaturesAndPlainProbabilities() throws IOException {
        model("forest");
        Files.writeString(
                folder.resolve("model.yaml"),
                """
                kind: Model
                vector: {X: [a, b, c, d]}
                output:
                  kind: {type: category}
                """);
        var bundle = Bundle.read(folder, Limits.DEFAULT);
        assertThat(bundle.input().columns())
                .extracting(c -> c.name())
                .containsExactly("a", "b", "c", "d");
        var wanted = expected("forest");
        var report = Trial.run(bundle, Limits.DEFAULT);
        assertThat(report.batches()).isTrue();
        try (var model = Onnx.open(bundle, report);
                var rows = RowSession.open(bundle, model)) {
            for (int at = 0; at < wanted.get("rows").size(); at++) {
                var numbers = wanted.get("rows").get(at);
                var asked =
                        Row.of(
                                "a", numbers.get(0).asDouble(),
                                "b", numbers.get(1).asDouble(),
                                "c", numbers.get(2).asDouble(),
                                "d", numbers.get(3).asDouble());
                agree(
                        rows.ask(List.of(asked), NEVER).getFirst(),
                        "kind",
                        wanted.get("labels").get(at).asString(),
                        wanted.get("probabilities").get(at));
            }
        }
    }

    @Test
    void oneVectorWithoutADescriptor() throws IOException {
        var bundle = Bundle.read(model("forest"), Limits.DEFAULT);
        assertThat(bundle.input().columns())
                .extracting(c -> c.type())
                .containsExactly(ColumnType.VECTOR);
        assertThat(bundle.outputs().getFirst().kind())
                .isEqualTo(new OutputKind.Category(List.of("10", "20", "30")));
        try (var model = Onnx.open(bundle.model());
                var rows = RowSession.open(bundle, model)) {
            var wanted = expected("forest");
            var numbers = wanted.get("rows").get(0);
            var vector = new double[4];
            for (int k = 0; k < 4; k++) vector[k] = numbers.get(k).asDouble();
            agree(
                    rows.ask(List.of(Row.of("X", vector)), NEVER).getFirst(),
                    "label",
                    wanted.get("labels").get(0).asString(),
                    wanted.get("probabilities").get(0));
        }
    }

    @Test
    void namesOfYourOwnForNumberedClassesInAnyOrder() throws IOException {
        model("boosted");
        Files.writeString(
                folder.resolve("model.yaml"),
                """
                input: {a: {type: number}, b: {type: number}}
                output:
                  sign: {type: category, classes: [different, same], label: output_label, scores: output_probability}
                """);
        var named = Bundle.read(folder, Limits.DEFAULT);
        Files.writeString(
                folder.resolve("model.yaml"),
                """
                input: {a: {type: number}, b: {type: number}}
                output:
                  sign: {type: category, classes: ["1", "0"], label: output_label, scores: output_probability}
                """);
        var turned = Bundle.read(folder, Limits.DEFAULT);
        var wanted = expected("boosted");
        try (var model = Onnx.open(named.model());
                var rows = RowSession.open(named, model);
                var other = RowSession.open(turned, model)) {
            for (int at = 0; at < wanted.get("rows").size(); at++) {
                var asked = List.of(row(wanted.get("rows").get(at)));
                var label = wanted.get("labels").get(at).asString();
                agree(
                        rows.ask(asked, NEVER).getFirst(),
                        "sign",
                        label.equals("1") ? "same" : "different",
                        wanted.get("probabilities").get(at));
                var answer = other.ask(asked, NEVER).getFirst();
                assertThat(answer.values()).containsEntry("sign", label);
                assertThat(Objects.requireNonNull(answer.scores().get("sign"))[0])
                        .isCloseTo(
                                wanted.get("probabilities").get(at).get(1).asDouble(),
                                within(1e-5));
            }
        }
    }

    @Test
    void tellsAllThatIsWrongWithARow() throws IOException {
        var bundle = Bundle.read(model("linear"), Limits.DEFAULT);
        try (var model = Onnx.open(bundle.model());
                var rows = RowSession.open(bundle, model)) {
            var good = Row.of("town", "Köln", "job", "cook", "age", 40, "income", null);
            var bad = Row.of("town", 7, "age", 40.5, "income", "much");
            var problem = (Problem) catchThrowable(() -> rows.ask(List.of(good, bad), NEVER));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.MALFORMED);
            assertThat(problem.field()).contains("rows[1]");
            assertThat(problem.violations()).hasSize(4);
            assertThat(rows.ask(List.of(good), NEVER)).hasSize(1);
        }
    }

    @Test
    void writesWhatIsDeclaredForMissingValues() throws IOException {
        model("linear");
        Files.writeString(
                folder.resolve("model.yaml"),
                """
                input:
                  town: {type: category, required: false}
                  job: {type: category, missing: cook}
                  age: {type: integer, missing: 40}
                  income: {type: number, missing: 3000}
                """);
        var bundle = Bundle.read(folder, Limits.DEFAULT);
        assertThat(bundle.input().columns()).noneMatch(c -> c.required());
        try (var model = Onnx.open(bundle.model());
                var rows = RowSession.open(bundle, model)) {
            var full =
                    rows.ask(
                            List.of(Row.of("town", "", "job", "cook", "age", 40, "income", 3000.0)),
                            NEVER);
            assertThat(rows.ask(List.of(Row.of()), NEVER).getFirst().scores().get("label"))
                    .isEqualTo(full.getFirst().scores().get("label"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic", "forest", "boosted"})
    void theLoanModelsAnswerAsScikitLearnDoes(String name) throws IOException {
        var home = examples().resolve("loan-approval");
        var bundle = Bundle.read(home.resolve("models").resolve(name), Limits.DEFAULT);
        var wanted =
                Json.read(Files.readAllBytes(home.resolve("expected.json")), Limits.DEFAULT)
                        .get(name);
        var report = Trial.run(bundle, Limits.DEFAULT);
        assertThat(report.batches()).isTrue();
        var asked = new ArrayList<Row>();
        var lines = Files.readAllLines(home.resolve("applicants.csv"));
        var header = lines.getFirst().split(",", -1);
        for (var line : lines.subList(1, lines.size())) {
            var cells = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
            var values = new LinkedHashMap<String, Object>();
            for (int c = 0; c < cells.length; c++) {
                var column = bundle.input().column(header[c]);
                if (column.isEmpty()) continue;
                var cell = cells[c].replace("\"", "");
                values.put(
                        header[c],
                        switch (column.get().type()) {
                            case INTEGER -> (Object) Long.parseLong(cell);
                            case NUMBER -> (Object) Double.parseDouble(cell);
                            default -> cell;
                        });
            }
            asked.add(new Row(new LinkedHashMap<>(values)));
        }
        try (var model = Onnx.open(bundle, report);
                var rows = RowSession.open(bundle, model)) {
            var answers = rows.ask(asked, NEVER);
            for (int at = 0; at < wanted.size(); at++) {
                var scores = Objects.requireNonNull(answers.get(at).scores().get("risk"));
                assertThat(answers.get(at).values())
                        .containsEntry("risk", wanted.get(at).get("risk").asString());
                assertThat(scores[0])
                        .isCloseTo(
                                wanted.get(at).get("scores").get("bad").asDouble(), within(1e-5));
                assertThat(scores[1])
                        .isCloseTo(
                                wanted.get(at).get("scores").get("good").asDouble(), within(1e-5));
            }
        }
    }

    private static Path examples() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
            if (Files.isDirectory(at.resolve("examples/loan-approval")))
                return at.resolve("examples");
        Assumptions.abort("the examples are not here");
        throw new IllegalStateException();
    }
}
