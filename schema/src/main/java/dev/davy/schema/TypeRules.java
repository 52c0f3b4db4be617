package dev.davy.schema;

import java.util.EnumSet;
import net.sf.jsqlparser.expression.Expression;

/// What fits what in an expression, and what is said where it doesn't.
final class TypeRules {
    private final ExpressionText text;
    private final Places places;

    TypeRules(ExpressionText text, Places places) {
        this.text = text;
        this.places = places;
    }

    /// The term, if it is of this type.
    ///
    /// @param word what needs it to be: `and`
    Term typed(Term term, Expression node, dev.davy.schema.Expression.Type type, String word) {
        if (term.type() == type) return term;
        throw text.mistake(
                "expression-wrong-type",
                places.from(node),
                "%s needs %s, and %s is %s."
                        .formatted(word, word(type), places.said(node), word(term.type())),
                advice(type, term.type()));
    }

    /// The term, if it is of the same type as another.
    ///
    /// @param word what needs them to be: `between`
    Term same(Term like, Expression likeNode, Term term, Expression node, String word) {
        if (term.type() == like.type()) return term;
        throw text.mistake(
                "expression-wrong-type",
                places.from(likeNode),
                "%s is %s and %s is %s; %s takes like and like."
                        .formatted(
                                places.said(likeNode),
                                word(like.type()),
                                places.said(node),
                                word(term.type()),
                                word),
                advice(like.type(), term.type()));
    }

    /// Refuses what has no order.
    void ordered(Term term, Expression node, String word) {
        if (term.type() == dev.davy.schema.Expression.Type.BOOLEAN)
            throw text.mistake(
                    "expression-wrong-type",
                    places.from(node),
                    places.said(node) + " is true or false, which " + word + " can't put in order.",
                    "Compare it with = or <>.");
    }

    static String word(dev.davy.schema.Expression.Type type) {
        return switch (type) {
            case NUMBER -> "a number";
            case TEXT -> "a text";
            case BOOLEAN -> "true or false";
            case TIME -> "a time";
        };
    }

    private static String advice(
            dev.davy.schema.Expression.Type a, dev.davy.schema.Expression.Type b) {
        var either = EnumSet.of(a, b);
        if (either.contains(dev.davy.schema.Expression.Type.TIME))
            return "A time is written timestamp '2026-01-31 14:05:00'.";
        if (either.contains(dev.davy.schema.Expression.Type.TEXT))
            return "A text is written 'in single quotes', a number without.";
        return "A condition is written input.age >= 18.";
    }
}
