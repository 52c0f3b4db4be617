/// What is kept: the log, the state in SQL, the events, files by digest, and the lock of the data
/// folder.
///
/// Start at [DataFolder]; [Log] keeps predictions and feedback, [Database] the small state. Knows
/// `strict` only.
@NullMarked
package dev.davy.storage;

import org.jspecify.annotations.NullMarked;
