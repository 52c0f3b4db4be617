package dev.davy.schema;

import dev.davy.schema.ExpressionText.Token;
import dev.davy.strict.Quote;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.schema.Column;

/// Where a node of the parser's tree stands in the text that a person wrote. Each leaf and function
/// carries its token's number in its name, so the first and last of them in a subtree tell.
final class Places {
    private final ExpressionText text;

    Places(ExpressionText text) {
        this.text = text;
    }

    Token token(Column leaf) {
        return token(leaf.getFullyQualifiedName(), 'v');
    }

    Token token(Function function) {
        return token(function.getName(), 'f');
    }

    private Token token(String name, char kind) {
        if (numbered(name) && name.charAt(0) == kind) return text.tokens().get(number(name));
        // To the parser a word may be a name where that makes sense to it: `in (1)`.
        int place = 0;
        for (var token : text.tokens())
            if (token.text().equals(name)) {
                place = token.from();
                break;
            }
        throw text.mistake(
                "expression-malformed",
                place,
                Quote.of(name) + " can't stand here.",
                "A name that is a word of the language stands in double quotes.");
    }

    /// The character at which a node begins.
    int from(Expression node) {
        return text.tokens().get(span(node)[0]).from();
    }

    /// The node as it was written, in quotes.
    String said(Expression node) {
        var span = span(node);
        int to = span[1];
        int open = 0;
        for (int i = span[0]; i < text.tokens().size() && (i <= span[1] || open > 0); i++) {
            var word = text.tokens().get(i).text();
            if (word.equals("(") || word.equals("case")) open++;
            if (word.equals(")") || word.equals("end")) open--;
            to = i;
        }
        return Quote.of(
                text.text()
                        .substring(text.tokens().get(span[0]).from(), text.tokens().get(to).to()));
    }

    private static int[] span(Expression node) {
        int first = -1;
        int last = 0;
        for (var word : node.toString().split("[^a-z0-9]+", -1))
            if (numbered(word)) {
                last = number(word);
                if (first < 0) first = last;
            }
        return new int[] {Math.max(first, 0), last};
    }

    private static boolean numbered(String name) {
        return name.length() > 1
                && (name.charAt(0) == 'v' || name.charAt(0) == 'f')
                && Character.isDigit(name.charAt(1));
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(1));
    }
}
