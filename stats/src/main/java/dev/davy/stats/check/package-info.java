/// Known answers: what others have computed, and what our formulas make of the same numbers.
///
/// Start at [Vectors], a file of known answers. A [Statistic] is a formula under the name that the
/// file calls it by; [Offered] lists them all, and a family of them (drift, streams, …) is one
/// class here. [Inputs] is how a formula finds its numbers. Knows every package of formulas; none
/// knows this one.
@NullMarked
package dev.davy.stats.check;

import org.jspecify.annotations.NullMarked;
