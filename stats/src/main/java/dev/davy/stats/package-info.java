/// Formulas on values: summaries that merge. No I/O, no threads, no framework.
///
/// Start at [Profile], what a table looks like: of each column a [ColumnProfile], made of
/// [Moments], [Quantiles] and [Frequencies]. Knows `strict` only.
@NullMarked
package dev.davy.stats;

import org.jspecify.annotations.NullMarked;
