package dev.davy.demo.own;

import dev.davy.runtime.Bundle;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.OutputKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/// How a model and a table fit together.
///
/// @param descriptor `model.yaml` for a model that came without one
/// @param fed the model's columns, each with its place in the table
/// @param output the output that the truth is about
/// @param truth the place of the truth in the table
/// @param entity the place of the column that says whom a row is about
/// @param notes what was guessed, a line each
public record Plan(
        Bundle bundle,
        Optional<ObjectNode> descriptor,
        List<Fed> fed,
        String output,
        OutputKind kind,
        OptionalInt truth,
        OptionalInt entity,
        List<String> notes) {
    /// A column of the model, and where in the table it stands.
    public record Fed(Column column, int place) {
        boolean isText() {
            return column.type() == ColumnType.CATEGORY || column.type() == ColumnType.TEXT;
        }
    }

    public Plan {
        fed = List.copyOf(fed);
        notes = List.copyOf(notes);
    }
}
