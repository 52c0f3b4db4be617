package dev.davy.review;

import dev.davy.stats.quality.Figure;
import dev.davy.strict.Json;
import tools.jackson.databind.node.ObjectNode;

/// How much a model decides, and what that rests on, as JSON.
final class AutomationJson {
    private AutomationJson() {}

    static ObjectNode of(AutomationView view) {
        var state = view.state();
        var policy = state.policy();
        var json =
                Json.object()
                        .put("endpoint", state.endpoint())
                        .put("declared", policy.declared())
                        .put("level", state.level().word())
                        .put("desired", policy.level().word());
        state.since().ifPresent(since -> json.put("since", since.toString()));
        if (state.since().isPresent())
            json.put("who", state.who())
                    .put("why", state.why())
                    .put("stepped-down", state.stepped());
        var slices = Json.array();
        for (var each : state.slices())
            slices.add(
                    Json.object()
                            .put("where", each.where())
                            .put("level", each.level().word())
                            .put("desired", each.declared().word()));
        json.set("slices", slices);
        json.put("spot-check", policy.spotCheck());
        var queue = Json.object().put("open", view.open()).put("at-most", policy.queueMost());
        view.oldest().ifPresent(oldest -> queue.put("oldest", oldest.toString()));
        json.set("queue", queue);
        var thresholds = Json.array();
        for (var each : state.thresholds()) {
            var threshold = Json.object().put("version", each.version()).put("slice", each.slice());
            if (each.threshold().isPresent())
                threshold.put("threshold", each.threshold().getAsDouble());
            threshold.put("at", each.at().toString());
            threshold.setAll((ObjectNode) each.detail());
            threshold.put("says", each.detail().path("why").asString(""));
            thresholds.add(threshold);
        }
        json.set("thresholds", thresholds);
        evidence(json, view.evidence());
        return json;
    }

    private static void evidence(ObjectNode json, Evidences evidence) {
        json.put("version", evidence.version()).put("cases", evidence.cases());
        evidence.target().ifPresent(target -> json.put("target", target.text()));
        var curve = Json.array();
        evidence.curve()
                .ifPresent(of ->
                        of.points()
                                .forEach(point ->
                                        curve.add(
                                                Json.object()
                                                        .put("threshold", point.threshold())
                                                        .put("alone", point.alone())
                                                        .put("cases", point.cases())
                                                        .put("error", point.risk())
                                                        .put("low", point.interval().low())
                                                        .put("high", point.interval().high()))));
        json.set("curve", curve);
        var table = Json.array();
        for (var row : evidence.table().rows())
            table.add(
                    figure(row.figure())
                            .put("who", row.who().word())
                            .put("slice", row.slice())
                            .put("against", row.against().words()));
        json.set("table", table);
        var people = Json.array();
        for (var each : evidence.people()) people.add(person(each));
        json.set("people", people);
        var recommendation =
                Json.object()
                        .put("level", evidence.recommendation().level().word())
                        .put("why", evidence.recommendation().why());
        var missing = Json.array();
        evidence.recommendation().missing().forEach(missing::add);
        recommendation.set("missing", missing);
        json.set("recommendation", recommendation);
    }

    private static ObjectNode person(ReviewerFigures person) {
        var json =
                Json.object()
                        .put("reviewer", person.reviewer())
                        .put("cases", person.cases())
                        .put("cannot-tell", person.cannotTell());
        person.medianSeconds().ifPresent(seconds -> json.put("median-seconds", seconds));
        json.set("with-others", figure(person.withOthers()));
        json.set("with-model-before", figure(person.withModelBefore()));
        json.set("with-model-after", figure(person.withModelAfter()));
        person.bias()
                .ifPresent(bias ->
                        json.set(
                                "bias",
                                Json.object()
                                        .put("points", bias.value())
                                        .put("low", bias.interval().low())
                                        .put("high", bias.interval().high())));
        json.set("on-gold", figure(person.onGold()));
        return json;
    }

    private static ObjectNode figure(Figure figure) {
        var json = Json.object().put("cases", figure.count());
        figure.value().ifPresent(value -> json.put("figure", value));
        figure.interval()
                .ifPresent(
                        interval -> json.put("low", interval.low()).put("high", interval.high()));
        return json;
    }
}
