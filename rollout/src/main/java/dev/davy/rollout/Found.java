package dev.davy.rollout;

import dev.davy.serving.Prediction;
import java.util.Optional;
import java.util.UUID;

/// Where what was logged is found again, when something comes to be known of it.
interface Found {
    Optional<Prediction> prediction(UUID id);

    /// What a shadow said of it, beside what live said.
    Optional<Shadows.Pair> shadow(UUID id);
}
