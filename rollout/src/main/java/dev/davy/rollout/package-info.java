/// Brings a candidate live, step by step, and back again.
///
/// Start at [Rollout], the data, and [Policy], what was asked for. [Ramp] decides the next step
/// from the [Evidence]; [Judge] says what each [Guard] makes of it. Everything here is a pure
/// function of its parameters, time among them, so whole rollouts are simulated by the thousand.
/// Looks back to `stats` and knows nothing of models, requests or clocks.
@NullMarked
package dev.davy.rollout;

import org.jspecify.annotations.NullMarked;
