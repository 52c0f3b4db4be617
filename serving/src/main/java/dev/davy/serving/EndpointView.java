package dev.davy.serving;

import dev.davy.serving.EndpointTable.Stored;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An endpoint as people are shown it: what is desired, what is live, and why they differ.
final class EndpointView {
    private EndpointView() {}

    /// @param desiredIs whether a reference means a version
    static ObjectNode of(
            Stored stored,
            Endpoint endpoint,
            Optional<Routing> routing,
            Optional<String> unavailable,
            BiPredicate<String, String> desiredIs) {
        var json = Json.object();
        json.put("name", stored.name());
        boolean ready = routing.filter(Routing::ready).isPresent();
        json.put(
                "state",
                endpoint.external()
                        ? "external"
                        : ready ? "ready" : stored.loaded() ? "not ready" : "unloaded");
        unavailable.ifPresent(reason -> json.put("reason", reason));
        json.put("epoch", stored.epoch());
        json.set("live", Json.tree(stored.live()));
        stored.beside().ifPresent(beside -> json.set("candidate", candidate(beside)));
        if (!stored.kept().isEmpty()) json.set("kept", Json.tree(stored.kept()));
        var desired = Json.object();
        var differs = new ArrayList<String>();
        for (var component : endpoint.pipeline())
            if (component instanceof Component.Registered registered
                    && !registered.fallsBack(registered.model())) {
                desired.put(registered.name(), registered.model());
                var live = stored.live().get(registered.name());
                if (live != null && !desiredIs.test(registered.model(), live))
                    differs.add(
                            "%s: desired is %s, live is %s"
                                    .formatted(registered.name(), registered.model(), live));
            }
        json.set("desired", desired);
        endpoint.fallback().ifPresent(fallback -> json.put("fallback", fallback.version()));
        if (!differs.isEmpty()) json.set("differs", Json.tree(differs));
        routing.filter(Routing::ready)
                .ifPresent(route -> {
                    json.set("input", route.shape().rows().json());
                    var outputs = Json.object();
                    for (var output : route.shape().outputs())
                        outputs.set(output.name(), output.kind().json());
                    json.set("output", outputs);
                });
        json.set("declaration", stored.declaration());
        return json;
    }

    private static ObjectNode candidate(Beside beside) {
        var json = Json.object();
        json.set("versions", Json.tree(beside.versions()));
        json.put("share", (double) beside.buckets() / Assignment.BUCKETS);
        json.put("shadow", beside.shadow());
        return json;
    }

    /// What a new declaration changes, a sentence each.
    static List<String> changes(
            JsonNode before,
            Endpoint after,
            Map<String, String> live,
            BiPredicate<String, String> desiredIs) {
        var keys = new TreeMap<String, String>();
        for (var key : before.properties())
            if (!after.source().has(key.getKey()))
                keys.put(key.getKey(), "left out, was " + key.getValue());
        for (var key : after.source().properties()) {
            var was = before.get(key.getKey());
            if (was == null) keys.put(key.getKey(), "is " + key.getValue());
            else if (!was.equals(key.getValue()))
                keys.put(key.getKey(), "is " + key.getValue() + ", was " + was);
        }
        var changes = new ArrayList<String>();
        keys.forEach((key, what) -> changes.add(key + ": " + what));
        for (var component : after.pipeline())
            if (component instanceof Component.Registered registered
                    && !registered.fallsBack(registered.model())) {
                var running = live.get(registered.name());
                if (running != null && !desiredIs.test(registered.model(), running))
                    changes.add(
                            after.rollout().isPresent()
                                    ? "desired is %s, live is %s; a rollout begins, watch it with: davy rollout watch %s"
                                            .formatted(registered.model(), running, after.name())
                                    : "desired is %s, live stays %s; bring it live with: davy endpoint switch %s --model %s"
                                            .formatted(
                                                    registered.model(),
                                                    running,
                                                    after.name(),
                                                    registered.model()));
            }
        return changes;
    }
}
