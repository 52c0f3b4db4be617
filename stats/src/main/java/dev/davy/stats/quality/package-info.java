/// How right a model is: metrics with weights, their evidence as values that merge, and an interval
/// for each.
///
/// Start at the evidence, one kind per kind of output: [ConfusionMatrix] for categories, [Scores]
/// and [Calibration] for probabilities, [RegressionErrors] for numbers, [Transcripts] for texts,
/// [Detections] for boxes, [Rankings] for rankings. Each is built row by row, merges exactly, and
/// answers with [Figure]s: value, interval, what was counted, and how it is defined. [BySlice]
/// keeps one per slice, [Fairness] compares them. [McNemar] and [Bootstrap] hold two models against
/// each other on the same examples; [Cbpe] estimates what nobody has labelled yet.
///
/// A weight says how much an example counts: its importance, or one over the probability that it
/// was looked at. Intervals know that many small weights say more than one large (Kish 1965:
/// effective number = square of the sum over the sum of the squares).
@NullMarked
package dev.davy.stats.quality;

import org.jspecify.annotations.NullMarked;
