package dev.davy.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/// What a model said of one row.
///
/// @param values by output name: the label (`String`) of a category, `List<String>` of a
///   multi-label, `Double` of a number, `String` of a text, `float[]` of a vector, in the order of
///   the outputs
/// @param scores by output name, one per class in class order; only of outputs that have them
/// @param confidence how sure the model is, in the sense that its bundle states; empty when it does
///   not say or is not a number
public record Answer(
        Map<String, Object> values, Map<String, double[]> scores, OptionalDouble confidence) {
    public Answer {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }
}
