package dev.davy.archive;

import dev.davy.serving.Prediction;
import dev.davy.serving.Prediction.ComponentAnswer;
import dev.davy.serving.Prediction.Hashed;
import dev.davy.serving.Prediction.Numbers;
import dev.davy.serving.Prediction.Summary;
import dev.davy.serving.Prediction.Withheld;
import dev.davy.serving.PredictionJson;
import dev.davy.storage.Position;
import dev.davy.strict.Json;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A prediction on its way into a file, with the digests of its large inputs as they come.
final class PredictionRow {
    private final Position at;
    private final Prediction prediction;
    private final Layout layout;
    private final Map<String, String> blobs = new HashMap<>(2);
    private final Map<String, @Nullable Object> misfits = new LinkedHashMap<>(2);

    PredictionRow(Position at, Prediction prediction, Layout layout) {
        this.at = at;
        this.prediction = prediction;
        this.layout = layout;
    }

    Prediction prediction() {
        return prediction;
    }

    Layout layout() {
        return layout;
    }

    Position at() {
        return at;
    }

    /// An input's content lies in `blobs/` under this digest.
    void blob(String column, String digest) {
        blobs.put(column, digest);
    }

    /// How many inputs' contents are still to come.
    boolean awaitsBlobs() {
        long kept =
                prediction.inputs().stream()
                        .filter(value -> value instanceof Summary summary && summary.kept())
                        .count();
        return blobs.size() < kept;
    }

    void write(Sheet sheet) throws SQLException {
        sheet.text(prediction.id().toString());
        sheet.text(prediction.request());
        sheet.text(prediction.entity().orElse(null));
        sheet.time(prediction.eventTime());
        sheet.time(prediction.received());
        sheet.text(prediction.origin().word());
        sheet.integer(prediction.epoch());
        sheet.text(prediction.assigned().word());
        sheet.text(prediction.arm().word());
        sheet.text(prediction.version());
        long nanos = 0;
        for (var answer : prediction.answers()) nanos += answer.nanos();
        sheet.number(nanos / 1e6);
        sheet.text(prediction.decision().by());
        sheet.text(prediction.decision().reason());
        sheet.text(prediction.decision().failure().orElse(null));
        sheet.number(prediction.decision().confidence());
        sheet.number(prediction.asked());
        sheet.number(prediction.inputsKeptWith());
        for (var field : layout.fields()) field(sheet, field);
        components(sheet);
        sheet.text(extra());
        sheet.small(at.node());
        sheet.integer(at.epoch());
        sheet.integer(at.offset());
    }

    private void field(Sheet sheet, Field field) throws SQLException {
        var value =
                switch (field.of()) {
                    case OUTPUT -> prediction.decision().outputs().get(field.source());
                    case INPUT, INFO -> input(field.index());
                    case BLOB -> blobs.get(field.source());
                };
        if (field.of() == Field.Of.INFO) {
            sheet.text(value instanceof Summary ? Json.text(PredictionJson.value(value)) : null);
            return;
        }
        cell(sheet, field, value instanceof Hashed hashed ? hashed.hash() : value);
    }

    private @Nullable Object input(int index) {
        return index < prediction.inputs().size() ? prediction.inputs().get(index) : null;
    }

    private void cell(Sheet sheet, Field field, @Nullable Object value) throws SQLException {
        if (value == null || value instanceof Withheld || value instanceof Summary) {
            sheet.missing();
            return;
        }
        switch (field.type()) {
            case "DOUBLE" -> {
                if (value instanceof Number number) sheet.number(number.doubleValue());
                else misfit(sheet, field, value);
            }
            case "BIGINT" -> {
                if (value instanceof Long number) sheet.integer(number);
                else misfit(sheet, field, value);
            }
            case "BOOLEAN" -> {
                if (value instanceof Boolean flag) sheet.flag(flag);
                else misfit(sheet, field, value);
            }
            case "TIMESTAMPTZ" -> {
                if (value instanceof Instant instant) sheet.time(instant);
                else misfit(sheet, field, value);
            }
            case "DOUBLE[]" -> {
                if (value instanceof Numbers numbers) sheet.list(doubles(numbers));
                else misfit(sheet, field, value);
            }
            case "VARCHAR[]" -> {
                if (value instanceof List<?> texts) sheet.list(texts);
                else misfit(sheet, field, value);
            }
            default -> {
                if (value instanceof String text) sheet.text(text);
                else if (field.isOutput()) sheet.text(Json.text(PredictionJson.value(value)));
                else misfit(sheet, field, value);
            }
        }
    }

    private static List<Double> doubles(Numbers numbers) {
        var doubles = new ArrayList<Double>(numbers.values().size());
        for (var number : numbers.values()) doubles.add(number.doubleValue());
        return doubles;
    }

    /// What does not fit its column is not lost: it goes into `extra`.
    private void misfit(Sheet sheet, Field field, Object value) throws SQLException {
        misfits.put(field.name(), value);
        sheet.missing();
    }

    private void components(Sheet sheet) throws SQLException {
        var list = new ArrayList<Map<String, @Nullable Object>>(prediction.answers().size());
        for (var answer : prediction.answers()) list.add(component(answer));
        sheet.list(list);
    }

    private static Map<String, @Nullable Object> component(ComponentAnswer answer) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        map.put("component", answer.component());
        map.put("version", answer.version());
        map.put("digest", "%016x".formatted(answer.digest()));
        map.put("latency_ms", answer.nanos() / 1e6);
        map.put("output", answer.values().isEmpty() ? null : json(answer.values()));
        map.put("scores", answer.scores().isEmpty() ? null : json(answer.scores()));
        map.put(
                "confidence",
                answer.confidence().isPresent() ? answer.confidence().getAsDouble() : null);
        map.put("skipped", answer.skipped());
        map.put("failure", answer.failure().orElse(null));
        return map;
    }

    private static String json(Map<String, ? extends Object> values) {
        var json = Json.object();
        values.forEach((name, value) -> {
            if (value instanceof double[] scores) {
                var list = Json.array();
                for (double score : scores) list.add(PredictionJson.value(score));
                json.set(name, list);
            } else json.set(name, PredictionJson.value(value));
        });
        return Json.text(json);
    }

    private @Nullable String extra() {
        var json = Json.object();
        prediction.extra().forEach(json::put);
        undeclared(json);
        misfits.forEach((name, value) -> json.set(name, PredictionJson.value(value)));
        return json.isEmpty() ? null : Json.text(json);
    }

    /// Inputs and outputs for which there is no column, because nobody declared them.
    private void undeclared(ObjectNode json) {
        Set<Integer> inputs = new HashSet<>();
        Set<String> outputs = new HashSet<>();
        for (var field : layout.fields())
            if (field.isOutput()) outputs.add(field.source());
            else inputs.add(field.index());
        for (int i = 0; i < prediction.inputs().size(); i++) {
            var value = prediction.inputs().get(i);
            if (value != null && !(value instanceof Withheld) && !inputs.contains(i))
                json.set("input #" + i, PredictionJson.value(value));
        }
        prediction
                .decision()
                .outputs()
                .forEach((name, value) -> {
                    if (!outputs.contains(name))
                        json.set("output_" + name, PredictionJson.value(value));
                });
    }
}
