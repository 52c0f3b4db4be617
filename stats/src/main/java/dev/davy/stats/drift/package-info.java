/// Drift: how far two samples lie apart, and how likely that is by chance.
///
/// Start at [Drift], a number with the definition it was computed by: numbers of one name differ
/// between tools, so none goes without. [Distances] compare shares of [Cells], categories or bins
/// with [Edges]; [CountTests] ask whether two sets of counts come from one source; [Samples] and
/// [RankTests] take the numbers themselves; [Kernel] and [DomainClassifier] take rows of several.
/// [Adjusted] keeps many tests honest. [ColumnDrift] is the whole of one column.
@NullMarked
package dev.davy.stats.drift;

import org.jspecify.annotations.NullMarked;
