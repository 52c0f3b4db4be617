package dev.davy.review;

import dev.davy.schema.ColumnType;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.strict.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Cases as JSON: as a reviewer may see them, which is without what is gold and, where they are not
/// to be swayed, without what the model said.
final class ReviewJson {
    private ReviewJson() {}

    /// @param sees whether the model's answer is shown
    static ObjectNode of(
            Review review, Policy policy, Schema schema, List<Output> outputs, boolean sees) {
        var json =
                Json.object()
                        .put("prediction", review.prediction().toString())
                        .put("endpoint", review.endpoint())
                        .put("version", review.version())
                        .put("level", review.level())
                        .put("state", review.state().word())
                        .put("created", review.created().toString());
        // Why it came tells how sure the model is.
        if (sees || review.state() != Review.State.OPEN) json.put("reason", review.reason());
        if (!review.slice().isEmpty()) json.put("slice", review.slice());
        review.due().ifPresent(due -> json.put("due", due.toString()));
        json.put("escalated", review.escalated())
                .put("judgements", review.given())
                .put("wanted", review.wanted())
                .put("tie", review.isTie());
        json.set("input", review.detail().path("input"));
        var content = Json.array();
        for (var column : schema.columns()) {
            var kind = column.type();
            if ((kind == ColumnType.IMAGE || kind == ColumnType.AUDIO)
                    && review.detail()
                            .path("input")
                            .path(column.name())
                            .path("kept")
                            .asBoolean(false))
                content.add(
                        Json.object()
                                .put("column", column.name())
                                .put("type", kind.word())
                                .put(
                                        "href",
                                        "/endpoints/"
                                                + review.endpoint()
                                                + "/predictions/"
                                                + review.prediction()
                                                + "/content/"
                                                + column.name()));
        }
        json.set("content", content);
        json.put("sees-answer", sees);
        if (sees) json.set("answer", answer(review));
        if (!outputs.isEmpty()) {
            var output = outputs.getFirst();
            json.put("output", output.name()).put("kind", kind(output.kind()));
            var classes = Json.array();
            classes(output.kind()).forEach(classes::add);
            json.set("classes", classes);
        }
        policy.instructions()
                .ifPresent(of ->
                        json.set(
                                "instructions",
                                Json.object().put("version", of.version()).put("text", of.text())));
        review.outcome()
                .ifPresent(outcome -> {
                    var decision =
                            Json.object()
                                    .put("by", outcome.by())
                                    .put("at", outcome.at().toString());
                    decision.set("output", outcome.output());
                    json.set("decision", decision);
                });
        return json;
    }

    private static ObjectNode answer(Review review) {
        var answer = Json.object();
        answer.set("output", review.answer());
        review.confidence().ifPresent(confidence -> answer.put("confidence", confidence));
        for (var component : review.detail().path("components"))
            if (component.has("scores")) answer.set("scores", component.get("scores"));
        return answer;
    }

    private static List<String> classes(OutputKind kind) {
        return switch (kind) {
            case OutputKind.Category(var classes) -> classes;
            case OutputKind.MultiLabel(var classes) -> classes;
            case OutputKind.Boxes(var classes) -> classes;
            case OutputKind.Number _,
                    OutputKind.Text _,
                    OutputKind.Ranking _,
                    OutputKind.Vector _ ->
                    List.of();
        };
    }

    private static String kind(OutputKind kind) {
        return switch (kind) {
            case OutputKind.Category _ -> "category";
            case OutputKind.MultiLabel _ -> "multi-label";
            case OutputKind.Number _ -> "number";
            case OutputKind.Text _ -> "text";
            case OutputKind.Boxes _ -> "boxes";
            case OutputKind.Ranking _ -> "ranking";
            case OutputKind.Vector _ -> "vector";
        };
    }
}
