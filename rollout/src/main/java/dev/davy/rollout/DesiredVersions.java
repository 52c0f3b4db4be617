package dev.davy.rollout;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices where another version has come to be desired than was a moment ago: by a new
/// declaration, or because an alias moved. What differs for longer is left as it is, for then a
/// person meant it so.
final class DesiredVersions {
    private static final Logger LOG = LoggerFactory.getLogger(DesiredVersions.class);

    private final Arms arms;
    private final Predicate<String> waits;
    private final Consumer<String> begin;
    private final Map<String, Map<String, String>> desired = new ConcurrentHashMap<>();

    /// @param waits whether an endpoint has never had a model, and is to get its first one
    /// @param begin told of the endpoint that desires another version
    DesiredVersions(Arms arms, Predicate<String> waits, Consumer<String> begin) {
        this.arms = arms;
        this.waits = waits;
        this.begin = begin;
    }

    /// Looks at each endpoint that says how its rollouts go.
    void look() {
        for (var endpoint : arms.declared())
            try {
                var now = arms.desired(endpoint);
                var before = desired.put(endpoint, now);
                boolean moved = before == null ? waits.test(endpoint) : !before.equals(now);
                if (moved) begin.accept(endpoint);
            } catch (RuntimeException e) {
                LOG.warn(
                        "endpoint {} desires another version, and it can't be brought live: {}",
                        endpoint,
                        e.getMessage());
            }
    }
}
