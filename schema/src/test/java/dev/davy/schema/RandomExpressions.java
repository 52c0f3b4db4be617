package dev.davy.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Well-typed expressions and rows for them, by chance but always the same for a seed. Values are
/// few and near each other, so that comparisons come out every way.
final class RandomExpressions {
    /// Path, type, and how a table declares the column: one that changes nothing in any database.
    static final Map<String, Expression.Type> COLUMNS = columns();

    static final Expression.Scope SCOPE =
            new Expression.Scope() {
                @Override
                public Optional<Expression.Type> typeOf(String path) {
                    return Optional.ofNullable(COLUMNS.get(path));
                }

                @Override
                public Set<String> paths() {
                    return COLUMNS.keySet();
                }
            };

    private static final List<String> TEXTS =
            List.of(
                    "", "a", "A", "b", "ab", "aB", "abc", "Z", "é", "É", "ß", "日本", "😀", "\uFFFD",
                    "a😀b", "%", "_", "a%", "a_c", "*", "[a]", "?", "a\\b", "it's", "!", "a!b",
                    " a", "a ");

    private static final List<String> NUMBERS =
            List.of("0", "1", "2", "3", "0.5", "1.5", "10", "50%", "99%", "0.1", "0.2", "1e2", "7");

    private static final List<String> TIMES =
            List.of(
                    "2026-01-31",
                    "2026-01-31 14:05:00",
                    "2026-01-31T14:05:00+01:00",
                    "2026-01-31T14:05:00.000001Z",
                    "1969-12-31 23:59:59.5");

    private final Random random;

    RandomExpressions(long seed) {
        random = new Random(seed);
    }

    private static Map<String, Expression.Type> columns() {
        var columns = new LinkedHashMap<String, Expression.Type>();
        columns.put("input.a", Expression.Type.NUMBER);
        columns.put("input.whole", Expression.Type.NUMBER);
        columns.put("confidence", Expression.Type.NUMBER);
        columns.put("input.line", Expression.Type.TEXT);
        columns.put("input.risk-class", Expression.Type.TEXT);
        columns.put("input.order", Expression.Type.TEXT);
        columns.put("vad.speech", Expression.Type.BOOLEAN);
        columns.put("input.it's \"odd\"", Expression.Type.BOOLEAN);
        columns.put("at", Expression.Type.TIME);
        columns.put("input.end", Expression.Type.TIME);
        return columns;
    }

    Map<String, @Nullable Object> row() {
        var row = new LinkedHashMap<String, @Nullable Object>();
        COLUMNS.forEach((path, type) -> row.put(path, chance(25) ? null : value(path, type)));
        return row;
    }

    private Object value(String path, Expression.Type type) {
        return switch (type) {
            case NUMBER ->
                    path.equals("input.whole")
                            ? (Object) (long) (random.nextInt(7) - 3)
                            : (random.nextInt(13) - 6) * (chance(50) ? 0.5 : 0.1);
            case TEXT -> one(TEXTS);
            case BOOLEAN -> random.nextBoolean();
            case TIME -> Times.read(one(TIMES)).orElseThrow();
        };
    }

    Expression.Type type() {
        return one(List.of(Expression.Type.values()));
    }

    String expression(Expression.Type type) {
        return expression(type, 1 + random.nextInt(4));
    }

    private String expression(Expression.Type type, int depth) {
        if (depth == 0 || chance(10)) return leaf(type);
        if (chance(8)) return "(" + expression(type, depth - 1) + ")";
        if (chance(12)) return choice(type, depth - 1);
        if (chance(8)) return call("coalesce", list(type, depth - 1));
        if (type != Expression.Type.BOOLEAN && chance(15))
            return call(chance(50) ? "least" : "greatest", list(type, depth - 1));
        return switch (type) {
            case NUMBER -> number(depth - 1);
            case TEXT ->
                    chance(60)
                            ? call(
                                    chance(50) ? "lower" : "UPPER",
                                    List.of(expression(type, depth - 1)))
                            : leaf(type);
            case BOOLEAN -> condition(depth - 1);
            case TIME -> leaf(type);
        };
    }

    private String leaf(Expression.Type type) {
        if (chance(60)) {
            var paths = new ArrayList<String>();
            COLUMNS.forEach((path, of) -> {
                if (of == type) paths.add(path);
            });
            return written(one(paths));
        }
        return switch (type) {
            case NUMBER -> one(NUMBERS);
            case TEXT -> text(one(TEXTS));
            case BOOLEAN -> chance(50) ? "true" : "FALSE";
            case TIME -> "timestamp " + text(one(TIMES));
        };
    }

    private static String written(String path) {
        int dot = path.indexOf('.');
        if (dot < 0) return path;
        var part = path.substring(dot + 1);
        return path.substring(0, dot + 1)
                + (part.chars().allMatch(Character::isLetter) ? part : SqlText.quoted(part));
    }

    private static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private String number(int depth) {
        Supplier<String> operand = () -> operand(Expression.Type.NUMBER, depth);
        return switch (random.nextInt(8)) {
            case 0 -> "-" + operand.get();
            case 1 -> call("abs", List.of(expression(Expression.Type.NUMBER, depth)));
            case 2 -> call("length", List.of(expression(Expression.Type.TEXT, depth)));
            default -> {
                var said = new StringBuilder(operand.get());
                // Without parentheses around the whole, so that precedence is put to the test too.
                for (int i = 0; i <= random.nextInt(3); i++)
                    said.append(" ")
                            .append(one(List.of("+", "-", "*", "/")))
                            .append(" ")
                            .append(operand.get());
                yield said.toString();
            }
        };
    }

    private String condition(int depth) {
        var type = one(List.of(Expression.Type.values()));
        Supplier<String> operand = () -> operand(type, depth);
        var not = chance(30) ? " not" : "";
        return switch (random.nextInt(9)) {
            case 0, 1 -> {
                var operators = List.of("=", "<>", "!=", "<", "<=", ">", ">=");
                var of = type == Expression.Type.BOOLEAN ? operators.subList(0, 3) : operators;
                yield operand.get() + " " + one(of) + " " + operand.get();
            }
            case 2 ->
                    type == Expression.Type.BOOLEAN
                            ? "not " + operand.get()
                            : operand.get()
                                    + not
                                    + " between "
                                    + operand.get()
                                    + " and "
                                    + operand.get();
            case 3 -> operand.get() + not + " in (" + String.join(", ", list(type, depth)) + ")";
            case 4 -> operand(Expression.Type.TEXT, depth) + not + " like " + pattern();
            case 5 -> operand.get() + " is" + not + " null";
            case 6 -> "NOT " + operand(Expression.Type.BOOLEAN, depth);
            default -> {
                var said = new StringBuilder(operand(Expression.Type.BOOLEAN, depth));
                for (int i = 0; i <= random.nextInt(3); i++)
                    said.append(chance(50) ? " and " : " or ")
                            .append(chance(20) ? "not " : "")
                            .append(operand(Expression.Type.BOOLEAN, depth));
                yield said.toString();
            }
        };
    }

    private String pattern() {
        var pattern = new StringBuilder();
        boolean escaped = chance(30);
        for (int i = random.nextInt(4); i >= 0; i--)
            pattern.append(
                    switch (random.nextInt(4)) {
                        case 0 -> "%";
                        case 1 -> "_";
                        default ->
                                escaped
                                        ? one(TEXTS)
                                                .replace("!", "!!")
                                                .replace("%", "!%")
                                                .replace("_", "!_")
                                        : one(TEXTS);
                    });
        return text(pattern.toString()) + (escaped ? " escape '!'" : "");
    }

    private String choice(Expression.Type type, int depth) {
        boolean simple = chance(30);
        var of = simple ? one(List.of(Expression.Type.values())) : Expression.Type.BOOLEAN;
        var said = new StringBuilder("case");
        if (simple) said.append(' ').append(operand(of, depth));
        for (int i = random.nextInt(2); i >= 0; i--)
            said.append(" when ")
                    .append(operand(of, depth))
                    .append(" then ")
                    .append(i > 0 && chance(20) ? "null" : operand(type, depth));
        if (chance(70)) said.append(" else ").append(chance(10) ? "null" : operand(type, depth));
        return said.append(" end").toString();
    }

    /// Safe beside any operator.
    private String operand(Expression.Type type, int depth) {
        var said = expression(type, depth);
        return said.indexOf(' ') < 0 && !said.startsWith("-") ? said : "(" + said + ")";
    }

    private List<String> list(Expression.Type type, int depth) {
        var list = new ArrayList<String>();
        for (int i = 2 + random.nextInt(2); i > 0; i--) list.add(expression(type, depth));
        return list;
    }

    private static String call(String function, List<String> arguments) {
        return function + "(" + String.join(", ", arguments) + ")";
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
