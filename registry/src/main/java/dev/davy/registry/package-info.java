/// Models, their immutable versions and the aliases that move between them.
///
/// Start at `ModelVersion`; `Models` keeps them. Looks back to `runtime` and `storage`.
@NullMarked
package dev.davy.registry;

import org.jspecify.annotations.NullMarked;
