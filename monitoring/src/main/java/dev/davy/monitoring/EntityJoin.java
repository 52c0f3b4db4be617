package dev.davy.monitoring;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Which truth of an entity counts for which of its predictions. Pure: what came in which order
/// makes no difference.
///
/// @param all whether truth is of all predictions within the window before it; else of the last
/// @param within how long after a prediction truth may become known
public record EntityJoin(boolean all, Duration within) {
    /// A prediction of the entity.
    ///
    /// @param atMicros when it happened
    record Asked(UUID prediction, long atMicros) {}

    /// What was told of the entity, of one output.
    ///
    /// @param replaces the id of what it corrects; empty: nothing
    record Told(
            String feedback, long atMicros, long receivedMicros, String replaces, JsonNode truth) {}

    private static final Comparator<Told> LATER =
            Comparator.comparingLong(Told::atMicros)
                    .thenComparingLong(Told::receivedMicros)
                    .thenComparing(Told::feedback);

    private static final Comparator<Asked> NEARER =
            Comparator.comparingLong(Asked::atMicros).thenComparing(Asked::prediction);

    /// The truth that counts, by prediction: of several that which became known last. What was
    /// corrected is not told.
    Map<UUID, Told> of(List<Asked> predictions, Collection<Told> truths) {
        var corrected = new HashSet<String>();
        for (var each : truths) corrected.add(each.replaces);
        var counts = new HashMap<UUID, Told>();
        for (var told : truths) {
            if (corrected.contains(told.feedback)) continue;
            var reached = predictions.stream().filter(each -> reaches(told, each));
            var targets = all ? reached.toList() : reached.max(NEARER).stream().toList();
            for (var each : targets)
                counts.merge(
                        each.prediction,
                        told,
                        (one, other) -> LATER.compare(one, other) >= 0 ? one : other);
        }
        return counts;
    }

    private boolean reaches(Told told, Asked asked) {
        long after = told.atMicros - asked.atMicros;
        return after >= 0 && after <= within.toMillis() * 1_000;
    }
}
