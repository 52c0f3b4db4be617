/// One thread reads the log for all who follow it, and decodes each record once.
///
/// Start at [Follower], what a reader of the log is; [Entry] is what it is given, [Readers] gives
/// it. Knows `serving` and `serving.feedback`, whose records these are; nothing there knows it.
@NullMarked
package dev.davy.serving.reading;

import org.jspecify.annotations.NullMarked;
