package dev.davy.schema;

import dev.davy.strict.Problem;
import dev.davy.strict.Quote;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.TokenMgrException;

/// What belongs to what in an expression: JSqlParser's tree of its skeleton.
///
/// The parser's own entry points start a thread pool for each text, to have a timeout. Its class is
/// called directly instead: the skeleton is short, shallow and holds no words that it would have to
/// look far ahead for, so it takes time in proportion to it.
final class Structure {
    private final ExpressionText text;

    private Structure(ExpressionText text) {
        this.text = text;
    }

    static net.sf.jsqlparser.expression.Expression of(ExpressionText text) {
        return new Structure(text).parse();
    }

    private net.sf.jsqlparser.expression.Expression parse() {
        var parser = new CCJSqlParser(new StringProvider(text.skeleton()));
        parser.withAllowComplexParsing(true);
        try {
            var tree = parser.Expression();
            var rest = parser.getNextToken();
            if (rest.kind != 0) throw cannotStand(text.tokenAt(rest.beginColumn));
            return tree;
        } catch (ParseException e) {
            var after = e.currentToken == null ? null : e.currentToken.next;
            throw cannotStand(
                    after == null || after.kind == 0
                            ? text.tokens().size()
                            : text.tokenAt(after.beginColumn));
        } catch (TokenMgrException | StackOverflowError _) {
            // Neither has been seen: the skeleton holds known tokens only and is shallow.
            throw cannotStand(0);
        }
    }

    private Problem cannotStand(int token) {
        if (token >= text.tokens().size())
            return text.mistake(
                    "expression-malformed",
                    text.text().length(),
                    "It stops too early: something must follow "
                            + Quote.of(source(text.tokens().size() - 1))
                            + ".",
                    "Complete it.");
        var found = text.tokens().get(token);
        return text.mistake(
                "expression-malformed",
                found.from(),
                Quote.of(source(token)) + " can't stand here.",
                "Conditions are joined by and, or; texts stand in single quotes; names with dashes"
                        + " or spaces in double quotes.");
    }

    private String source(int token) {
        var t = text.tokens().get(token);
        return text.text().substring(t.from(), t.to());
    }
}
