package dev.davy.schema;

import dev.davy.schema.Expression.Dialect;
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
import java.util.function.UnaryOperator;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/// A [Term] said to a database so that it answers what [Closure] computes.
///
/// Where the three differ stands below in the methods that switch over the dialect, and nowhere
/// else. No operand is ever written twice, so the text grows with the expression and not faster;
/// what the databases then write out themselves, [#parts] counts.
final class SqlText {
    /// More than anybody writes, and less than what a database would choke on.
    static final int PARTS_MAX = 10_000;

    private final Dialect dialect;
    private final UnaryOperator<String> column;

    SqlText(Dialect dialect, UnaryOperator<String> column) {
        this.dialect = dialect;
        this.column = column;
    }

    /// The name of a column in double quotes.
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    String of(Term term) {
        return switch (term) {
            case Constant constant -> constant(constant);
            case Path(var type, var path) -> path(type, column.apply(path));
            case Not(var of) -> "(NOT " + of(of) + ")";
            case Junction(boolean all, var of) ->
                    of.stream().map(this::of).collect(list(all ? " AND " : " OR "));
            case Comparison(var relation, var left, var right) ->
                    "(" + of(left) + " " + relation.sign + " " + of(right) + ")";
            case Between(var of, var low, var high) ->
                    "(" + of(of) + " BETWEEN " + of(low) + " AND " + of(high) + ")";
            case In(var of, var in) -> "(" + of(of) + " IN " + list(in) + ")";
            case Like(var of, var pattern) -> like(of(of), pattern);
            case IsNull(var of) -> "(" + of(of) + " IS NULL)";
            case Chain chain -> finite(chain(chain));
            case Negative(var of) -> "(- " + of(of) + ")";
            case Case of -> choice(of);
            case Call(var type, var function, var arguments) ->
                    call(type, function, arguments.stream().map(this::of).toList());
        };
    }

    private String list(List<Term> terms) {
        return terms.stream().map(this::of).collect(list(", "));
    }

    private static Collector<CharSequence, ?, String> list(String between) {
        return Collectors.joining(between, "(", ")");
    }

    private String constant(Constant constant) {
        return switch (constant.value()) {
            case null -> "CAST(NULL AS " + name(constant.type()) + ")";
            case Double number -> number(number);
            case String text -> text(text);
            case Boolean flag -> flag ? "TRUE" : "FALSE";
            case Instant time -> Long.toString(Times.micros(time));
            case Object other -> throw new IllegalStateException(other + " is no constant");
        };
    }

    private String chain(Chain chain) {
        var said = new StringBuilder("(").append(of(chain.first()));
        for (var step : chain.steps()) {
            var operand = of(step.operand());
            said.append(' ').append(step.operator().sign).append(' ');
            if (step.operator() == Term.Operator.OVER) said.append(nonZero(operand));
            else said.append(operand);
        }
        return said.append(')').toString();
    }

    private String choice(Case term) {
        var said = new StringBuilder("(CASE");
        if (term.of() != null) said.append(' ').append(of(term.of()));
        for (var when : term.whens())
            said.append(" WHEN ").append(of(when.when())).append(" THEN ").append(of(when.then()));
        if (term.otherwise() != null) said.append(" ELSE ").append(of(term.otherwise()));
        return said.append(" END)").toString();
    }

    private String call(Expression.Type type, Term.Function function, List<String> arguments) {
        var first = arguments.getFirst();
        return switch (function) {
            case ABS -> "ABS(" + first + ")";
            case LENGTH -> "CAST(LENGTH(" + first + ") AS " + name(Expression.Type.NUMBER) + ")";
            case LOWER -> letters("LOWER", first, UPPER_CASE, LOWER_CASE);
            case UPPER -> letters("UPPER", first, LOWER_CASE, UPPER_CASE);
            case COALESCE -> "COALESCE" + arguments.stream().collect(list(", "));
            case LEAST -> extreme(type, arguments, true);
            case GREATEST -> extreme(type, arguments, false);
        };
    }

    /// How many parts a term has once a database has written it out: PostgreSQL says the value of a
    /// `between` twice and that of an `in` once for each element, DuckDB that of a `case` once for
    /// each `when`. Nested in one another they grow without measure.
    static double parts(Term term) {
        return 1
                + switch (term) {
                    case Constant _, Path _ -> 0;
                    case Not(var of) -> parts(of);
                    case Junction(_, var of) -> parts(of);
                    case Comparison(_, var left, var right) -> parts(left) + parts(right);
                    case Between(var of, var low, var high) ->
                            2 * parts(of) + parts(low) + parts(high);
                    case In(var of, var in) -> in.size() * parts(of) + parts(in);
                    case Like(var of, _) -> parts(of);
                    case IsNull(var of) -> parts(of);
                    case Chain(var first, var steps) ->
                            parts(first) + parts(steps.stream().map(Chain.Step::operand).toList());
                    case Negative(var of) -> parts(of);
                    case Case(_, var of, var whens, var otherwise) ->
                            (of == null ? 0 : whens.size() * parts(of))
                                    + parts(whens.stream().map(Case.When::when).toList())
                                    + parts(whens.stream().map(Case.When::then).toList())
                                    + (otherwise == null ? 0 : parts(otherwise));
                    case Call(_, _, var arguments) -> parts(arguments);
                };
    }

    private static double parts(List<Term> terms) {
        return terms.stream().mapToDouble(SqlText::parts).sum();
    }

    private static final String LOWER_CASE = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPER_CASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // --- where the databases differ ---

    private String name(Expression.Type type) {
        return switch (type) {
            case NUMBER ->
                    switch (dialect) {
                        case SQLITE -> "REAL";
                        case POSTGRES -> "DOUBLE PRECISION";
                        case DUCKDB -> "DOUBLE";
                    };
            case TEXT -> dialect == Dialect.DUCKDB ? "VARCHAR" : "TEXT";
            case BOOLEAN -> "BOOLEAN";
            case TIME -> "BIGINT";
        };
    }

    private String path(Expression.Type type, String column) {
        return switch (type) {
            // A whole number would divide as one, and overflow as one.
            case NUMBER -> "CAST(" + column + " AS " + name(type) + ")";
            case TEXT -> collated(column);
            case BOOLEAN -> column;
            case TIME -> dialect == Dialect.DUCKDB ? "EPOCH_US(" + column + ")" : column;
        };
    }

    private String number(double number) {
        return switch (dialect) {
            case SQLITE -> Double.toString(number);
            // A bare 0.1 is a decimal to these two, and decimals add up differently.
            case POSTGRES, DUCKDB ->
                    "CAST('" + number + "' AS " + name(Expression.Type.NUMBER) + ")";
        };
    }

    private String text(String text) {
        var quoted = "'" + text.replace("'", "''") + "'";
        // An E'' string means the same whatever standard_conforming_strings says.
        if (dialect == Dialect.POSTGRES && text.indexOf('\\') >= 0)
            quoted = "E" + quoted.replace("\\", "\\\\");
        return collated(quoted);
    }

    /// By code point: what SQLite and DuckDB do anyway, PostgreSQL only in its "C" collation.
    private String collated(String text) {
        return dialect == Dialect.POSTGRES ? "(" + text + " COLLATE \"C\")" : text;
    }

    private String like(String text, LikePattern pattern) {
        return switch (dialect) {
            // SQLite's LIKE takes a for A.
            case SQLITE -> "(" + text + " GLOB " + text(pattern.glob()) + ")";
            case POSTGRES, DUCKDB -> "(" + text + " LIKE " + text(pattern.like()) + " ESCAPE '!')";
        };
    }

    /// SQLite and PostgreSQL's "C" collation know the letters of ASCII only; so must DuckDB.
    private String letters(String function, String text, String from, String to) {
        return switch (dialect) {
            case SQLITE, POSTGRES -> function + "(" + text + ")";
            case DUCKDB -> "TRANSLATE(" + text + ", '" + from + "', '" + to + "')";
        };
    }

    /// Dividing by zero gives NULL: in SQLite of itself, PostgreSQL would fail, DuckDB say
    /// infinity.
    private String nonZero(String number) {
        return switch (dialect) {
            case SQLITE -> number;
            case POSTGRES -> "NULLIF(" + number + ", " + number(0) + ")";
            case DUCKDB -> onlyIf(number, "n <> 0");
        };
    }

    /// What isn't finite is NULL. PostgreSQL doesn't get as far: it refuses to overflow.
    private String finite(String number) {
        return switch (dialect) {
            case SQLITE -> "NULLIF(NULLIF(" + number + ", 9e999), -9e999)";
            case POSTGRES -> number;
            case DUCKDB -> onlyIf(number, "isfinite(n)");
        };
    }

    // DuckDB's NULLIF is a macro that says its argument twice: nested, it doubles at each level.
    private static String onlyIf(String number, String condition) {
        return "LIST_FILTER([" + number + "], lambda n: " + condition + ")[1]";
    }

    /// NULL as soon as one argument is, as SQL:2023 has it; LEAST and GREATEST of PostgreSQL and
    /// DuckDB pass over NULLs.
    private String extreme(Expression.Type type, List<String> arguments, boolean least) {
        return switch (dialect) {
            case SQLITE -> (least ? "MIN" : "MAX") + arguments.stream().collect(list(", "));
            case POSTGRES -> {
                var strict = strict(type, least);
                var said = arguments.getFirst();
                for (var argument : arguments.subList(1, arguments.size()))
                    said = strict + "(" + said + ", " + argument + ")";
                yield said;
            }
            case DUCKDB ->
                    "LIST_SORT(["
                            + String.join(", ", arguments)
                            + (least ? "], 'ASC'" : "], 'DESC'")
                            + ", 'NULLS FIRST')[1]";
        };
    }

    /// The functions behind PostgreSQL's own `min` and `max`: of two arguments, NULL if one is.
    private static String strict(Expression.Type type, boolean least) {
        var of =
                switch (type) {
                    case NUMBER -> "float8";
                    case TEXT -> "text_";
                    case TIME -> "int8";
                    case BOOLEAN -> throw new IllegalStateException("booleans have no order");
                };
        return "pg_catalog." + of + (least ? "smaller" : "larger");
    }
}
