package dev.davy.rollout;

import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What was live at an endpoint at a time, and why: from the events.
public final class LiveAt {
    /// Of the events before, that are told with the answer.
    private static final int TOLD = 20;

    private final Events events;

    public LiveAt(Events events) {
        this.events = events;
    }

    /// @throws Problem NOT_FOUND `nothing-live-yet`
    ObjectNode of(String endpoint, Instant time) {
        var before = Optional.of(after(time));
        var changes = upTo(events.of("endpoint", endpoint, before, TOLD), time);
        if (changes.isEmpty())
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "nothing-live-yet",
                    "Nothing is known of endpoint '" + endpoint + "' at " + time + ".",
                    "It was not declared then, or under another name.",
                    "See all that happened with: davy events " + endpoint);
        var last = changes.getFirst();
        var json = Json.object().put("endpoint", endpoint).put("at", time.toString());
        json.set("stood", last.detail().deepCopy());
        if (json.path("stood") instanceof ObjectNode stood) stood.remove("declaration");
        json.put("since", last.at().toString())
                .put("what", last.what())
                .put("who", last.who())
                .put("why", last.why());
        var all = new ArrayList<>(changes);
        all.addAll(upTo(events.of("rollout", endpoint, before, TOLD), time));
        all.sort(Comparator.comparing(Event::id).reversed());
        var told = json.putArray("events");
        for (var each : all.subList(0, Math.min(TOLD, all.size()))) {
            var one =
                    told.addObject()
                            .put("at", each.at().toString())
                            .put("kind", each.kind())
                            .put("what", each.what())
                            .put("who", each.who())
                            .put("why", each.why());
            if (each.kind().equals("rollout")) one.set("detail", each.detail());
        }
        return json;
    }

    private static List<Event> upTo(List<Event> some, Instant time) {
        return some.stream().filter(each -> !each.at().isAfter(time)).toList();
    }

    /// An id above all that were made up to then; ids of a node may be some milliseconds ahead of
    /// its clock.
    private static UUID after(Instant time) {
        return new UUID(time.toEpochMilli() + 1_000 << 16, 0);
    }
}
