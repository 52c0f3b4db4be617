/// Images and recordings as numbers: pure functions on arrays.
///
/// Start at [Scaling] for pixels, [Resampling] and [Spectrum] for samples. Knows nobody.
@NullMarked
package dev.davy.runtime.media;

import org.jspecify.annotations.NullMarked;
