/// What a model may decide alone: a threshold of its confidence, chosen from cases that people have
/// looked at, such that what it gets wrong stays within a limit.
///
/// Start at [RiskControl], which turns a [Risk] and cases ([Checked]) into a [Choice]; [Curve]
/// shows what each threshold would do. Where people see some cases more often than others,
/// [Thinning] makes a sample of them in which each is as likely, and [WeightedShare] a figure of
/// all of them.
@NullMarked
package dev.davy.stats.selective;

import org.jspecify.annotations.NullMarked;
