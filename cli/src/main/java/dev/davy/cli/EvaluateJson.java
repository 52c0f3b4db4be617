package dev.davy.cli;

import dev.davy.data.Finding;
import dev.davy.stats.quality.Figure;
import dev.davy.strict.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An evaluation as JSON: every figure with its interval and its definition.
final class EvaluateJson {
    private EvaluateJson() {}

    static ObjectNode of(EvaluateShown shown, List<Finding> findings) {
        var judged = shown.judged;
        var models = shown.models;
        var evaluation = shown.evaluation;
        var json =
                Json.object()
                        .put("file", shown.file)
                        .put("kind", judged.kind().name().toLowerCase(Locale.ROOT))
                        .put("rows", judged.size())
                        .put("without_truth", judged.withoutTruth())
                        .put("without_prediction", judged.withoutPrediction());
        var ofModels = Json.array();
        for (int model = 0; model < models.size(); model++) {
            var each = Json.object().put("prediction", judged.predictions().get(model));
            each.set("figures", figures(models.get(model)));
            ofModels.add(each);
        }
        json.set("models", ofModels);
        var classes = Json.object();
        evaluation.perClass().forEach((name, of) -> classes.set(name, figures(of)));
        json.set("classes", classes);
        shown.scored.ifPresent(each -> {
            var score = Json.object().put("about", each.about());
            score.set("figures", figures(evaluation.figures(each)));
            json.set("score", score);
        });
        var sliced = Json.array();
        for (var slice : shown.slices) {
            var each =
                    Json.object()
                            .put("slice", slice.name())
                            .put("rows", slice.rows())
                            .put("worse", slice.worse());
            each.set("figures", figures(slice.figures()));
            sliced.add(each);
        }
        json.set("slices", sliced);
        if (shown.two()) json.set("gap", figure(evaluation.gap(shown.groups)));
        shown.groups.ifPresent(each -> json.set("groups", each.json()));
        json.set("findings", TableOptions.json(findings));
        return json;
    }

    static ArrayNode figures(List<Figure> figures) {
        var all = Json.array();
        for (var figure : figures) all.add(figure(figure));
        return all;
    }

    static ObjectNode figure(Figure figure) {
        var json = Json.object().put("name", figure.name());
        if (figure.value().isPresent()) json.put("value", figure.value().getAsDouble());
        else json.putNull("value");
        figure.interval()
                .ifPresent(i ->
                        json.put("low", i.low())
                                .put("high", i.high())
                                .put("confidence", i.confidence())
                                .put("method", i.method()));
        return json.put("count", figure.count()).put("definition", figure.definition());
    }
}
