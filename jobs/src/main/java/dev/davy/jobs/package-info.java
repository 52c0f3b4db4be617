/// Background work: batch prediction, backfill, evaluation, training. A job has arguments,
/// progress, a result and a log; it can be cancelled, resumed (after the death of the process,
/// too), and run every night.
///
/// Start at [Job], the data, and [Work], what a module writes to have its work done here.
/// [Transitions] decides what becomes of a job; [Jobs] carries it out and remembers it. Looks back
/// to `storage` and `http`; knows none of the kinds of work.
@NullMarked
package dev.davy.jobs;

import org.jspecify.annotations.NullMarked;
