/// Detectors of change in a stream of numbers, one number at a time.
///
/// Start at [Detector]. [Adwin], [PageHinkley], [Kswin] and [Cusum] watch numbers; [Ddm] and [Eddm]
/// watch a model's errors. Each begins anew with the first number after a change.
@NullMarked
package dev.davy.stats.stream;

import org.jspecify.annotations.NullMarked;
