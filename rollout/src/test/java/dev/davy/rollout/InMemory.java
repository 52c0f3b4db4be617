package dev.davy.rollout;

import dev.davy.serving.Prediction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A log of a few predictions and shadows.
final class InMemory implements Found {
    final Map<UUID, Prediction> predictions = new LinkedHashMap<>();
    final Map<UUID, Shadows.Pair> shadows = new LinkedHashMap<>();

    @Override
    public Optional<Prediction> prediction(UUID id) {
        return Optional.ofNullable(predictions.get(id));
    }

    @Override
    public Optional<Shadows.Pair> shadow(UUID id) {
        return Optional.ofNullable(shadows.get(id));
    }
}
