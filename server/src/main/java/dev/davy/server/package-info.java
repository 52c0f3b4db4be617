/// Wires everything; the only room that knows all.
///
/// Start at `Davy`, which opens a data folder; `Server` puts it on a port.
@NullMarked
package dev.davy.server;

import org.jspecify.annotations.NullMarked;
