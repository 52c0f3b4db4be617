package dev.davy.schema;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An expression understood: a tree in which every node has its type and fits its neighbours.
/// [ExpressionReader] makes it, [Closure] computes it, [SqlText] says it to a database.
sealed interface Term {
    Expression.Type type();

    /// A condition's value may be unknown; only these are conditions.
    sealed interface Condition extends Term {
        @Override
        default Expression.Type type() {
            return Expression.Type.BOOLEAN;
        }
    }

    /// A `Double`, `String`, `Boolean` or `Instant` by its type; null in `then null`.
    record Constant(Expression.Type type, @Nullable Object value) implements Term {}

    record Path(Expression.Type type, String path) implements Term {}

    record Not(Term of) implements Condition {}

    /// All of these (`and`), or any of them.
    record Junction(boolean all, List<Term> of) implements Condition {}

    enum Relation {
        EQUAL("="),
        UNEQUAL("<>"),
        LESS("<"),
        AT_MOST("<="),
        MORE(">"),
        AT_LEAST(">=");

        final String sign;

        Relation(String sign) {
            this.sign = sign;
        }

        /// Whether it needs an order, which booleans have not.
        boolean ordered() {
            return this != EQUAL && this != UNEQUAL;
        }

        boolean holds(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case UNEQUAL -> comparison != 0;
                case LESS -> comparison < 0;
                case AT_MOST -> comparison <= 0;
                case MORE -> comparison > 0;
                case AT_LEAST -> comparison >= 0;
            };
        }
    }

    record Comparison(Relation relation, Term left, Term right) implements Condition {}

    record Between(Term of, Term low, Term high) implements Condition {}

    record In(Term of, List<Term> list) implements Condition {}

    record Like(Term of, LikePattern pattern) implements Condition {}

    record IsNull(Term of) implements Condition {}

    enum Operator {
        PLUS('+'),
        MINUS('-'),
        TIMES('*'),
        OVER('/');

        final char sign;

        Operator(char sign) {
            this.sign = sign;
        }

        boolean sum() {
            return this == PLUS || this == MINUS;
        }
    }

    /// `first`, then each step from left to right: sums (`+`, `-`) or products (`*`, `/`), never
    /// both.
    record Chain(Term first, List<Step> steps) implements Term {
        record Step(Operator operator, Term operand) {}

        @Override
        public Expression.Type type() {
            return Expression.Type.NUMBER;
        }
    }

    record Negative(Term of) implements Term {
        @Override
        public Expression.Type type() {
            return Expression.Type.NUMBER;
        }
    }

    /// `case when … then …`, or with `of`, `case of when … then …`.
    record Case(Expression.Type type, @Nullable Term of, List<When> whens, @Nullable Term otherwise)
            implements Term {
        record When(Term when, Term then) {}
    }

    record Call(Expression.Type type, Function function, List<Term> arguments) implements Term {}

    enum Function {
        ABS(1, 1),
        COALESCE(2, 100),
        GREATEST(2, 100),
        LEAST(2, 100),
        LENGTH(1, 1),
        LOWER(1, 1),
        UPPER(1, 1);

        static final List<String> NAMES = Arrays.stream(values()).map(Function::word).toList();

        final int argumentsMin;
        final int argumentsMax;

        Function(int argumentsMin, int argumentsMax) {
            this.argumentsMin = argumentsMin;
            this.argumentsMax = argumentsMax;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Function of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        /// What the arguments must be; empty when they may be anything of one and the same type.
        Optional<Expression.Type> takes() {
            return switch (this) {
                case ABS -> Optional.of(Expression.Type.NUMBER);
                case LENGTH, LOWER, UPPER -> Optional.of(Expression.Type.TEXT);
                case COALESCE, GREATEST, LEAST -> Optional.empty();
            };
        }

        Expression.Type gives(Expression.Type argument) {
            return this == LENGTH ? Expression.Type.NUMBER : argument;
        }

        /// Whether it needs an order, which booleans have not.
        boolean ordered() {
            return this == GREATEST || this == LEAST;
        }
    }
}
