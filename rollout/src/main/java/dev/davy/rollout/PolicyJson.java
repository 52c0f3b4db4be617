package dev.davy.rollout;

import dev.davy.rollout.Rollout.State;
import dev.davy.rollout.Rollout.Transition;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Policies and states as they are stored and shown; times are ISO 8601.
final class PolicyJson {
    private PolicyJson() {}

    static ObjectNode policy(Policy policy) {
        var json = Json.object();
        var stages = json.putArray("stages");
        for (var stage : policy.stages())
            stages.addObject()
                    .put("share", stage.share())
                    .put("shadow", stage.shadow())
                    .put("at-least", stage.atLeast().toString())
                    .put("requests", stage.requests())
                    .put("approve", stage.approve());
        var guards = json.putArray("guards");
        for (var guard : policy.guards()) guards.add(guard(guard));
        return json.put("false-rollback", policy.falseRollback())
                .put("missed-harm", policy.missedHarm())
                .put("deadline", policy.deadline().toString())
                .put("bake", policy.bake().toString())
                .put("without-proof", policy.withoutProof());
    }

    private static ObjectNode guard(Guard guard) {
        var json = Json.object().put("watch", guard.metric());
        switch (guard) {
            case Guard.Rate rate ->
                    json.put("kind", "rate").put("margin", rate.margin()).put("most", rate.most());
            case Guard.Latency latency ->
                    json.put("kind", "latency")
                            .put("level", latency.level())
                            .put("margin", latency.margin());
            case Guard.Limit limit ->
                    json.put("kind", "limit")
                            .put("margin", limit.limit())
                            .put("most", limit.most());
            case Guard.Pairs pairs ->
                    json.put("kind", "pairs")
                            .put("margin", pairs.margin())
                            .put("most", pairs.most());
        }
        guard.slices().forEach(json.putArray("slices")::add);
        return json.put("observe-only", guard.observeOnly());
    }

    static Policy policy(JsonNode json) {
        var stages = new ArrayList<Stage>();
        for (var stage : json.get("stages"))
            stages.add(
                    new Stage(
                            stage.get("share").doubleValue(),
                            stage.get("shadow").booleanValue(),
                            Duration.parse(stage.get("at-least").stringValue()),
                            stage.get("requests").longValue(),
                            stage.get("approve").booleanValue()));
        var guards = new ArrayList<Guard>();
        for (var guard : json.get("guards")) guards.add(guard(guard));
        return new Policy(
                stages,
                guards,
                json.get("false-rollback").doubleValue(),
                json.get("missed-harm").doubleValue(),
                Duration.parse(json.get("deadline").stringValue()),
                Duration.parse(json.get("bake").stringValue()),
                json.get("without-proof").booleanValue());
    }

    private static Guard guard(JsonNode json) {
        var metric = json.get("watch").stringValue();
        double margin = json.get("margin").doubleValue();
        int most = json.path("most").asInt(1);
        var slices = texts(json.get("slices"));
        boolean observe = json.get("observe-only").booleanValue();
        var kind = json.get("kind").stringValue();
        return switch (kind) {
            case "rate" -> new Guard.Rate(metric, margin, most, slices, observe);
            case "latency" ->
                    new Guard.Latency(
                            metric, json.get("level").doubleValue(), margin, slices, observe);
            case "limit" -> new Guard.Limit(metric, margin, most, slices, observe);
            case "pairs" -> new Guard.Pairs(metric, margin, most, slices, observe);
            default -> throw new IllegalStateException("a guard of kind " + kind);
        };
    }

    static ObjectNode state(State state) {
        var json = Json.object();
        switch (state) {
            case State.Running(int stage, var since, boolean approved) ->
                    json.put("is", "running")
                            .put("stage", stage)
                            .put("since", since.toString())
                            .put("approved", approved);
            case State.Paused(int stage, var since, var missing) -> {
                json.put("is", "paused").put("stage", stage).put("since", since.toString());
                missing.forEach(json.putArray("missing")::add);
            }
            case State.Baking(var since) -> json.put("is", "baking").put("since", since.toString());
            case State.Finished(var at) -> json.put("is", "finished").put("since", at.toString());
            case State.RolledBack(var at) ->
                    json.put("is", "rolled-back").put("since", at.toString());
        }
        return json;
    }

    static State state(JsonNode json) {
        var since = Instant.parse(json.get("since").stringValue());
        var is = json.get("is").stringValue();
        return switch (is) {
            case "running" ->
                    new State.Running(
                            json.get("stage").intValue(),
                            since,
                            json.get("approved").booleanValue());
            case "paused" ->
                    new State.Paused(
                            json.get("stage").intValue(), since, texts(json.get("missing")));
            case "baking" -> new State.Baking(since);
            case "finished" -> new State.Finished(since);
            case "rolled-back" -> new State.RolledBack(since);
            default -> throw new IllegalStateException("a rollout that is " + is);
        };
    }

    static ArrayNode history(List<Transition> history) {
        var json = Json.array();
        for (var each : history) {
            var one = json.addObject().put("at", each.at().toString()).put("by", each.by());
            one.set("to", state(each.to()));
            one.put("why", each.why());
        }
        return json;
    }

    static List<Transition> history(JsonNode json) {
        var all = new ArrayList<Transition>();
        for (var each : json)
            all.add(
                    new Transition(
                            Instant.parse(each.get("at").stringValue()),
                            each.get("by").stringValue(),
                            state(each.get("to")),
                            each.get("why").stringValue()));
        return List.copyOf(all);
    }

    static ArrayNode eras(List<Course.Era> eras) {
        var json = Json.array();
        for (var each : eras)
            json.addObject()
                    .put("epoch", each.epoch())
                    .put("share", each.share())
                    .put("stage", each.stage())
                    .put("since", each.since().toString());
        return json;
    }

    static List<Course.Era> eras(JsonNode json) {
        var all = new ArrayList<Course.Era>();
        for (var each : json)
            all.add(
                    new Course.Era(
                            each.get("epoch").longValue(),
                            each.get("share").doubleValue(),
                            each.get("stage").intValue(),
                            Instant.parse(each.get("since").stringValue())));
        return List.copyOf(all);
    }

    static ObjectNode settings(Course.Settings settings) {
        var json =
                Json.object()
                        .put("case", word(settings.purpose()))
                        .put("strategy", word(settings.strategy()));
        var outputs = json.putObject("outputs");
        for (var each : settings.outputs()) outputs.set(each.name(), each.kind().json());
        return json.put("shadow-share", settings.shadowShare())
                .put("truth-within", settings.truthWithin().toString())
                .put("join-within", settings.joinWithin().toString())
                .put("keep-previous", settings.keepPrevious());
    }

    static Course.Settings settings(JsonNode json) {
        var outputs = new ArrayList<Output>();
        for (var each : json.get("outputs").properties())
            outputs.add(new Output(each.getKey(), OutputKind.read(each.getValue())));
        return new Course.Settings(
                of(Policy.Case.class, json.get("case").stringValue()),
                of(Plan.Strategy.class, json.get("strategy").stringValue()),
                outputs,
                json.get("shadow-share").doubleValue(),
                Duration.parse(json.get("truth-within").stringValue()),
                Duration.parse(json.get("join-within").stringValue()),
                json.get("keep-previous").booleanValue());
    }

    static Map<String, String> versions(JsonNode json) {
        var versions = new LinkedHashMap<String, String>();
        for (var each : json.properties()) versions.put(each.getKey(), each.getValue().asString());
        return versions;
    }

    /// `blue-green`.
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E of(Class<E> kind, String word) {
        return Enum.valueOf(kind, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static List<String> texts(JsonNode json) {
        var texts = new ArrayList<String>();
        Optional.ofNullable(json).ifPresent(all -> all.forEach(each -> texts.add(each.asString())));
        return List.copyOf(texts);
    }
}
