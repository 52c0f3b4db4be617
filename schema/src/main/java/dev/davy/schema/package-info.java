/// Types: columns, output kinds with the shape of their truth, and the one expression language.
///
/// Start at [Schema] (what goes in, a [Row]) and [OutputKind] (what comes out, and what the truth
/// of it looks like). [Expression] is the language of conditions: [ExpressionText] cuts it into
/// tokens, [ExpressionReader] makes a typed [Term] of them, [Closure] computes that in memory and
/// [SqlText] says it to a database. Knows `strict` only.
@NullMarked
package dev.davy.schema;

import org.jspecify.annotations.NullMarked;
