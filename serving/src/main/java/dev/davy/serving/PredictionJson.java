package dev.davy.serving;

import dev.davy.schema.Schema;
import dev.davy.strict.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Predictions as JSON: of the log for those who read it, and of an answer for who asked.
public final class PredictionJson {
    private PredictionJson() {}

    /// A logged prediction.
    ///
    /// @param schema names its inputs; without it they are numbered
    public static ObjectNode logged(Prediction prediction, Optional<Schema> schema) {
        var json =
                Json.object()
                        .put("type", "prediction")
                        .put("id", prediction.id().toString())
                        .put("request", prediction.request())
                        .put("endpoint", prediction.endpoint())
                        .put("schema", String.format("%016x", prediction.schema()))
                        .put("epoch", prediction.epoch());
        prediction.entity().ifPresent(entity -> json.put("entity", entity));
        json.put("event-time", prediction.eventTime().toString())
                .put("received", prediction.received().toString())
                .put("origin", prediction.origin().word())
                .put("arm-assigned", prediction.assigned().word())
                .put("arm", prediction.arm().word())
                .put("version", prediction.version());
        var input = Json.object();
        for (int i = 0; i < prediction.inputs().size(); i++) {
            int place = i;
            var name =
                    schema.filter(of -> place < of.columns().size())
                            .map(of -> of.columns().get(place).name())
                            .orElse("#" + place);
            input.set(name, value(prediction.inputs().get(i)));
        }
        json.set("input", input);
        if (prediction.inputsKeptWith() < 1)
            json.put("inputs-kept-with", number(prediction.inputsKeptWith()));
        var components = Json.array();
        for (var answer : prediction.answers()) components.add(component(answer));
        json.set("components", components);
        var decision = Json.object();
        decision.set("output", values(prediction.decision().outputs()));
        put(decision, "confidence", prediction.decision().confidence());
        decision.put("by", prediction.decision().by())
                .put("reason", prediction.decision().reason());
        prediction.decision().failure().ifPresent(failure -> decision.put("failure", failure));
        put(decision, "asked", prediction.asked());
        json.set("decision", decision);
        if (prediction.origin() != Origin.EXTERNAL)
            prediction.extra().forEach((key, text) -> json.put(key, text));
        return json;
    }

    /// What a shadow said of a prediction, from the log.
    public static ObjectNode shadowed(Shadow shadow) {
        var json =
                Json.object()
                        .put("type", "shadow")
                        .put("prediction", shadow.prediction().toString())
                        .put("endpoint", shadow.endpoint())
                        .put("epoch", shadow.epoch());
        shadow.entity().ifPresent(entity -> json.put("entity", entity));
        json.put("received", shadow.received().toString()).put("version", shadow.version());
        json.set("live", values(shadow.live()));
        json.set("output", values(shadow.outputs()));
        put(json, "live-confidence", shadow.liveConfidence());
        put(json, "confidence", shadow.confidence());
        json.put("live-micros", shadow.liveNanos() / 1_000.0)
                .put("micros", shadow.nanos() / 1_000.0);
        shadow.failure().ifPresent(failure -> json.put("failure", failure));
        return json;
    }

    private static ObjectNode component(Prediction.ComponentAnswer answer) {
        var json = Json.object().put("name", answer.component()).put("version", answer.version());
        if (answer.digest() != 0) json.put("digest", String.format("%016x", answer.digest()));
        if (answer.skipped()) return json.put("skipped", true);
        json.put("micros", answer.nanos() / 1_000.0);
        answer.failure().ifPresent(failure -> json.put("failure", failure));
        json.set("output", values(answer.values()));
        if (!answer.scores().isEmpty()) json.set("scores", scores(answer.scores()));
        put(json, "confidence", answer.confidence());
        return json;
    }

    /// The answer to a row.
    public static ObjectNode answered(Predicted predicted) {
        var json =
                Json.object()
                        .put("id", predicted.id().toString())
                        .put("arm", predicted.arm().word())
                        .put("version", predicted.version());
        json.set("output", values(predicted.outputs()));
        if (!predicted.scores().isEmpty()) json.set("scores", scores(predicted.scores()));
        put(json, "confidence", predicted.confidence());
        predicted
                .review()
                .ifPresent(review ->
                        json.set(
                                "review",
                                Json.object()
                                        .put("state", review.waits() ? "open" : "answered")
                                        .put("why", review.why())
                                        .put("by", review.by())));
        return json;
    }

    private static ObjectNode scores(Map<String, double[]> scores) {
        var json = Json.object();
        scores.forEach((output, each) -> {
            var list = Json.array();
            for (double score : each) list.add(finite(score));
            json.set(output, list);
        });
        return json;
    }

    private static ObjectNode values(Map<String, ? extends @Nullable Object> values) {
        var json = Json.object();
        values.forEach((name, value) -> json.set(name, value(value)));
        return json;
    }

    /// A value as JSON; NaN and infinities, which JSON has not, become null.
    public static JsonNode value(@Nullable Object value) {
        return switch (value) {
            case null -> Json.tree(Optional.empty());
            case Prediction.Numbers numbers -> {
                var list = Json.array();
                for (var number : numbers.values()) list.add(number(number, numbers.datatype()));
                yield list;
            }
            case Prediction.Summary summary -> {
                var json =
                        Json.object()
                                .put("content-type", summary.contentType())
                                .put("bytes", summary.length())
                                .put("digest", String.format("%016x", summary.digest()))
                                .put("kept", summary.kept());
                if (summary.keptWith() < 1) json.put("kept-with", number(summary.keptWith()));
                summary.measured().forEach((name, number) -> json.set(name, finite(number)));
                yield json;
            }
            case Prediction.Hashed hashed -> Json.object().put("hash", hashed.hash());
            case Prediction.Withheld _ -> Json.object().put("withheld", true);
            case float[] floats -> {
                var list = Json.array();
                for (float each : floats)
                    list.add(Float.isFinite(each) ? finite(number(each)) : finite(each));
                yield list;
            }
            case Double number -> finite(number);
            case JsonNode json -> json;
            case Instant instant -> Json.tree(instant.toString());
            case List<?> list -> Json.tree(list);
            default -> Json.tree(value);
        };
    }

    private static JsonNode number(Number number, String datatype) {
        if (number instanceof Float single)
            return Float.isFinite(single) ? Json.tree(number(single)) : finite(single);
        if (number instanceof Double twice) return finite(twice);
        if (datatype.equals("UINT64"))
            return Json.tree(new java.math.BigInteger(Long.toUnsignedString(number.longValue())));
        return Json.tree(number.longValue());
    }

    /// The shortest decimal that means this float, so that 0.1f is not shown as 0.10000000149.
    private static double number(float single) {
        return Double.parseDouble(Float.toString(single));
    }

    private static JsonNode finite(double number) {
        return Double.isFinite(number) ? Json.tree(number) : Json.tree(Optional.empty());
    }

    private static void put(ObjectNode json, String field, OptionalDouble number) {
        if (number.isPresent() && Double.isFinite(number.getAsDouble()))
            json.put(field, number((float) number.getAsDouble()));
    }
}
