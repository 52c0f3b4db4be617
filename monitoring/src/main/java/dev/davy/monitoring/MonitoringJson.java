package dev.davy.monitoring;

import dev.davy.strict.Json;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/// Alarms and health as JSON.
final class MonitoringJson {
    private MonitoringJson() {}

    static ObjectNode alarm(Alarm alarm) {
        var json = Json.object();
        json.put("id", alarm.id().toString());
        json.put("group", alarm.group().toString());
        json.put("endpoint", alarm.endpoint());
        json.put("monitor", alarm.monitor());
        json.put("watch", alarm.watch());
        json.put("severity", alarm.severity().word());
        json.put("state", alarm.state().word());
        json.put("since", alarm.since().toString());
        json.put("until", alarm.until().toString());
        json.put("opened", alarm.opened().toString());
        alarm.fired().ifPresent(at -> json.put("fired", at.toString()));
        alarm.ended().ifPresent(at -> json.put("ended", at.toString()));
        json.put("windows", alarm.bad());
        put(json, "value", alarm.value());
        json.put("why", alarm.why());
        json.set("detail", alarm.detail());
        if (!alarm.owner().isEmpty()) json.put("owner", alarm.owner());
        if (!alarm.note().isEmpty()) json.put("note", alarm.note());
        alarm.silenced().ifPresent(at -> json.put("silenced", at.toString()));
        json.put("revision", alarm.revision());
        return json;
    }

    static void put(ObjectNode json, String name, OptionalDouble value) {
        if (value.isPresent() && Double.isFinite(value.getAsDouble()))
            json.put(name, value.getAsDouble());
    }

    static ObjectNode health(Health health) {
        var json = Json.object();
        json.put("from", health.from().toString());
        json.put("to", health.to().toString());
        health.reference()
                .ifPresent(stretch ->
                        json.putObject("reference")
                                .put("from", stretch.from().toString())
                                .put("to", stretch.to().toString()));
        health.judged().ifPresent(at -> json.put("judged", at.toString()));
        json.put("drift", health.drift().word());
        var alarms = json.putArray("alarms");
        for (var alarm : health.alarms()) alarms.add(alarm(alarm));
        var quality = json.putArray("quality");
        for (var output : health.quality()) quality.add(output(output));
        var deciders = health.deciders();
        if (deciders.rows() > 0) {
            var decided = json.putObject(Deciders.COLUMN);
            for (var who : Deciders.WORDS) put(decided, who, deciders.share(who));
            decided.put("rows", deciders.rows());
        }
        json.put("orphans", health.orphans());
        return json;
    }

    private static ObjectNode output(Health.Output output) {
        var json = Json.object();
        json.put("output", output.name());
        json.put("figure", output.figure());
        put(json, "realised", output.realised());
        output.interval()
                .ifPresent(interval ->
                        json.putObject("interval")
                                .put("low", interval.low())
                                .put("high", interval.high())
                                .put("confidence", interval.confidence())
                                .put("method", interval.method()));
        json.put(
                "of",
                output.matured() >= 1
                        ? "all cases"
                        : output.weighted() ? "weighted cases" : "the labelled cases only");
        put(json, "normal", output.normal());
        put(json, "estimated", output.estimated());
        put(json, "estimated-on-matured", output.estimatedOnMatured());
        var baselines = json.putObject("baselines");
        put(baselines, "unchanged", output.unchanged());
        put(baselines, "commonest", output.commonest());
        json.put("predictions", output.predictions());
        json.put("outcomes", output.outcomes());
        json.put("matured", output.matured());
        output.delay().ifPresent(delay -> json.put("delay-p90", delay.toMillis() / 1e3));
        return json;
    }

    static ObjectNode said(Said said) {
        var json = Json.object();
        json.put("monitor", said.monitor());
        json.put("window", said.start().toString());
        json.put("verdict", said.verdict());
        put(json, "value", said.value());
        if (!said.why().isEmpty()) json.put("why", said.why());
        json.put("windows", said.windows());
        json.put("bad", said.bad());
        json.put("alarms", said.alarms());
        return json;
    }
}
