/// Is one arm worse than another? An answer that may be asked for after every request, and still
/// errs as rarely as it says.
///
/// Start at [Comparison], which judges [Stretch]es: what came of each arm while the traffic was
/// split in one way. What came is a [Tally] of units, and a unit is an entity, not a request
/// ([Units]). [QuantileComparison] does the same for latency, [PairedComparison] for a shadow that
/// answers the same requests. The answer is a [Finding].
///
/// All of it stands on one theorem. A bettor who stakes a part of their wealth on "the candidate is
/// worse than the margin allows", at odds that are fair or worse when it is not, has a wealth that
/// is a nonnegative supermartingale; it ever reaches 1 / alpha with probability at most alpha
/// (Ville 1939). The stakes are a mixture over a grid (Robbins 1970; Waudby-Smith and Ramdas 2024,
/// "Estimating means of bounded random variables by betting"), and the odds come from the arm's
/// assignment by a hash, whose probability is known (Waudby-Smith, Wu, Ramdas, Karampatziakis and
/// Mineiro 2024, "Anytime-valid off-policy inference for contextual bandits"). So nothing is
/// assumed of the error rate: it may be anything, and drift.
@NullMarked
package dev.davy.stats.sequential;

import org.jspecify.annotations.NullMarked;
