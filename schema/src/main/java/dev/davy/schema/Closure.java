package dev.davy.schema;

import dev.davy.schema.Expression.Lookup;
import dev.davy.schema.Term.Between;
import dev.davy.schema.Term.Call;
import dev.davy.schema.Term.Case;
import dev.davy.schema.Term.Chain;
import dev.davy.schema.Term.Comparison;
import dev.davy.schema.Term.Constant;
import dev.davy.schema.Term.In;
import dev.davy.schema.Term.IsNull;
import dev.davy.schema.Term.Junction;
import dev.davy.schema.Term.Like;
import dev.davy.schema.Term.Negative;
import dev.davy.schema.Term.Not;
import dev.davy.schema.Term.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Term] made ready to be computed many times: a tree of lambdas, chosen once.
///
/// `null` is SQL's NULL throughout. Numbers are doubles; what a computation gives is null when it
/// isn't finite.
@FunctionalInterface
interface Closure {
    @Nullable Object of(Lookup row);

    static Closure of(Term term) {
        return switch (term) {
            case Constant(_, var value) -> _ -> value;
            case Path(var type, var path) -> path(type, path);
            case Not(var of) -> not(of(of));
            case Junction(boolean all, var of) -> junction(all, of(of));
            case Comparison(var relation, var left, var right) ->
                    comparison(relation, of(left), of(right));
            case Between(var of, var low, var high) -> between(of(of), of(low), of(high));
            case In(var of, var list) -> in(of(of), of(list));
            case Like(var of, var pattern) -> like(of(of), pattern);
            case IsNull(var of) -> isNull(of(of));
            case Chain(var first, var steps) -> chain(of(first), steps);
            case Negative(var of) -> negative(of(of));
            case Case of -> choice(of);
            case Call(_, var function, var arguments) -> call(function, of(arguments));
        };
    }

    private static Closure[] of(List<Term> terms) {
        return terms.stream().map(Closure::of).toArray(Closure[]::new);
    }

    private static Closure path(Expression.Type type, String path) {
        return switch (type) {
            case NUMBER ->
                    row ->
                            switch (row.at(path)) {
                                case null -> null;
                                case Number number -> finite(number.doubleValue());
                                case Object other -> throw broken(path, type, other);
                            };
            case TEXT ->
                    row ->
                            switch (row.at(path)) {
                                case null -> null;
                                case String text -> text;
                                case Object other -> throw broken(path, type, other);
                            };
            case BOOLEAN ->
                    row ->
                            switch (row.at(path)) {
                                case null -> null;
                                case Boolean flag -> flag;
                                case Object other -> throw broken(path, type, other);
                            };
            case TIME ->
                    row ->
                            switch (row.at(path)) {
                                case null -> null;
                                case Instant time -> Times.toMicros(time);
                                case Object other -> throw broken(path, type, other);
                            };
        };
    }

    // The scope promised another type: a bug of ours, not a mistake of a caller.
    private static IllegalStateException broken(String path, Expression.Type type, Object value) {
        return new IllegalStateException(
                path + " should be " + type + " and is a " + value.getClass().getName());
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static Closure not(Closure of) {
        return row -> of.of(row) instanceof Boolean value ? !value : null;
    }

    private static Closure junction(boolean all, Closure[] of) {
        Boolean decided = !all;
        return row -> {
            boolean unknown = false;
            for (var closure : of) {
                var value = closure.of(row);
                if (decided.equals(value)) return decided;
                if (value == null) unknown = true;
            }
            return unknown ? null : all;
        };
    }

    private static Closure comparison(Term.Relation relation, Closure left, Closure right) {
        return row -> {
            var a = left.of(row);
            if (a == null) return null;
            var b = right.of(row);
            return b == null ? null : relation.holds(compare(a, b));
        };
    }

    private static Closure between(Closure of, Closure low, Closure high) {
        return row -> {
            var value = of.of(row);
            if (value == null) return null;
            var least = low.of(row);
            if (least != null && compare(value, least) < 0) return false;
            var most = high.of(row);
            if (most != null && compare(value, most) > 0) return false;
            return least == null || most == null ? null : true;
        };
    }

    private static Closure in(Closure of, Closure[] list) {
        return row -> {
            var value = of.of(row);
            if (value == null) return null;
            boolean unknown = false;
            for (var element : list) {
                var candidate = element.of(row);
                if (candidate == null) unknown = true;
                else if (compare(value, candidate) == 0) return true;
            }
            return unknown ? null : false;
        };
    }

    private static Closure like(Closure of, LikePattern pattern) {
        return row -> of.of(row) instanceof String text ? pattern.matches(text) : null;
    }

    private static Closure isNull(Closure of) {
        return row -> of.of(row) == null;
    }

    private static Closure chain(Closure first, List<Chain.Step> steps) {
        var operators = steps.stream().map(Chain.Step::operator).toArray(Term.Operator[]::new);
        var operands = steps.stream().map(s -> of(s.operand())).toArray(Closure[]::new);
        return row -> {
            if (!(first.of(row) instanceof Double start)) return null;
            double value = start;
            for (int i = 0; i < operands.length; i++) {
                if (!(operands[i].of(row) instanceof Double operand)) return null;
                switch (operators[i]) {
                    case PLUS -> value += operand;
                    case MINUS -> value -= operand;
                    case TIMES -> value *= operand;
                    case OVER -> {
                        if (operand == 0) return null;
                        value /= operand;
                    }
                }
            }
            return finite(value);
        };
    }

    private static Closure negative(Closure of) {
        return row -> of.of(row) instanceof Double value ? -value : null;
    }

    private static Closure choice(Case term) {
        Closure of = term.of() == null ? _ -> true : of(term.of());
        var whens = term.whens().stream().map(w -> of(w.when())).toArray(Closure[]::new);
        var thens = term.whens().stream().map(w -> of(w.then())).toArray(Closure[]::new);
        Closure otherwise = term.otherwise() == null ? _ -> null : of(term.otherwise());
        return row -> {
            var value = of.of(row);
            if (value != null)
                for (int i = 0; i < whens.length; i++) {
                    var when = whens[i].of(row);
                    if (when != null && compare(value, when) == 0) return thens[i].of(row);
                }
            return otherwise.of(row);
        };
    }

    private static Closure call(Term.Function function, Closure[] arguments) {
        var first = arguments[0];
        return switch (function) {
            case ABS -> row -> first.of(row) instanceof Double value ? Math.abs(value) : null;
            case LENGTH ->
                    row ->
                            first.of(row) instanceof String text
                                    ? (double) text.codePointCount(0, text.length())
                                    : null;
            case LOWER -> row -> first.of(row) instanceof String text ? Texts.lower(text) : null;
            case UPPER -> row -> first.of(row) instanceof String text ? Texts.upper(text) : null;
            case COALESCE ->
                    row -> {
                        for (var argument : arguments) {
                            var value = argument.of(row);
                            if (value != null) return value;
                        }
                        return null;
                    };
            case LEAST -> extreme(arguments, -1);
            case GREATEST -> extreme(arguments, 1);
        };
    }

    private static Closure extreme(Closure[] arguments, int sign) {
        return row -> {
            Object best = null;
            for (var argument : arguments) {
                var value = argument.of(row);
                if (value == null) return null;
                if (best == null || compare(value, best) * sign > 0) best = value;
            }
            return best;
        };
    }

    /// Two values of one type. Texts by code point, the order of UTF-8 bytes, and not by Java's
    /// own.
    private static int compare(Object a, Object b) {
        return switch (a) {
            // 0.0 and -0.0 are equal here, as in SQL, though not to Double.compare.
            case Double x -> x < (Double) b ? -1 : x > (Double) b ? 1 : 0;
            case String x -> Texts.compare(x, (String) b);
            case Boolean x -> Boolean.compare(x, (Boolean) b);
            case Instant x -> x.compareTo((Instant) b);
            default -> throw new IllegalStateException(a.getClass() + " is no value");
        };
    }
}
