/// Everything that comes from outside is read here, strictly: JSON, YAML, tables, images,
/// recordings, archives, compressed bodies, names, ids, numbers, quantities.
///
/// Start at [Problem], which says what was wrong, and [Limits]. [Json] reads and writes trees,
/// [Fields] takes one apart and reports all mistakes at once; [JsonCursor] and [JsonWriter] do it
/// without trees for the hot path. [Yaml], [Csv], [Images], [Audio], [Archives] and [Gzip] are one
/// door each; behind them are our own readers wherever the usual ones accept what is cut off,
/// damaged or ambiguous. [Names] and [SafePath] are the only way from a text to a name or a path.
///
/// A test, `OnlyHereTest`, keeps other modules from reading by themselves. Knows nobody.
@NullMarked
package dev.davy.strict;

import org.jspecify.annotations.NullMarked;
