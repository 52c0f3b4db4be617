/// Asks again what was asked before: to know what a version would have said to the callers of last
/// week.
///
/// Start at [Traffic], which reads the predictions of an endpoint from the archive and the log,
/// oldest first; [Restored] are their inputs, as they came. Knows `serving` and `serving.feedback`,
/// whose records these are; nothing there knows it.
@NullMarked
package dev.davy.serving.past;

import org.jspecify.annotations.NullMarked;
