/// The `davy` command: speaks HTTP to a server, plus the local commands.
///
/// Start at `Main`.
@NullMarked
package dev.davy.cli;

import org.jspecify.annotations.NullMarked;
