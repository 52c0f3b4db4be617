package dev.davy.monitoring;

import dev.davy.strict.Json;
import tools.jackson.databind.node.ObjectNode;

/// An incident as JSON.
final class IncidentJson {
    private IncidentJson() {}

    static ObjectNode of(Incident incident) {
        var json = Json.object();
        json.put("endpoint", incident.endpoint());
        json.put("from", incident.from().toString());
        json.put("to", incident.to().toString());
        json.put("made", incident.made().toString());
        var timeline = json.putArray("timeline");
        for (var each : incident.timeline())
            timeline.addObject()
                    .put("at", each.at().toString())
                    .put("kind", each.kind())
                    .put("what", each.what())
                    .put("who", each.who())
                    .put("why", each.why());
        var alarms = json.putArray("alarms");
        for (var each : incident.alarms()) alarms.add(MonitoringJson.alarm(each));
        var moved = json.putArray("moved");
        for (var each : incident.moved()) moved.add(shift(each));
        json.set("health", MonitoringJson.health(incident.health()));
        var versions = json.putArray("versions");
        for (var each : incident.versions())
            versions.addObject().put("arm", each.arm()).put("predictions", each.predictions());
        var recall = json.putObject("recall");
        recall.put("count", incident.recall().count());
        var stretches = recall.putArray("stretches");
        for (var each : incident.recall().stretches())
            stretches
                    .addObject()
                    .put("from", each.from().toString())
                    .put("to", each.to().toString());
        var ids = recall.putArray("ids");
        for (var each : incident.recall().ids()) ids.add(each.toString());
        return json;
    }

    private static ObjectNode shift(Incident.Shift shift) {
        var json = Json.object();
        json.put("watch", shift.watch());
        json.set("then", side(shift.then()));
        json.set("now", side(shift.now()));
        var bars = json.putArray("bars");
        for (var each : shift.bars())
            bars.addObject()
                    .put("from", each.from())
                    .put("to", each.to())
                    .put("then", each.then())
                    .put("now", each.now());
        var shares = json.putArray("shares");
        for (var each : shift.shares())
            shares.addObject()
                    .put("value", each.value())
                    .put("then", each.then())
                    .put("now", each.now());
        return json;
    }

    private static ObjectNode side(Incident.Side side) {
        var json = Json.object();
        json.put("from", side.from().toString());
        json.put("to", side.to().toString());
        json.put("rows", side.rows());
        MonitoringJson.put(json, "missing", side.missing());
        MonitoringJson.put(json, "p5", side.low());
        MonitoringJson.put(json, "p50", side.median());
        MonitoringJson.put(json, "p95", side.high());
        return json;
    }
}
