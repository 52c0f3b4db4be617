package dev.davy.demo.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.runtime.Bundle;
import dev.davy.schema.ColumnType;
import dev.davy.schema.OutputKind;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
    private static final Path LOAN = Path.of("..", "examples", "loan-approval");
    private static final Path FOLDER = LOAN.resolve("models", "logistic");
    private static final Path FILE = FOLDER.resolve("model.onnx");
    private static final Path APPLICANTS = LOAN.resolve("applicants.csv");

    @TempDir private Path temporary;

    @Test
    void aFolderWithItsDescriptorNeedsNothingElse() {
        var plan = ready(FOLDER, true, Table.read(APPLICANTS, Limits.DEFAULT), Said.NOTHING);
        assertThat(plan.descriptor()).isEmpty();
        assertThat(plan.fed()).hasSize(20);
        assertThat(plan.truth()).isEmpty();
        assertThat(plan.entity()).hasValue(0);
    }

    @Test
    void aModelFileAloneGetsItsTypesFromItsTensorsAndTheTable() throws IOException {
        var plan = ready(FILE, false, withTruth("risk"), Said.NOTHING);
        assertThat(plan.fed().stream().filter(each -> each.column().name().equals("age_years")))
                .singleElement()
                .satisfies(each -> assertThat(each.column().type()).isEqualTo(ColumnType.INTEGER));
        assertThat(plan.fed().stream().filter(each -> each.column().name().equals("housing")))
                .singleElement()
                .satisfies(each -> assertThat(each.column().type()).isEqualTo(ColumnType.CATEGORY));
        assertThat(plan.truth()).hasValue(21);
        assertThat(plan.output()).isEqualTo("risk");
        assertThat(plan.kind()).isEqualTo(new OutputKind.Category(List.of("bad", "good")));
        // What was worked out is a descriptor that holds.
        var folder = Files.createDirectory(SafePath.inside(temporary, "made"));
        Files.copy(FILE, SafePath.inside(folder, "model.onnx"));
        Files.write(
                SafePath.inside(folder, "model.yaml"), Json.write(plan.descriptor().orElseThrow()));
        var read = Bundle.read(folder, Limits.DEFAULT);
        assertThat(read.outputs().getFirst().name()).isEqualTo("risk");
        assertThat(read.input().columns()).hasSize(20);
    }

    @Test
    void rowsThatTheModelCannotTakeAreCountedAndNamed() throws IOException {
        var lines = Files.readAllLines(APPLICANTS);
        var text = String.join("\n", lines) + "\n";
        text += lines.get(1).replaceFirst(",\\d+,", ",many,") + "\n" + "only,two\n";
        var table = table(text);
        var own = new OwnModel("loan", ready(FOLDER, true, table, Said.NOTHING), table);
        assertThat(own.rejected()).isEqualTo(2);
        assertThat(own.rejects().getLast()).contains("line 22").contains("'many'");
        assertThat(own.referenceRows()).isEqualTo(20);
    }

    @Test
    void eachTruthIsToldOnceItsPredictionIsThere() throws IOException {
        var table = withTruth("risk");
        var own = new OwnModel("loan", ready(FILE, false, table, Said.NOTHING), table);
        var at = Instant.parse("2026-11-21T10:00:00Z");
        var asked = own.at(0, at);
        assertThat(asked.row().has("risk")).isFalse();
        var later = asked.later().apply(Json.object().put("id", "1"));
        assertThat(later).hasSize(1);
        assertThat(later.getFirst().due()).isAfter(at);
        assertThat(later.getFirst().feedback().path("truth").asString("")).isIn("bad", "good");
    }

    @Test
    void asksWhichColumnIsTheTruthWhereSeveralCouldBe() throws IOException {
        var lines = Files.readAllLines(APPLICANTS);
        var text = new StringBuilder(lines.getFirst() + ",first,second\n");
        for (var line : lines.subList(1, lines.size())) text.append(line).append(",good,bad\n");
        var outcome = plan(FILE, false, table(text.toString()), Said.NOTHING);
        assertThat(outcome).isInstanceOf(Planner.Outcome.Asking.class);
        var question = ((Planner.Outcome.Asking) outcome).questions().getFirst();
        assertThat(question.flag()).isEqualTo("--target");
        assertThat(question.line()).contains("first | second").contains("--no-target");
        var said = new Said(Optional.of("second"), false, List.of(), Map.of(), List.of());
        assertThat(ready(FILE, false, table(text.toString()), said).output()).isEqualTo("second");
    }

    @Test
    void asksForEachInputThatNoColumnFeeds() {
        var outcome = plan(FILE, false, table("a,b\n1,2\n"), Said.NOTHING);
        assertThat(((Planner.Outcome.Asking) outcome).questions())
                .hasSize(20)
                .extracting(Question::flag)
                .contains("--column age_years=", "--column housing=");
    }

    @Test
    void aColumnThatIsNamedMustBeThere() {
        var said = new Said(Optional.of("rsik"), false, List.of(), Map.of(), List.of());
        assertThatThrownBy(() -> plan(FOLDER, true, Table.read(APPLICANTS, Limits.DEFAULT), said))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no column 'rsik'");
    }

    @Test
    void aTableWithoutRowsOrInAnotherEncodingIsRefusedWithTheReason() throws IOException {
        assertThatThrownBy(() -> table("a,b\n"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("header only");
        assertThatThrownBy(() -> table("")).isInstanceOf(Problem.class);
        var file = SafePath.inside(temporary, "latin.csv");
        Files.write(file, "name\nMüller\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Table.read(file, Limits.DEFAULT))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void oneRowIsEnough() throws IOException {
        var lines = Files.readAllLines(APPLICANTS);
        var table = table(lines.get(0) + "\n" + lines.get(1) + "\n");
        var own = new OwnModel("loan", ready(FILE, false, table, Said.NOTHING), table);
        assertThat(own.referenceRows()).isEqualTo(1);
        assertThat(own.sentRows()).isEqualTo(1);
        assertThat(own.at(1_000, Instant.EPOCH).row().path("age_years").isNumber()).isTrue();
    }

    private Table withTruth(String name) throws IOException {
        var lines = Files.readAllLines(APPLICANTS);
        var text = new StringBuilder(lines.getFirst() + "," + name + "\n");
        for (int i = 1; i < lines.size(); i++)
            text.append(lines.get(i)).append(i % 3 == 0 ? ",bad\n" : ",good\n");
        return table(text.toString());
    }

    private Table table(String text) {
        try {
            var file = SafePath.inside(temporary, "data.csv");
            Files.writeString(file, text);
            return Table.read(file, Limits.DEFAULT);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Planner.Outcome plan(Path model, boolean described, Table table, Said said) {
        return Planner.plan(Bundle.read(model, Limits.DEFAULT), described, table, said);
    }

    private static Plan ready(Path model, boolean described, Table table, Said said) {
        return ((Planner.Outcome.Ready) plan(model, described, table, said)).plan();
    }
}
