package dev.davy.data;

import dev.davy.schema.ColumnType;
import java.util.List;

/// What all values of a column together say that it is.
///
/// @param type CATEGORY where it has at most [Shapes#CLASSES_MAX] different texts that repeat
/// @param rows how many there are
/// @param missing how many of them have no value
/// @param classes the texts of a category, in their order
public record Shape(String column, ColumnType type, long rows, long missing, List<String> classes) {
    public Shape {
        classes = List.copyOf(classes);
    }
}
