package dev.davy.monitoring.pipeline;

import dev.davy.strict.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What was found as JSON: the verdict first, in a word, in a sentence, and in numbers.
final class AttributionJson {
    /// Columns that did not move are many, and say little.
    private static final int QUIET_MOST = 50;

    private AttributionJson() {}

    static ObjectNode of(Attribution found) {
        var json = Json.object().put("endpoint", found.asked().endpoint());
        json.set("verdict", verdict(found.finding().verdict()));
        json.set("stretch", stretch(found.asked().stretch(), found.now()));
        var reference = stretch(found.asked().reference(), found.then());
        reference
                .put("left-out-for-it-stood-otherwise", found.otherwise())
                .put("epoch", found.stoodThen().epoch())
                .put("since", found.stoodThen().since().toString());
        json.set("reference", reference);
        var parts = json.putArray("components");
        for (var part : found.finding().parts()) parts.add(part(part));
        json.set("input", moved(found.finding().input()));
        json.set("reference-components-say", moved(found.finding().again()));
        return json.put("needed", found.finding().needed())
                .put("seed", found.asked().seed())
                .put("false-verdicts", Judge.LEVEL)
                .put("took-ms", found.took().toMillis());
    }

    static ObjectNode verdict(Verdict verdict) {
        var json = Json.object().put("is", word(verdict)).put("says", Sentence.of(verdict));
        switch (verdict) {
            case Verdict.ComponentChanged changed -> json.put("component", changed.name());
            case Verdict.Several(var all) -> {
                var list = json.putArray("all");
                for (var each : all) list.add(verdict(each));
            }
            case Verdict.TooEarly(var needed) -> json.put("needed", needed);
            case Verdict.InputDrifted(var moved) -> json.put("most", moved.getFirst().what());
            case Verdict.Nothing _, Verdict.Unexplained _ -> {}
        }
        return json;
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Nothing _ -> "nothing";
            case Verdict.InputDrifted _ -> "input-drifted";
            case Verdict.ComponentChanged _ -> "component-changed";
            case Verdict.Several _ -> "several";
            case Verdict.Unexplained _ -> "unexplained";
            case Verdict.TooEarly _ -> "too-early";
        };
    }

    private static ObjectNode stretch(Stretch stretch, Attribution.Drawing drawing) {
        var json =
                Json.object()
                        .put("from", stretch.from().toString())
                        .put("to", stretch.to().toString())
                        .put("predictions", drawing.predictions())
                        .put("failed", drawing.failed())
                        .put("inputs-not-kept", drawing.notKept())
                        .put("compared", drawing.measured())
                        .put("asked-again", drawing.again());
        json.set("agree-as-a-whole", agreement(drawing.whole()));
        return json;
    }

    private static ObjectNode part(Finding.Part part) {
        var of = part.of();
        var json =
                Json.object()
                        .put("name", of.name())
                        .put("changed", part.changed())
                        .put("reference-version", of.versionThen())
                        .put("version", of.versionNow())
                        .put("declared-otherwise", of.declaredOtherwise())
                        .put("answered", of.answered());
        json.set("agrees", agreement(of.now()));
        json.set("agreed-in-reference", agreement(of.then()));
        json.set("output", moved(part.output()));
        return json;
    }

    private static ObjectNode agreement(Agreement agreement) {
        var json = Json.object().put("rows", agreement.agreed()).put("of", agreement.of());
        if (agreement.of() == 0) return json;
        var interval = agreement.interval();
        return json.put("share", agreement.share())
                .put("low", interval.low())
                .put("high", interval.high());
    }

    private static ArrayNode moved(List<Moved> all) {
        var list = Json.array();
        int quiet = 0;
        for (var each : all) {
            if (!each.drifted() && ++quiet > QUIET_MOST) break;
            list.add(
                    Json.object()
                            .put("what", each.what())
                            .put("drifted", each.drifted())
                            .put("size", each.size())
                            .put("p-value-adjusted", each.p())
                            .put("before", each.before())
                            .put("now", each.now()));
        }
        return list;
    }
}
