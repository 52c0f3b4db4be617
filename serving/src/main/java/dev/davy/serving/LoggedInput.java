package dev.davy.serving;

import dev.davy.schema.Schema;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// The inputs of a logged prediction, as conditions and slices name them.
public final class LoggedInput {
    private LoggedInput() {}

    /// The value of `input.age`; null where it was not kept, or is nothing that can be compared.
    public static @Nullable Object value(Prediction prediction, Schema schema, String path) {
        var name = path.startsWith("input.") ? path.substring("input.".length()) : path;
        var columns = schema.columns();
        for (int i = 0; i < columns.size() && i < prediction.inputs().size(); i++)
            if (columns.get(i).name().equals(name))
                return switch (prediction.inputs().get(i)) {
                    case Double number -> number;
                    case Long number -> number;
                    case String text -> text;
                    case Boolean flag -> flag;
                    case Instant time -> time;
                    case null, default -> null;
                };
        return null;
    }

    /// A value as slices and classes are written: whole numbers without a point.
    public static String text(Object value) {
        if (value instanceof Double number
                && number == Math.rint(number)
                && Math.abs(number) < 1e15) return Long.toString(number.longValue());
        if (value instanceof Prediction.Numbers(var _, var values)) {
            var texts = new ArrayList<String>();
            for (var each : values) texts.add(text(each.doubleValue()));
            return "[" + String.join(", ", texts) + "]";
        }
        return String.valueOf(value);
    }
}
