/// Models as functions from tensors to tensors, in this process, in a child process, or on another
/// server.
///
/// Start at [Model] and [Session]; [Bundle] is what a person pushes, [Trial] what it must pass,
/// [RowSession] how it is asked in rows. Knows `schema` and `strict`.
@NullMarked
package dev.davy.runtime;

import org.jspecify.annotations.NullMarked;
