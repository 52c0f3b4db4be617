package dev.davy.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.schema.Schema;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapesTest {
    @TempDir private Path folder;

    @Test
    void findsTheTypeThatHoldsForAllValues() throws IOException {
        var table =
                table(
                        """
                        id,age,score,ok,at,zip,city
                        9007199254740993,31,0.5,true,2026-01-31,00501,Bonn
                        2,,1e3,false,2026-02-01T10:00:00Z,12345,Bonn
                        3,40,NaN,true,2026-02-02,00502,Ulm
                        4,41,-7,false,2026-02-03,00503,Ulm
                        """);
        var schema = Shapes.schema(Shapes.of(table));
        assertThat(schema.json().toString())
                .isEqualTo(
                        "{\"id\":{\"type\":\"integer\"},"
                                + "\"age\":{\"type\":\"integer\",\"required\":false},"
                                + "\"score\":{\"type\":\"number\"},\"ok\":{\"type\":\"boolean\"},"
                                + "\"at\":{\"type\":\"time\"},\"zip\":{\"type\":\"text\"},"
                                + "\"city\":{\"type\":\"category\",\"classes\":[\"Bonn\",\"Ulm\"]}}");
        assertThat(table.findings().wrong()).isFalse();
        assertThat(codes(table)).containsExactly("not-finite");
    }

    @Test
    void namesMixedTypesWithTheFirstLine() throws IOException {
        var table = table("x\n1\n2\nn/a\n4\nn/a\n");
        Shapes.of(table);
        var finding = table.findings().list().getFirst();
        assertThat(finding.code()).isEqualTo("mixed-types");
        assertThat(finding.line()).hasValue(4);
        assertThat(finding.times()).isEqualTo(2);
        assertThat(finding.text()).contains("3 numbers").contains("--missing n/a");
        var told = table("x\n1\n2\nn/a\n4\nn/a\n", "n/a");
        assertThat(Shapes.of(told).getFirst().missing()).isEqualTo(2);
        assertThat(codes(told)).isEmpty();
    }

    @Test
    void namesANumberThatNoDoubleCanHold() throws IOException {
        var table = table("x\n1\n1e309\n");
        Shapes.of(table);
        var finding = table.findings().list().getFirst();
        assertThat(finding.code()).isEqualTo("number-out-of-range");
        assertThat(finding.line()).hasValue(3);
        assertThat(finding.wrong()).isTrue();
    }

    @Test
    void holdsATableAgainstASchema() throws IOException {
        var schema =
                schema(
                        "{\"age\":{\"type\":\"integer\",\"min\":0,\"max\":150},"
                                + "\"line\":{\"type\":\"category\",\"classes\":[\"A\",\"B\"]},"
                                + "\"note\":{\"type\":\"text\",\"required\":false}}");
        var good = Validation.of(table("age,line,more\n31,A,x\n40,B,y\n"), schema);
        assertThat(good.good()).isTrue();
        assertThat(good.findings())
                .extracting(Finding::code)
                .containsExactly("column-missing", "column-unknown");
        var bad = Validation.of(table("age,lin\n31,A\n"), schema);
        assertThat(bad.good()).isFalse();
        var wrong = Validation.of(table("age,line\n31,A\n151,A\n,B\nold,C\n1.5,A\n"), schema);
        assertThat(wrong.rows()).isEqualTo(5);
        assertThat(wrong.badRows()).isEqualTo(4);
        assertThat(wrong.findings())
                .filteredOn(Finding::wrong)
                .extracting(each -> each.line().orElse(0) + " " + each.times() + " " + each.code())
                .containsExactly(
                        "3 3 value-not-allowed", "4 1 value-missing", "5 1 value-not-allowed");
    }

    @Test
    void readsCellsAsTheTypesThatAreKnown() throws IOException {
        var table = table("x,b\n1,true\nlots,yes\n");
        var types = Shapes.types(Shapes.of(table("x,b\n1,true\n2,false\n")));
        var typed = Typed.of(table, types);
        typed.read(
                List.of("x", "b"),
                (block, lines) -> {
                    assertThat(block.row(0).values())
                            .containsEntry("x", 1L)
                            .containsEntry("b", true);
                    assertThat(block.row(1).at("x")).isNull();
                });
        assertThat(typed.findings().list())
                .extracting(each -> each.code() + " " + each.line().orElse(0))
                .containsExactly("value-of-another-type 3", "value-of-another-type 3");
    }

    private static List<String> codes(Table table) {
        return table.findings().list().stream().map(Finding::code).toList();
    }

    private static Schema schema(String json) {
        return Schema.read(Json.read(json.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT));
    }

    private Table table(String text, String... missing) throws IOException {
        var file = Files.createTempFile(folder, "t", ".csv");
        Files.writeString(file, text);
        return Table.open(file, new Reading(Set.of(missing), Limits.DEFAULT));
    }
}
