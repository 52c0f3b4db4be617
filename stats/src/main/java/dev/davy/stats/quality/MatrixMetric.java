package dev.davy.stats.quality;

import java.util.function.ToDoubleFunction;

/// A metric of a [ConfusionMatrix].
///
/// @param formula of the weights, `[truth][predicted]` in the order of the classes; NaN where it is
///   not defined
public record MatrixMetric(String name, String definition, ToDoubleFunction<double[][]> formula) {}
