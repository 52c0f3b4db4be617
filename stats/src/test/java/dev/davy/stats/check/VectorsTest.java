package dev.davy.stats.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VectorsTest {
    private static final Map<String, Statistic> SUM =
            Map.of(
                    "sum",
                    (params, inputs) -> {
                        if (params.has("robust")) throw new NotOffered("no robust sums here");
                        double sum = 0;
                        for (double each : inputs.numbers("values")) sum += each;
                        return Map.of("sum", sum, "signs", List.of("+", "NaN"));
                    });

    @Test
    void comparesNumberByNumberWithinTheTolerance() {
        assertThat(check("{\"sum\":6.05}")).isEqualTo(new Check.Passed());
        assertThat(check("{\"sum\":6.2}")).isEqualTo(new Check.Failed("sum", "6.2", "6.0"));
        assertThat(check("{\"signs\":[\"+\",\"NaN\"]}")).isEqualTo(new Check.Passed());
        assertThat(check("{\"signs\":[\"-\",\"NaN\"]}"))
                .isEqualTo(new Check.Failed("signs.0", "-", "+"));
        assertThat(check("{\"signs\":[\"+\",1]}"))
                .isEqualTo(new Check.Failed("signs.1", "1", "NaN"));
        assertThat(check("{\"signs\":[\"+\"]}"))
                .isEqualTo(new Check.Failed("signs", "[+]", "[+, NaN]"));
        assertThat(check("{\"product\":6}")).isEqualTo(new Check.Failed("product", "6", "null"));
    }

    @Test
    void saysWhyNothingWasCompared() {
        assertThat(check("product", "{}", "{\"values\":[1]}", "1"))
                .isEqualTo(new Check.Skipped("there is no statistic product"));
        assertThat(check("sum", "{\"robust\":true}", "{\"values\":[1]}", "1"))
                .isEqualTo(new Check.Skipped("no robust sums here"));
        assertThat(check("sum", "{}", "{}", "1"))
                .isEqualTo(new Check.Skipped("its inputs are not acceptable: values is missing"));
        assertThat(check("sum", "{}", "{\"values\":[\"one\"]}", "1"))
                .isEqualTo(
                        new Check.Skipped(
                                "its inputs are not acceptable: values has one where a number"
                                        + " must be"));
    }

    @Test
    void takesTheStreamOfAnother() {
        var vectors =
                read(
                        """
                        [{"name":"a","statistic":"sum","params":{},"inputs":{"values":[1,2]},
                          "expected":{"sum":3},"tolerance":0,"source":"a book"},
                         {"name":"b","statistic":"sum","params":{},"inputs":{"same_stream_as":"a"},
                          "expected":{"sum":3},"tolerance":0}]\
                        """);
        for (var vector : vectors.vectors())
            assertThat(Vectors.check(vector, SUM)).isEqualTo(new Check.Passed());
    }

    @Test
    void namesWhatIsWrongWithAFile() {
        assertThatThrownBy(() -> read("{}")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> read("[{\"statistic\":\"sum\",\"tolerance\":-1}]"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("name")
                .hasMessageContaining("tolerance")
                .hasMessageContaining("expected");
    }

    private static Check check(String expected) {
        return check("sum", "{}", "{\"values\":[1,2,3]}", expected);
    }

    private static Check check(String statistic, String params, String inputs, String expected) {
        var vectors =
                read(
                        "[{\"name\":\"v\",\"statistic\":\"%s\",\"params\":%s,\"inputs\":%s,\"expected\":%s,\"tolerance\":0.1}]"
                                .formatted(statistic, params, inputs, expected));
        return Vectors.check(vectors.vectors().getFirst(), SUM);
    }

    private static Vectors read(String json) {
        return Vectors.read(Json.read(json.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT));
    }
}
