/// A person's own model and their own table, brought together: which column feeds which tensor,
/// which holds the truth, and what of it cannot be guessed.
///
/// Start at [Planner]: it turns a model, a [Table] and what the person said ([Said]) into a [Plan],
/// or into [Question]s. [OwnModel] carries the plan to a server and is the source of its traffic.
@NullMarked
package dev.davy.demo.own;

import org.jspecify.annotations.NullMarked;
