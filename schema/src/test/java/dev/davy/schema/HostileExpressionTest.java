package dev.davy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Problem;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever stands in an expression: it is understood, or a problem says where it isn't.
@Timeout(120)
class HostileExpressionTest {
    private static final List<String> PIECES =
            List.of(
                    "(",
                    ")",
                    "((",
                    "))",
                    "+",
                    "-",
                    "*",
                    "/",
                    "=",
                    "<>",
                    "<",
                    ">=",
                    ",",
                    "and",
                    "or",
                    "not",
                    "between",
                    "in",
                    "in (",
                    "like",
                    "escape",
                    "is",
                    "null",
                    "case",
                    "when",
                    "then",
                    "else",
                    "end",
                    "true",
                    "1",
                    "99%",
                    "'a'",
                    "input.a",
                    "input.line",
                    "vad.speech",
                    "at",
                    "abs(",
                    "coalesce(",
                    "least(",
                    "timestamp '2026-01-31'");

    @Test
    void isUnderstoodOrRefused() {
        var random = new Random(20_261_121);
        int understood = 0;
        for (int i = 0; i < 10_000; i++) {
            var text = new StringBuilder();
            int pieces = 1 + random.nextInt(i % 100 == 0 ? 900 : 12);
            for (int piece = 0; piece < pieces; piece++)
                text.append(PIECES.get(random.nextInt(PIECES.size()))).append(' ');
            understood += check(text.toString());
        }
        assertThat(understood).isGreaterThan(100);
    }

    @Test
    void isUnderstoodOrRefusedWithOneCharacterChanged() {
        var random = new Random(7);
        var made = new RandomExpressions(7);
        var characters = "()'\"%._,+-*/=<>! \t\n\u0000\uD83Da1e\\;:[]{}$@#&|^~?`é";
        int understood = 0;
        for (int i = 0; i < 10_000; i++) {
            var text = new StringBuilder(made.expression(Expression.Type.BOOLEAN));
            int at = random.nextInt(text.length());
            char c = characters.charAt(random.nextInt(characters.length()));
            if (random.nextBoolean()) text.insert(at, c);
            else text.setCharAt(at, c);
            understood += check(text.toString());
        }
        assertThat(understood).isGreaterThan(100);
    }

    @Test
    void isUnderstoodOrRefusedHoweverItIsNested() {
        for (var opening :
                List.of(
                        "(",
                        "not (",
                        "not ",
                        "- ",
                        "-(",
                        "1+(",
                        "abs(",
                        "case when ",
                        "1 in (",
                        "coalesce(1, ",
                        "1 between (",
                        "a = not ",
                        "(1,",
                        "case (",
                        "1 - -"))
            for (int times : new int[] {1, 25, 49, 50, 51, 200, 400, 2_000}) {
                check(opening.repeat(times));
                check(opening.repeat(times) + "input.a > 1" + ")".repeat(times));
                check(opening.repeat(times) + "input.a > 1" + " then 1 end".repeat(times));
            }
    }

    @Test
    void isRefusedWhenTooLongOrTooDeep() {
        assertThatThrownBy(() -> parse("input.a > 1" + " ".repeat(4_090)))
                .hasMessageContaining("the limit is 4096");
        assertThatThrownBy(() -> parse("1" + "+1".repeat(600)))
                .hasMessageContaining("more than 1000 names, numbers and signs");
        assertThatThrownBy(() -> parse("(".repeat(51) + "1" + ")".repeat(51)))
                .hasMessageContaining("More than 50 parentheses");
        assertThatThrownBy(() -> parse("not ".repeat(51) + "vad.speech"))
                .hasMessageContaining("More than 50 conditions");
        assertThat(parse("(".repeat(50) + "vad.speech" + ")".repeat(50)).paths()).hasSize(1);
    }

    @Test
    void isRefusedWhenADatabaseWouldWriteItOutWithoutEnd() {
        for (var nested :
                List.of(
                        "case when %s between 1 and 2 then 1 else 3 end",
                        "case when %s in (1, input.a) then 1 else 3 end",
                        "case %s when 1 then 2 when 3 then 4 end")) {
            var text = "input.a";
            for (int i = 0; i < 20; i++) text = nested.formatted(text);
            var whole = text;
            assertThatThrownBy(() -> parse(whole)).hasMessageContaining("the limit is 10000");
        }
    }

    private static Expression parse(String text) {
        return Expression.parse(text, RandomExpressions.SCOPE);
    }

    private static int check(String text) {
        Expression expression;
        try {
            expression = parse(text);
        } catch (Problem refused) {
            assertThat(refused.code()).as(text).startsWith("expression-");
            return 0;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(text, e);
        }
        expression.value(_ -> null);
        for (var dialect : Expression.Dialect.values())
            assertThat(expression.sql(dialect)).hasSizeLessThan(200_000);
        return 1;
    }
}
