package dev.davy.monitoring.notify;

import dev.davy.strict.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// News on their way to one channel.
///
/// @param id the same at every attempt
/// @param group of the alarms that it tells of
/// @param due when it is tried next
/// @param attempts that failed
/// @param lastError why the last one did; empty where none failed
/// @param sent when it arrived
record Delivery(
        String id,
        String endpoint,
        Channel channel,
        String group,
        List<News> news,
        State state,
        Instant created,
        Instant due,
        int attempts,
        String lastError,
        Optional<Instant> sent) {

    enum State {
        WAITING,
        SENT,
        FAILED
    }

    Delivery {
        news = List.copyOf(news);
    }

    ObjectNode json() {
        var json =
                Json.object()
                        .put("id", id)
                        .put("endpoint", endpoint)
                        .put("to", channel.shown())
                        .put("state", state.name().toLowerCase(java.util.Locale.ROOT))
                        .put("what", Message.title(endpoint, news))
                        .put("created", created.toString())
                        .put("attempts", attempts);
        if (state == State.WAITING) json.put("due", due.toString());
        sent.ifPresent(at -> json.put("sent", at.toString()));
        if (!lastError.isEmpty()) json.put("last-error", lastError);
        return json;
    }
}
