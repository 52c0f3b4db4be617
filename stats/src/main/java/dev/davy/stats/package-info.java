/// Formulas on values: summaries that merge. No I/O, no threads, no framework.
///
/// Start at `Profile`. Knows `strict` only.
@NullMarked
package dev.davy.stats;

import org.jspecify.annotations.NullMarked;
