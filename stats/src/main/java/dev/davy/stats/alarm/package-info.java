/// When to wake somebody because a column drifted: a rule with a price tag.
///
/// Start at [Watch], which follows one column over successive windows and says at each: quiet,
/// drifted, or too early to tell ([Decision]). What is normal it knows from a [NumberColumn] or a
/// [CategoryColumn], made of a reference, and from a [Wobble], how windows differ from each other
/// and over day and week when nothing is wrong. [Price] says how many false alarms are paid for.
///
/// The price is kept by adding up: each test of each column and window gets its share of the one
/// false alarm a month, and the expected number of false alarms is at most the sum, however the
/// tests hang together (Spjøtvoll 1972, "On the optimality of some multiple comparison
/// procedures").
@NullMarked
package dev.davy.stats.alarm;

import org.jspecify.annotations.NullMarked;
