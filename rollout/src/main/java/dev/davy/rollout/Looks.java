package dev.davy.rollout;

import dev.davy.rollout.RolloutTable.Look;
import dev.davy.storage.Database;
import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// Keeps what the guards said now and then, so that one can see the intervals close in on their
/// margins.
final class Looks {
    /// Of a rollout: rarely more than this, since they come the more rarely the longer it takes.
    static final int MOST = 5_000;

    private static final int PARTS = 200;
    private static final Duration LEAST = Duration.ofSeconds(5);

    private final Database database;
    private final Map<UUID, Instant> last = new ConcurrentHashMap<>();

    Looks(Database database) {
        this.database = database;
    }

    /// If it is time to.
    void maybe(Course course, Evidence evidence, Instant now) {
        var before = last.get(course.id());
        var pause = Duration.between(course.created(), now).dividedBy(PARTS);
        if (before == null
                || Duration.between(before, now)
                                .compareTo(pause.compareTo(LEAST) > 0 ? pause : LEAST)
                        >= 0) now(course, evidence, now);
    }

    void now(Course course, Evidence evidence, Instant now) {
        last.put(course.id(), now);
        var policy = course.rollout().policy();
        var json =
                Json.object()
                        .put("share", course.rollout().share())
                        .put("requests", evidence.requests());
        json.set(
                "guards",
                RolloutJson.verdicts(policy, new Judge(policy).verdicts(evidence), Evidence.NONE));
        database.write(handle -> {
            RolloutTable.look(handle, course.id(), now, json);
            return true;
        });
    }

    /// Oldest first.
    JsonNode of(Course course) {
        List<Look> looks = database.read(handle -> RolloutTable.looks(handle, course.id(), MOST));
        var json = Json.array();
        for (var look : looks) {
            var one = json.addObject().put("at", look.at().toString());
            one.setAll((tools.jackson.databind.node.ObjectNode) look.body());
        }
        return json;
    }
}
