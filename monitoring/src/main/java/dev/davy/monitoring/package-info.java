/// What was predicted, summed up: windows of traffic, inputs, outputs and feedback per endpoint.
///
/// Start at [Window], a value that merges; [Windows] keeps them as it follows the log, and answers
/// for any stretch of time. Knows `serving` and `stats`; nothing there knows it.
@NullMarked
package dev.davy.monitoring;

import org.jspecify.annotations.NullMarked;
