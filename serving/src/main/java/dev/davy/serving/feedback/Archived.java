package dev.davy.serving.feedback;

import dev.davy.serving.Prediction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

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

                @Override
                public void read(
                        String endpoint, Instant from, Instant until, Predicate<Kept> each) {}
            };

    /// A prediction as it was kept.
    ///
    /// @param columns the names of its inputs, in their order
    /// @param content its large inputs, by column, as far as they were kept
    record Kept(Prediction prediction, List<String> columns, Map<String, Content> content) {
        public Kept {
            columns = List.copyOf(columns);
            content = Map.copyOf(content);
        }
    }

    /// A large input.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Content(String contentType, byte[] bytes) {}

    /// Gives the predictions of an endpoint that were received in a stretch of time, oldest first.
    ///
    /// @param until exclusive
    /// @param each answers whether it wants more
    void read(String endpoint, Instant from, Instant until, Predicate<Kept> each);

    /// The prediction of this id, as far as it was kept.
    Optional<Prediction> find(UUID id);

    /// The endpoints of those among these that are known; for many at once.
    Map<UUID, String> endpoints(Collection<UUID> ids);
}
