/// Brings a candidate live, step by step, and back again.
///
/// Start at [Rollout], the data, and [Policy], what was asked for. [Ramp] decides the next step
/// from the [Evidence]; [Judge] says what each [Guard] makes of it. These are pure functions of
/// their parameters, time among them, so whole rollouts are simulated by the thousand.
/// [PolicyReading] reads what a person writes into a [Plan]; [RolloutFollower] has a [Gathering]
/// make evidence of the log; [Rollouts] keeps them and carries out what [Ramp] says, through
/// [Arms]. Looks back to `serving`, `registry` and `stats`; knows nothing of pages.
@NullMarked
package dev.davy.rollout;

import org.jspecify.annotations.NullMarked;
