package dev.davy.review;

import dev.davy.schema.Expression;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The conditions of automation: expressions over `confidence`, `margin`, `novelty`, `input.…` and
/// `output.…`, and `alarm('metric')`, which is true while an alarm of that metric rings.
final class Conditions {
    /// What an alarm's path begins with.
    static final String ALARM = "alarm.";

    private static final Pattern CALL = Pattern.compile("\\balarm\\s*\\(\\s*'([^'\"]*)'\\s*\\)");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Conditions() {}

    /// @throws dev.davy.strict.Problem UNACCEPTABLE with the place and what may stand there
    static Expression read(String text, Schema schema, List<Output> outputs) {
        return Expression.condition(named(text), scope(schema, outputs));
    }

    /// A number that a case is worth.
    static Expression value(String text, Schema schema, List<Output> outputs) {
        return Expression.parse(text, scope(schema, outputs));
    }

    /// `alarm('x.y')` as the name that it is to the language: `alarm."x.y"`.
    private static String named(String text) {
        return CALL.matcher(text).replaceAll("alarm.\"$1\"");
    }

    private static Expression.Scope scope(Schema schema, List<Output> outputs) {
        var input = schema.scope("input");
        return path -> {
            if (path.startsWith(ALARM)) return Optional.of(Expression.Type.BOOLEAN);
            if (path.startsWith("output.")) return output(path.substring(7), outputs);
            return switch (path) {
                case "confidence", "margin", "novelty" -> Optional.of(Expression.Type.NUMBER);
                default -> input.typeOf(path);
            };
        };
    }

    private static Optional<Expression.Type> output(String name, List<Output> outputs) {
        return outputs.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .flatMap(output ->
                        switch (output.kind()) {
                            case OutputKind.Category _, OutputKind.Text _ ->
                                    Optional.of(Expression.Type.TEXT);
                            case OutputKind.Number _ -> Optional.of(Expression.Type.NUMBER);
                            case OutputKind.MultiLabel _,
                                    OutputKind.Boxes _,
                                    OutputKind.Ranking _,
                                    OutputKind.Vector _ ->
                                    Optional.empty();
                        });
    }

    /// What must all hold: the parts of a text between its outermost `and`s, so that the one that
    /// does not hold can be named. All of them hold just when the whole does.
    static List<String> conjuncts(String text) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int from = 0;
        boolean between = false;
        var words = WORD.matcher(text);
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                int end = text.indexOf(c, at + 1);
                if (end < 0) return List.of(text);
                at = end;
            } else if (c == '(') depth++;
            else if (c == ')') depth--;
            else if (Character.isLetter(c) && words.find(at) && words.start() == at) {
                var word = words.group().toLowerCase(Locale.ROOT);
                int after = words.end();
                if (depth == 0)
                    switch (word) {
                        // Its parts have an order of their own, which cutting would lose.
                        case "or", "case" -> {
                            return List.of(text.strip());
                        }
                        case "between" -> between = true;
                        case "and" -> {
                            if (!between) {
                                parts.add(text.substring(from, at).strip());
                                from = after;
                            }
                            between = false;
                        }
                        default -> {}
                    }
                at = after - 1;
            }
        }
        parts.add(text.substring(from).strip());
        return parts.stream().noneMatch(String::isEmpty) ? parts : List.of(text.strip());
    }

    /// Why a person is asked when a condition does not hold, for people.
    static String reason(String conjunct) {
        var text = conjunct.strip();
        return text.toLowerCase(Locale.ROOT).startsWith("not ")
                ? text.substring(4).strip()
                : "not " + text;
    }
}
