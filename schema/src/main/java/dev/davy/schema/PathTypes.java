package dev.davy.schema;

import dev.davy.schema.Expression.Scope;
import dev.davy.schema.ExpressionText.Kind;
import dev.davy.schema.ExpressionText.Token;
import dev.davy.strict.Nearest;
import dev.davy.strict.Quote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// The paths that an expression speaks of, with the types that its scope gives them.
///
/// @param types in the order of their first mention
record PathTypes(LinkedHashMap<String, Expression.Type> types) {
    private static final int SHOWN_MAX = 20;

    /// Looks all paths up, and reports all unknown ones at once.
    static PathTypes of(ExpressionText text, Scope scope) {
        var types = new LinkedHashMap<String, Expression.Type>();
        var unknown = new ArrayList<Token>();
        for (var token : text.tokens())
            if (token.kind() == Kind.PATH)
                scope.typeOf(token.text())
                        .ifPresentOrElse(
                                type -> types.put(token.text(), type), () -> unknown.add(token));
        if (unknown.isEmpty()) return new PathTypes(types);
        throw text.mistake(
                "expression-unknown-name",
                unknown.getFirst().from(),
                unknown(unknown.stream().map(Token::text).distinct().toList(), scope.paths()),
                known(scope.paths()));
    }

    Set<String> paths() {
        return Collections.unmodifiableSet(types.keySet());
    }

    Expression.Type of(String path) {
        var type = types.get(path);
        if (type == null) throw new IllegalStateException(path + " was not looked up");
        return type;
    }

    private static String unknown(List<String> names, Set<String> known) {
        var said = new ArrayList<String>();
        for (var name : names.subList(0, Math.min(names.size(), SHOWN_MAX)))
            said.add((Quote.of(name) + " is not known here. " + Nearest.hint(name, known)).strip());
        return String.join(" ", said);
    }

    private static String known(Set<String> paths) {
        var shown = paths.stream().sorted().limit(SHOWN_MAX).toList();
        return (shown.isEmpty()
                        ? "Use a name that exists."
                        : "Known are "
                                + String.join(", ", shown)
                                + (paths.size() > shown.size() ? ", and more." : "."))
                + " Names with dashes or spaces stand in double quotes, texts in single ones.";
    }
}
