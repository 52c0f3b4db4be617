package dev.davy.demo.own;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the person said beside the two files, in flags or when asked.
///
/// @param target the column that holds the truth
/// @param noTarget that there is none
/// @param features the columns of the one tensor that takes several, in its order
/// @param columns by tensor, the column that feeds it
/// @param classes of an output whose file does not name them, in the model's order
public record Said(
        Optional<String> target,
        boolean noTarget,
        List<String> features,
        Map<String, String> columns,
        List<String> classes) {
    public static final Said NOTHING =
            new Said(Optional.empty(), false, List.of(), Map.of(), List.of());

    public Said {
        features = List.copyOf(features);
        columns = Map.copyOf(columns);
        classes = List.copyOf(classes);
    }
}
