package dev.davy.serving.reading;

import dev.davy.serving.Prediction;
import dev.davy.serving.Shadow;
import dev.davy.serving.feedback.Feedback;
import dev.davy.storage.Gap;
import dev.davy.storage.Position;
import java.time.Instant;
import java.util.UUID;

/// What the log holds at one place, decoded.
public sealed interface Entry {
    /// Where it begins.
    Position at();

    /// A row was asked and answered.
    record Predicted(Position at, Prediction prediction) implements Entry {}

    /// Something came to be known later.
    ///
    /// @param received when we got it
    record Told(Position at, Instant received, Feedback feedback) implements Entry {}

    /// The content of a large input of a prediction; it comes right behind it.
    ///
    /// @param bytes shared by all followers: never write there
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Blob(
            Position at,
            UUID prediction,
            Instant received,
            String column,
            String contentType,
            byte[] bytes)
            implements Entry {}

    /// A shadow answered beside the arm that counted.
    record Shadowed(Position at, Shadow shadow) implements Entry {}

    /// A stretch that was lost: what is counted over it is incomplete.
    record Missing(Position at, Gap gap) implements Entry {}
}
