/// What came to be known of predictions later: truth, judgements and events.
///
/// Start at [Feedback]; [Feedbacks] keeps it and joins it when somebody reads.
@NullMarked
package dev.davy.serving.feedback;

import org.jspecify.annotations.NullMarked;
