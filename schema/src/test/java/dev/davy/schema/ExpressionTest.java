package dev.davy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Problem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final Map<String, @Nullable Object> ROW = row();

    private static Map<String, @Nullable Object> row() {
        var row = new LinkedHashMap<String, @Nullable Object>();
        row.put("input.a", 2.5);
        row.put("input.whole", 7L);
        row.put("input.line", "B");
        row.put("input.risk-class", "High");
        row.put("input.order", "o'clock");
        row.put("vad.speech", true);
        row.put("at", Instant.parse("2026-01-31T14:05:00.000000999Z"));
        return row;
    }

    private static @Nullable Object value(String text) {
        return Expression.parse(text, RandomExpressions.SCOPE).value(ROW::get);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    input.a > 2 and vad.speech                            | true
                    INPUT.A > 2 or VAD.speech = FALSE                     | unknown-name
                    1 / 2                                                 | 0.5
                    input.whole / 2                                       | 3.5
                    2 + 3 * 4 - 1                                         | 13.0
                    -input.a + 1                                          | -1.5
                    99% = 0.99 and 99.5% = 0.995 and 100% = 1             | true
                    1 / 0 is null and 1 / (input.a - 2.5) is null         | true
                    confidence > 0.5                                      | null
                    confidence > 0.5 and false                            | false
                    confidence > 0.5 or vad.speech                        | true
                    not (confidence > 0.5)                                | null
                    not input.a > 3                                       | true
                    confidence is null                                    | true
                    confidence is not null                                | false
                    coalesce(confidence, input.a, 1)                      | 2.5
                    least(input.a, confidence)                            | null
                    least(3, 1, 2) + greatest(3, 1, 2)                    | 4.0
                    input.line in ('A', 'B')                              | true
                    input.line not in ('A', 'C')                          | true
                    input.whole in (1, confidence)                        | null
                    input.whole in (7, confidence)                        | true
                    input.a between 2 and 3                               | true
                    input.a not between 2 and 3                           | false
                    input.a between 3 and confidence                      | false
                    input."risk-class" = 'High'                           | true
                    "input"."risk-class" like 'H%'                        | true
                    input."risk-class" like 'h%'                          | false
                    input.order = 'o''clock'                              | true
                    input.order like '_''c%k'                             | true
                    '100%' like '100!%' escape '!'                        | true
                    '100x' like '100!%' escape '!'                        | false
                    lower('ÄBC') = 'Äbc'                                  | true
                    length('a😀b')                                        | 3.0
                    '😀' > '\uFFFD'                                       | true
                    case when input.a > 3 then 'big' when input.a > 2 then 'mid' end | mid
                    case input.line when 'A' then 1 when 'B' then 2 end   | 2.0
                    case input.line when 'A' then 1 end                   | null
                    case when confidence > 0 then 1 else null end         | null
                    at = timestamp '2026-01-31 14:05:00'                  | true
                    at < Timestamp '2026-01-31T14:05:00.000001Z'          | true
                    at >= timestamp '2026-01-31T15:05:00+01:00'           | true
                    (vad.speech = true) <> (1 > 2)                        | true
                    1e308 * 10 is null                                    | true
                    .5 + 1.e0                                             | 1.5
                    """)
    void comesToWhatSqlSays(String text, String expected) {
        if (expected.equals("unknown-name")) {
            assertThatThrownBy(() -> value(text)).hasMessageContaining("is not known here");
        } else {
            assertThat(String.valueOf(value(text))).as(text).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    input.aa > 1           | character 1.          | Did you mean 'input.a'?
                    alarm('x')             | character 1.          | functions are abs, coalesce, greatest, least, length, lower, upper
                    absolute(1) > 0        | character 1.          | no function 'absolute'
                    input.a > 'x'          | character 1.          | 'input.a' is a number and ''x'' is a text
                    input.line > 1 + 1     | character 1.          | '1 + 1' is a number
                    1 + abs(input.line)    | character 9.          | abs needs a number
                    input.a and true       | character 1.          | and needs true or false, and 'input.a' is a number
                    vad.speech > false     | character 1.          | can't put in order
                    input.a = null         | character 11.         | Write is null
                    input.a = 1 = 2        | character 13.         | '=' can't stand here
                    input.a >              | at its end.           | stops too early
                    (input.a > 1           | at its end.           | stops too early
                    input.a > 1)           | character 12.         | ')' can't stand here
                    input.a > 1 input.a    | character 13.         | 'input.a' can't stand here
                    input.a ! 1            | character 9.          | '!' means nothing here
                    input.a % 2 = 0        | character 9.          | directly behind a number
                    input.a > 10ms         | character 11.         | '10ms' is no number
                    input.a > 0x10         | character 11.         | '0x10' is no number
                    input.a > 1e999        | character 11.         | too large
                    input.line = 'x        | character 14.         | never closed
                    input. > 1             | character 7.          | name is missing after 'input.'
                    at > '2026-01-31'      | character 1.          | written timestamp '
                    at > timestamp '2026-13-01' | character 16.    | is no time
                    1 > 2 && 2 > 1         | character 7.          | means nothing here
                    input.line like input.line | character 17.     | pattern of a like
                    'a%' like 'a!x' escape '!' | character 11.     | escape character stands before neither
                    (1, 2) = (1, 2)        | character 2.          | part of the language
                    input.a in 1           | character 1.          | Behind in stands a list
                    input.a in ()          | character 1.          | Behind in stands a list
                    input.a in (select 1)  | character 13.         | 'select' is not known here
                    select 1               | character 1.          | 'select' is not known here
                    abs() > 1              | character 1.          | given 0 arguments
                    abs(*) > 1             | character 1.          | part of the language
                    abs(1, 2) > 1          | character 1.          | given 2 arguments
                    least(1) > 1           | character 1.          | at least 2
                    case when 1 > 2 then null end is null | character 11. | can come to is null
                    case when 1 > 2 then 1 else 'a' end = 1 | character 22. | takes like and like
                    input.a (+) = 1        | character 10.         | number is missing
                    1; drop table x        | character 2.          | ';' means nothing here
                    1 /* x */              | character 3.          | no comments
                    input.a > 1 -- x       | character 13.         | no comments
                    input.a > :p           | character 11.         | ':' means nothing here
                    input.a > ?            | character 11.         | '?' means nothing here
                    input.a = ~1           | character 11.         | '~' means nothing here
                    escape and true        | character 1.          | 'escape' can't stand here
                    input.a = in (1)       | character 11.         | 'in' can't stand here
                    not                    | at its end.           | stops too early
                    ''                     | no condition          | it comes to a text
                    """)
    void saysWhereAnExpressionIsWrongAndWhatMayStandThere(String text, String place, String why) {
        assertThatThrownBy(() -> Expression.condition(text, RandomExpressions.SCOPE))
                .as(text)
                .isInstanceOf(Problem.class)
                .hasMessageContaining(place)
                .hasMessageContaining(why);
    }

    @Test
    void namesAllUnknownNamesAtOnce() {
        assertThatThrownBy(() ->
                        Expression.parse(
                                "input.lin = 'A' and multi-label > 1", RandomExpressions.SCOPE))
                .hasMessageContaining("'input.lin' is not known here. Did you mean 'input.line'?")
                .hasMessageContaining("'multi' is not known here")
                .hasMessageContaining("'label' is not known here")
                .hasMessageContaining("Names with dashes or spaces stand in double quotes");
    }

    @Test
    void saysWhatItReads() {
        var expression =
                Expression.parse(
                        "vad.speech and input.\"risk-class\" = 'x' or vad.speech",
                        RandomExpressions.SCOPE);
        assertThat(expression.paths()).containsExactly("vad.speech", "input.risk-class");
        assertThat(expression.type()).isEqualTo(Expression.Type.BOOLEAN);
        assertThat(expression)
                .hasToString("vad.speech and input.\"risk-class\" = 'x' or vad.speech");
    }

    @Test
    void takesUnknownForNotTrue() {
        var condition = Expression.condition("confidence > 0.5", RandomExpressions.SCOPE);
        assertThat(condition.test(_ -> null)).isFalse();
        assertThat(condition.test(_ -> Double.NaN)).isFalse();
        assertThat(condition.test(_ -> 0.6f)).isTrue();
    }

    @Test
    void findsABugWhereAValueIsNotWhatTheScopeSaid() {
        var condition = Expression.condition("confidence > 0.5", RandomExpressions.SCOPE);
        assertThatThrownBy(() -> condition.test(_ -> "0.6"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("confidence");
    }

    @Test
    void speaksOfTheColumnsOfASchema() {
        var schema =
                new Schema(
                        java.util.List.of(
                                Column.of("serial", ColumnType.TEXT),
                                Column.of("image", ColumnType.IMAGE)));
        var row = Row.of("serial", "X-1");
        assertThat(
                        Expression.condition("input.serial like 'X-%'", schema.scope("input"))
                                .test(path -> row.at(path.substring("input.".length()))))
                .isTrue();
        assertThat(Expression.condition("serial is null", schema.scope("")).test(row::at))
                .isFalse();
        assertThatThrownBy(() -> Expression.parse("input.image is null", schema.scope("input")))
                .hasMessageContaining("'input.image' is not known here");
    }

    @Test
    void letsTheCallerNameTheColumns() {
        var expression = Expression.parse("input.a > 1 and vad.speech", RandomExpressions.SCOPE);
        assertThat(expression.sql(Expression.Dialect.SQLITE))
                .isEqualTo("((CAST(\"input.a\" AS REAL) > 1.0) AND \"vad.speech\")");
        assertThat(expression.sql(Expression.Dialect.DUCKDB, path -> "p." + path.replace('.', '_')))
                .isEqualTo(
                        "((CAST(p.input_a AS DOUBLE) > CAST('1.0' AS DOUBLE)) AND p.vad_speech)");
    }

    @Test
    void quotesWhatCouldEndAText() {
        var expression = Expression.parse("input.line = '\\'' or 1=1 --'", RandomExpressions.SCOPE);
        assertThat(expression.sql(Expression.Dialect.SQLITE))
                .isEqualTo("(\"input.line\" = '\\'' or 1=1 --')");
        assertThat(expression.sql(Expression.Dialect.POSTGRES))
                .isEqualTo(
                        "((\"input.line\" COLLATE \"C\") = (E'\\\\'' or 1=1 --' COLLATE \"C\"))");
        var odd = Expression.parse("input.\"it's \"\"odd\"\"\"", RandomExpressions.SCOPE);
        assertThat(odd.sql(Expression.Dialect.SQLITE)).isEqualTo("\"input.it's \"\"odd\"\"\"");
    }

    @Test
    void startsNoThreadPool() {
        int before = pools();
        for (int i = 0; i < 50; i++) value("input.a > " + i + " and input.line like 'A%'");
        assertThat(pools()).isEqualTo(before + 1);
    }

    /// The number that the next pool of threads gets; asking counts as one.
    private static int pools() {
        var thread = Executors.defaultThreadFactory().newThread(() -> {});
        return Integer.parseInt(thread.getName().split("-", -1)[1]);
    }
}
