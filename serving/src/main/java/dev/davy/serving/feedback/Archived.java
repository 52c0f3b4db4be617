package dev.davy.serving.feedback;

import dev.davy.serving.Prediction;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Where predictions are found that the log no longer holds: truth may come months later.
public interface Archived {
    /// Nothing is kept beside the log.
    Archived NONE =
            new Archived() {
                @Override
                public Optional<Prediction> find(UUID id) {
                    return Optional.empty();
                }

                @Override
                public Map<UUID, String> endpoints(Collection<UUID> ids) {
                    return Map.of();
                }
            };

    /// The prediction of this id, as far as it was kept.
    Optional<Prediction> find(UUID id);

    /// The endpoints of those among these that are known; for many at once.
    Map<UUID, String> endpoints(Collection<UUID> ids);
}
