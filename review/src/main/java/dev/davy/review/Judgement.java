package dev.davy.review;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// What one person thought of a case.
///
/// @param revision counts their corrections, from 1
/// @param answer by output; empty: they can't tell
/// @param saw whether they had seen the model's answer
/// @param instructions the version they went by
/// @param seconds how long they looked
public record Judgement(
        UUID prediction,
        String reviewer,
        int revision,
        Optional<JsonNode> answer,
        boolean saw,
        String instructions,
        OptionalDouble seconds,
        Instant at) {
    /// Whether it says the same.
    boolean saysAs(Optional<JsonNode> other) {
        return answer.equals(other);
    }
}
