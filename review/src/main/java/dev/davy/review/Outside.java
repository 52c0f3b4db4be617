package dev.davy.review;

import dev.davy.serving.Automation;
import java.util.OptionalDouble;
import java.util.Set;

/// What is known of an endpoint elsewhere in the house, for deciding who decides. Asked for each
/// row: it must not wait.
public interface Outside {
    /// Nothing is known.
    Outside NOTHING =
            new Outside() {
                @Override
                public Set<String> ringing(String endpoint) {
                    return Set.of();
                }

                @Override
                public OptionalDouble novelty(String endpoint, Automation.Asking row) {
                    return OptionalDouble.empty();
                }
            };

    /// The metrics whose alarms ring.
    Set<String> ringing(String endpoint);

    /// How unusual a row is against what is normal, from 0 to 1; empty where that is not known.
    OptionalDouble novelty(String endpoint, Automation.Asking row);
}
