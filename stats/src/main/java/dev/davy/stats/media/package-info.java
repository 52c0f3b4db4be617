/// Pictures and recordings as a few numbers, which drift as other columns do.
///
/// Start at [PictureMeasures] and [RecordingMeasures]: both take what was decoded and keep nothing
/// of it.
@NullMarked
package dev.davy.stats.media;

import org.jspecify.annotations.NullMarked;
