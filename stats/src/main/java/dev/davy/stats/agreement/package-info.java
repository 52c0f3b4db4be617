/// What several people said of the same examples: how far they agree, what they come to together,
/// how good each of them is, and which labels are probably wrong.
///
/// Start at [Annotations]. [Krippendorff] measures agreement on any scale and with labels missing,
/// [Kappa] that of two labelers or of a fixed number. [Votes], [DawidSkene] and [Crowdlab] come to
/// a [Consensus]; [ConfidentLearning] holds given labels against a model's probabilities. Knows
/// `quality` for figures and intervals.
///
/// Agreement is not accuracy: people may share an error.
@NullMarked
package dev.davy.stats.agreement;

import org.jspecify.annotations.NullMarked;
