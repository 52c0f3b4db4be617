package dev.davy.monitoring;

import dev.davy.serving.Micros;
import dev.davy.serving.Prediction;
import dev.davy.serving.feedback.Feedback;
import dev.davy.storage.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Remembers what was predicted and told of entities, and says after each which truth counts for
/// which prediction now. What is fresh is kept with the commit of the reader that uses it; for its
/// thread.
final class EntityTruths {
    private final Database database;
    private final Map<EntityTable.Of, Known> known = new LinkedHashMap<>();

    private static final class Known {
        final List<EntityJoin.Asked> asked = new ArrayList<>();
        final List<EntityTable.Output> told = new ArrayList<>();
        final Map<EntityJoin.Asked, Long> freshAsked = new LinkedHashMap<>();
        final Set<EntityTable.Output> freshTold = new HashSet<>();
    }

    /// Which truth counts for the predictions of an entity.
    ///
    /// @param counts by prediction; those for which none does are not in it
    /// @param predictions all that are known
    /// @param feedback ids of all that was ever told of the entity
    record Assigned(
            Map<UUID, EntityJoin.Told> counts, List<UUID> predictions, Set<String> feedback) {}

    EntityTruths(Database database) {
        this.database = database;
    }

    private Known known(EntityTable.Of of) {
        return known.computeIfAbsent(
                of,
                _ -> {
                    var fresh = new Known();
                    database.read(handle -> {
                        fresh.asked.addAll(EntityTable.predictions(handle, of));
                        fresh.told.addAll(EntityTable.truths(handle, of));
                        return true;
                    });
                    return fresh;
                });
    }

    /// One more prediction.
    ///
    /// @return by output what counts now; nothing where no truth was told yet
    Map<String, Assigned> predicted(Prediction prediction, EntityJoin join) {
        var entity = prediction.entity();
        if (entity.isEmpty()) return Map.of();
        var here = known(new EntityTable.Of(prediction.endpoint(), entity.get()));
        var asked = new EntityJoin.Asked(prediction.id(), Micros.of(WindowFollower.at(prediction)));
        if (!here.asked.contains(asked)) {
            here.asked.add(asked);
            here.freshAsked.put(asked, Micros.of(prediction.received()));
        }
        var outputs = new LinkedHashMap<String, Assigned>();
        for (var each : here.told)
            outputs.computeIfAbsent(each.output(), output -> assigned(here, output, join));
        return outputs;
    }

    /// One more truth.
    ///
    /// @param output that it is of
    Assigned told(
            Feedback feedback,
            Instant received,
            String output,
            EntityTable.Of of,
            EntityJoin join) {
        var here = known(of);
        if (feedback.what() instanceof Feedback.What.Truth(var truth, var _)) {
            var told =
                    new EntityTable.Output(
                            output,
                            new EntityJoin.Told(
                                    feedback.id(),
                                    Micros.of(feedback.at().orElse(received)),
                                    Micros.of(received),
                                    feedback.replaces().orElse(""),
                                    truth));
            boolean is =
                    here.told.stream()
                            .anyMatch(each -> each.told().feedback().equals(feedback.id()));
            if (!is) {
                here.told.add(told);
                here.freshTold.add(told);
            }
        }
        return assigned(here, output, join);
    }

    private static Assigned assigned(Known here, String output, EntityJoin join) {
        var told =
                here.told.stream()
                        .filter(each -> each.output().equals(output))
                        .map(EntityTable.Output::told)
                        .toList();
        var ids = new HashSet<String>();
        for (var each : told) ids.add(each.feedback());
        return new Assigned(
                join.of(here.asked, told),
                here.asked.stream().map(EntityJoin.Asked::prediction).toList(),
                ids);
    }

    void commit(Handle handle) {
        known.forEach((of, here) -> {
            here.freshAsked.forEach(
                    (asked, received) -> EntityTable.put(handle, of, asked, received));
            for (var each : here.freshTold) EntityTable.put(handle, of, each.output(), each.told());
        });
    }

    void clear() {
        known.clear();
    }
}
