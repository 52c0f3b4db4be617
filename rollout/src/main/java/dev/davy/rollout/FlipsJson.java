package dev.davy.rollout;

import dev.davy.rollout.AskedAgain.Stretch;
import dev.davy.rollout.Flips.Share;
import dev.davy.serving.Cases;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionJson;
import dev.davy.serving.past.Logged;
import dev.davy.stats.quality.McNemar;
import dev.davy.stats.quality.Proportion;
import dev.davy.strict.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A comparison as callers see it.
final class FlipsJson {
    private static final double CONFIDENCE = 0.95;

    private FlipsJson() {}

    /// @param seen predictions of the stretch
    /// @param drawn the share of them that was asked
    static ObjectNode of(Flips flips, Stretch stretch, String with, long seen, double drawn) {
        var json =
                Json.object()
                        .put("endpoint", stretch.endpoint())
                        .put("with", with)
                        .put("since", stretch.from().toString())
                        .put("until", stretch.until().toString())
                        .put("seen", seen);
        if (drawn < 1) json.put("drawn", drawn);
        share(json, flips.all());
        json.put("failed", flips.failed())
                .put("inputs-not-kept", flips.withoutInputs())
                .put("without-answer", flips.withoutAnswer());
        json.set("answered-by", Json.tree(flips.byVersion()));
        json.set("kinds", kinds(flips.kinds()));
        var slices = json.putArray("slices");
        for (var slice : flips.slices()) {
            var one = slices.addObject().put("slice", slice);
            share(one, flips.bySlice().getOrDefault(slice, Share.NONE));
        }
        flips.right().ifPresent(right -> json.set("truth", right(right)));
        var list = json.putArray("flips");
        for (var flip : flips.last()) list.add(flip(flip));
        return json;
    }

    private static void share(ObjectNode json, Share share) {
        json.put("compared", share.compared()).put("flipped", share.flipped());
        if (share.compared() == 0) return;
        double flipped = share.flipped();
        double compared = share.compared();
        var interval = Proportion.wilson(flipped, compared, CONFIDENCE);
        json.put("share", flipped / compared)
                .putObject("interval")
                .put("lower", interval.low())
                .put("upper", interval.high())
                .put("confidence", CONFIDENCE);
    }

    private static JsonNode kinds(Map<Flips.Kind, Long> kinds) {
        var list = Json.array();
        kinds.entrySet().stream()
                .sorted(
                        Map.Entry.<Flips.Kind, Long>comparingByValue()
                                .reversed()
                                .thenComparing(
                                        each -> each.getKey().toString(),
                                        Comparator.naturalOrder()))
                .forEach(each ->
                        list.addObject()
                                .put("was", each.getKey().was())
                                .put("would-be", each.getKey().would())
                                .put("count", each.getValue().longValue()));
        return list;
    }

    /// Whom the truth proves right.
    static ObjectNode right(McNemar right) {
        return Json.object()
                .put(
                        "known",
                        right.both() + right.onlyFirst() + right.onlySecond() + right.neither())
                .put("both-right", right.both())
                .put("only-live-right", right.onlyFirst())
                .put("only-candidate-right", right.onlySecond())
                .put("neither-right", right.neither())
                .put("p", right.exact());
    }

    /// The same without what was asked in some predictions: they are erased. What was counted
    /// stays, which tells of nobody.
    static JsonNode without(JsonNode result, Collection<UUID> erased) {
        if (!(result instanceof ObjectNode object)) return result;
        var left = Json.array();
        int gone = 0;
        for (var flip : object.path("flips"))
            if (erased.contains(UUID.fromString(flip.path("prediction").asString()))) gone++;
            else left.add(flip);
        if (gone == 0) return result;
        var without = object.deepCopy();
        without.put("erased", object.path("erased").asInt() + gone);
        without.set("flips", left);
        return without;
    }

    private static ObjectNode flip(Flips.Flip flip) {
        var prediction = flip.logged().prediction();
        var json =
                Json.object()
                        .put("prediction", prediction.id().toString())
                        .put("at", prediction.received().toString())
                        .put("version", prediction.version())
                        .put("was", Shadows.shown(Cases.answer(prediction)))
                        .put("would-be", Flips.shown(flip.said()));
        Cases.confidence(prediction).ifPresent(of -> json.put("confidence", of));
        flip.said().confidence().ifPresent(of -> json.put("confidence-would-be", of));
        if (!flip.truth().isEmpty()) json.set("truth", Json.tree(flip.truth()));
        inputs(json, flip.logged());
        return json;
    }

    /// What was asked: values, and where the pictures and recordings are.
    static void inputs(ObjectNode json, Logged logged) {
        var prediction = logged.prediction();
        var input = json.putObject("input");
        var media = Json.array();
        for (int i = 0; i < prediction.inputs().size(); i++) {
            var name = i < logged.columns().size() ? logged.columns().get(i) : "#" + i;
            var is = prediction.inputs().get(i);
            input.set(name, PredictionJson.value(is));
            if (is instanceof Prediction.Summary summary && summary.kept() && isShown(summary))
                media.addObject()
                        .put("column", name)
                        .put("content-type", summary.contentType())
                        .put("href", href(prediction, name));
        }
        if (!media.isEmpty()) json.set("media", media);
    }

    private static boolean isShown(Prediction.Summary summary) {
        return summary.contentType().startsWith("image/")
                || summary.contentType().startsWith("audio/");
    }

    private static String href(Prediction prediction, String column) {
        return "/endpoints/%s/predictions/%s/content/%s"
                .formatted(segment(prediction.endpoint()), prediction.id(), segment(column));
    }

    private static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
