package dev.davy.schema;

import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A condition or a computed value over named things: the one language of slices, of conditions of
/// automation, of rules and filters. A typed subset of SQL with SQL's null logic:
///
/// ```sql
/// confidence >= 95% and not (vad.speech is null or input.line in ('A', 'B'))
/// case when input.age < 18 then 'minor' else lower(input."risk-class") end
/// ```
///
/// - **Names** are dotted paths, `input.line`. A part that holds more than letters, digits and `_`,
///   or a first part that is a word of the language, stands in double quotes: `input."risk-class"`.
///   Upper and lower case differ in names, and don't in words and functions.
/// - **Constants**: `12`, `1.5e3`, `99%` (0.99), `'it''s'`, `true`, `false`, `timestamp '2026-01-31
///   14:05:00'` (UTC) or `timestamp '2026-01-31T14:05:00+01:00'`.
/// - **Conditions**: `= <> != < <= > >=`, `between … and …`, `in (…)`, `like '…'` (with `escape`),
///   `is null`, each of the last four with `not`; `and`, `or`, `not`.
/// - **Values**: `+ - * /`, `case`, `coalesce`, `least`, `greatest`, `abs`, `length`, `lower`,
///   `upper`.
///
/// What it means is the same in memory and in each database:
///
/// - A number is a double, whole columns too: `1 / 2` is 0.5. Dividing by zero gives null, and so
///   does what isn't finite any more (PostgreSQL instead refuses a query whose numbers overflow). A
///   path whose value is NaN or infinite is null; a database is taken to hold NULL there.
/// - Null is unknown: what is compared or computed with it is null; `false and null` is false,
///   `true or null` is true. `least` and `greatest` are null as soon as one argument is (SQL:2023).
/// - Texts are equal when they are the same code points and are ordered by them, whatever the
///   locale. `like` tells upper from lower case, and nothing in its pattern is special but `%`, `_`
///   and the escape character. `length` counts code points. `lower` and `upper` change the letters
///   of ASCII only, which is what all three databases can do.
/// - A time has microseconds. In SQLite and PostgreSQL its column is a BIGINT of microseconds since
///   1970, in DuckDB a TIMESTAMP, with or without time zone (then taken as UTC).
/// - Booleans have no order; in SQLite their column holds 0 and 1.
///
/// An expression can be handed to anybody to write: it calls nothing, is at most 4,096 characters
/// and 50 parentheses deep, and takes time in proportion to its length and its data. It is
/// immutable; any number of threads may use one.
public final class Expression {

    /// What an expression comes to: a `Double`, `String`, `Boolean` or `Instant`.
    public enum Type {
        NUMBER,
        TEXT,
        BOOLEAN,
        TIME
    }

    /// The names that an expression may use.
    @FunctionalInterface
    public interface Scope {
        /// The type of what a dotted path means, `input.serial` for instance; empty when it means
        /// nothing here. Parts stand in it without quotes.
        Optional<Type> typeOf(String dottedPath);

        /// All paths, for "did you mean"; empty when they can't be listed.
        default Set<String> paths() {
            return Set.of();
        }
    }

    /// Where an expression finds its values.
    @FunctionalInterface
    public interface Lookup {
        /// The value of a dotted path: a `Number`, `String`, `Boolean` or `Instant` as the scope
        /// said; `null` when it is missing.
        @Nullable Object at(String dottedPath);
    }

    /// A database that [#sql] speaks to.
    public enum Dialect {
        SQLITE,
        POSTGRES,
        DUCKDB
    }

    private final String text;
    private final Term term;
    private final Closure closure;
    private final Set<String> paths;

    private Expression(String text, Term term, Set<String> paths) {
        this.text = text;
        this.term = term;
        this.closure = Closure.of(term);
        this.paths = paths;
    }

    /// Reads an expression.
    ///
    /// @throws dev.davy.strict.Problem UNACCEPTABLE with the place and what may stand there:
    ///   `expression-malformed`, `expression-unknown-name`, `expression-unknown-function`,
    ///   `expression-wrong-type`, `expression-not-offered`, `expression-too-long`,
    ///   `expression-too-deep`
    public static Expression parse(String text, Scope scope) {
        var cut = new ExpressionText(text);
        var paths = PathTypes.of(cut, scope);
        var term = ExpressionReader.read(cut, paths);
        double parts = SqlText.parts(term);
        if (parts > SqlText.PARTS_MAX)
            throw cut.mistake(
                    "expression-too-deep",
                    0,
                    "Its between, in and case repeat one another: written out it has %.0f parts, the limit is %d."
                            .formatted(parts, SqlText.PARTS_MAX),
                    "Write it flatter, or compute a part of it in a component of its own.");
        return new Expression(text, term, paths.paths());
    }

    /// Like [#parse], for what must be true or false.
    ///
    /// @throws dev.davy.strict.Problem also `expression-wrong-type` when it is something else
    public static Expression condition(String text, Scope scope) {
        var expression = parse(text, scope);
        if (expression.type() != Type.BOOLEAN)
            throw new ExpressionText(text)
                    .mistake(
                            "expression-wrong-type",
                            0,
                            "It is no condition: it comes to "
                                    + TypeRules.word(expression.type())
                                    + ".",
                            "Compare it with something: input.age >= 18.");
        return expression;
    }

    public Type type() {
        return term.type();
    }

    /// The value, a `Double`, `String`, `Boolean` or `Instant` by [#type]; `null` is SQL's unknown.
    public @Nullable Object value(Lookup row) {
        return closure.of(row);
    }

    /// Whether a condition is true; unknown is `false`. A bug where [#type] isn't `BOOLEAN`.
    public boolean test(Lookup row) {
        if (type() != Type.BOOLEAN) throw new IllegalStateException(text + " is no condition");
        return Boolean.TRUE.equals(closure.of(row));
    }

    /// The dotted paths that it speaks of, in the order of their first mention.
    public Set<String> paths() {
        return paths;
    }

    /// This expression as SQL; each path is a column of that very name, `"input.serial"`.
    public String sql(Dialect dialect) {
        return sql(dialect, SqlText::quoted);
    }

    /// This expression as SQL, with the caller's own SQL for each path.
    public String sql(Dialect dialect, UnaryOperator<String> column) {
        return new SqlText(dialect, column).of(term);
    }

    /// The text as it was written.
    @Override
    public String toString() {
        return text;
    }
}
