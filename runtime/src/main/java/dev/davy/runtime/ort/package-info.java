/// ONNX Runtime's C interface, called directly.
///
/// Start at [Ort]; [Library] finds the native library inside the published Java artifact. Handles
/// are plain addresses, and whoever makes one releases it: only the models of the package above
/// come here. Not through the artifact's Java classes, because they cost 0.7 µs a call for a small
/// model, cut texts at unusual characters and know no unsigned numbers. Knows nobody.
@NullMarked
package dev.davy.runtime.ort;

import org.jspecify.annotations.NullMarked;
