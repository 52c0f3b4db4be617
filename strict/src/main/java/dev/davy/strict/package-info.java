/// Everything that comes from outside is read here, strictly: JSON, YAML, CSV, images, audio,
/// archives, names, numbers.
///
/// Start at `Problem`, which says what was wrong, and `Limits`. Knows nobody.
@NullMarked
package dev.davy.strict;

import org.jspecify.annotations.NullMarked;
