package dev.davy.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The columns of a schema as names in an expression.
final class ColumnScope implements Expression.Scope {
    private final Map<String, Expression.Type> types = new LinkedHashMap<>();

    ColumnScope(String prefix, Schema schema) {
        var before = prefix.isEmpty() ? "" : prefix + ".";
        for (var column : schema.columns())
            column.type()
                    .inExpressions()
                    .ifPresent(type -> types.put(before + column.name(), type));
    }

    @Override
    public Optional<Expression.Type> typeOf(String dottedPath) {
        return Optional.ofNullable(types.get(dottedPath));
    }

    @Override
    public Set<String> paths() {
        return Collections.unmodifiableSet(types.keySet());
    }
}
