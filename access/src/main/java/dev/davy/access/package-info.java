/// Named tokens with roles: who may do what.
///
/// Start at [Role] and [Tokens]. Looks back to `storage`.
@NullMarked
package dev.davy.access;

import org.jspecify.annotations.NullMarked;
