/// Types: columns, output kinds with the shape of their truth, and the one expression language.
///
/// Start at `Schema` and `OutputKind`; `Expression` is the language of conditions. Knows `strict`
/// only.
@NullMarked
package dev.davy.schema;

import org.jspecify.annotations.NullMarked;
