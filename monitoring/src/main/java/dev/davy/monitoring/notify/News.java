package dev.davy.monitoring.notify;

import dev.davy.storage.Event;
import dev.davy.strict.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One thing that happened to an alarm, or that people decided, as it is told.
///
/// @param event its id
/// @param monitor the alarm's; of a decision, the prediction
/// @param action `firing`, `acknowledged`, `resolved`, `decided`; `test` is none of an alarm
/// @param who did it: a person's token, or the monitor
/// @param detail with `severity`, `watch`, `window`, `value`, `reference`, `why`, `look`, `group`
record News(
        String event,
        Instant at,
        String endpoint,
        String monitor,
        String action,
        String who,
        JsonNode detail) {

    /// The kind of thing whose events are told.
    static final String ALARM = "alarm";

    /// What people decided of a prediction; only where somebody wants to be told.
    static final String REVIEW = "review";

    private static final String DECIDED = "decided";

    /// What is worth a message: what is only pending may never fire, and who silences an alarm
    /// wants to hear less.
    private static final List<String> TOLD = List.of("firing", "acknowledged", "resolved");

    static Optional<News> of(Event event) {
        boolean told =
                event.kind().equals(ALARM) && TOLD.contains(event.what())
                        || event.kind().equals(REVIEW) && event.what().equals(DECIDED);
        if (!told) return Optional.empty();
        int slash = event.name().indexOf('/');
        return Optional.of(
                new News(
                        event.id().toString(),
                        event.at(),
                        slash < 0 ? event.name() : event.name().substring(0, slash),
                        slash < 0 ? "" : event.name().substring(slash + 1),
                        event.what(),
                        event.who(),
                        event.detail()));
    }

    static News test(String id, Instant at, String endpoint, String who) {
        var detail =
                Json.object()
                        .put("severity", "info")
                        .put("why", "This is a test; nothing is wrong.");
        return new News(id, at, endpoint, "test", "test", who, detail);
    }

    boolean isDecision() {
        return action.equals(DECIDED);
    }

    /// Whether a channel wants to be told of it.
    boolean isFor(Channel channel) {
        return action.equals("test")
                || channel.on().contains(isDecision() ? Channel.On.DECISIONS : Channel.On.ALARMS);
    }

    /// What has the same is told together.
    String group() {
        var group = said("group");
        if (!group.isEmpty()) return group;
        var alarm = said("alarm");
        return alarm.isEmpty() ? event : alarm;
    }

    String severity() {
        var severity = said("severity");
        return severity.isEmpty() ? "warning" : severity;
    }

    String why() {
        return said("why");
    }

    private String said(String name) {
        return detail.path(name).asString("");
    }

    /// As it is stored and told: `read(json())` is this again.
    ObjectNode json() {
        var json =
                Json.object()
                        .put("event", event)
                        .put("at", at.toString())
                        .put("endpoint", endpoint)
                        .put("monitor", monitor)
                        .put("action", action)
                        .put("who", who);
        json.set("detail", detail);
        return json;
    }

    static News read(JsonNode json) {
        return new News(
                json.path("event").asString(""),
                Instant.parse(json.path("at").asString("")),
                json.path("endpoint").asString(""),
                json.path("monitor").asString(""),
                json.path("action").asString(""),
                json.path("who").asString(""),
                json.path("detail"));
    }
}
