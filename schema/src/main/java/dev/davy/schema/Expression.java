package dev.davy.schema;

import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A condition or computed value over named things.
@SuppressWarnings("DoNotCallSuggester") // bodies follow
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
        /// nothing here.
        Optional<Type> typeOf(String dottedPath);

        /// All paths, for "did you mean"; empty when they can't be listed.
        default Set<String> paths() {
            return Set.of();
        }
    }

    /// Where an expression finds its values.
    @FunctionalInterface
    public interface Lookup {
        /// The value of a dotted path, a number, `String`, `Boolean` or `Instant` as the scope
        /// said; `null` when it is missing. NaN and infinities count as missing.
        @Nullable Object at(String dottedPath);
    }

    /// A database that [#sql] speaks to.
    public enum Dialect {
        SQLITE,
        POSTGRES,
        DUCKDB
    }

    private Expression() {}

    /// Reads an expression; throws a `Problem` that says where it is wrong and what may stand
    /// there.
    public static Expression parse(String text, Scope scope) {
        throw new IllegalStateException("not there yet");
    }

    /// Like [#parse], for what must be true or false.
    public static Expression condition(String text, Scope scope) {
        throw new IllegalStateException("not there yet");
    }

    public Type type() {
        throw new IllegalStateException("not there yet");
    }

    /// The value, a `Double`, `String`, `Boolean` or `Instant` by [#type]; `null` is SQL's unknown.
    public @Nullable Object value(Lookup row) {
        throw new IllegalStateException("not there yet");
    }

    /// Whether a condition is true; unknown is `false`.
    public boolean test(Lookup row) {
        throw new IllegalStateException("not there yet");
    }

    /// The dotted paths that it speaks of, in the order of their first mention.
    public Set<String> paths() {
        throw new IllegalStateException("not there yet");
    }

    /// This expression as SQL; each path is a column of that very name, `"input.serial"`.
    public String sql(Dialect dialect) {
        throw new IllegalStateException("not there yet");
    }

    /// This expression as SQL, with the caller's own SQL for each path.
    public String sql(Dialect dialect, UnaryOperator<String> column) {
        throw new IllegalStateException("not there yet");
    }
}
