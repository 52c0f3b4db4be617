package dev.davy.serving.past;

import dev.davy.serving.Prediction;
import java.util.List;
import java.util.Map;

/// A prediction of the past with all that was kept of it.
///
/// @param columns the names of its inputs, in their order
/// @param content of its large inputs, by column, as far as it was kept
public record Logged(Prediction prediction, List<String> columns, Map<String, Content> content) {
    /// A large input as it came.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Content(String contentType, byte[] bytes) {}

    public Logged {
        columns = List.copyOf(columns);
        content = Map.copyOf(content);
    }
}
