package dev.davy.demo.own;

import dev.davy.runtime.Bundle;
import dev.davy.schema.Column;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A `model.yaml` in the making, for a model that came without one: what its file says, with the
/// table's columns in the place of its tensors.
final class Descriptor {
    private final Bundle bundle;
    private final List<Column> columns = new ArrayList<>();
    private final Map<String, String> to = new HashMap<>();
    private final ObjectNode vectors = Json.object();
    private String before = "";

    Descriptor(Bundle bundle) {
        this.bundle = bundle;
    }

    /// One column feeds a tensor.
    void feeds(String tensor, Column column, boolean holes) {
        columns.add(column);
        to.put(column.name(), tensor);
    }

    /// Several columns feed one tensor.
    void feeds(String tensor, List<Column> several) {
        columns.addAll(several);
        var list = vectors.putArray(tensor);
        several.forEach(column -> list.add(column.name()));
    }

    /// Gives the output the name of the truth's column.
    String named(String output, String name) {
        before = output;
        return name;
    }

    /// The output's kind, where classes are now known of it.
    OutputKind kind(OutputKind kind, List<String> classes) {
        return classes.isEmpty() ? kind : new OutputKind.Category(classes);
    }

    ObjectNode json(String output, OutputKind kind) {
        var json = (ObjectNode) bundle.json();
        json.put("file", "model.onnx");
        var input = (ObjectNode) new Schema(columns).json().deepCopy();
        to.forEach((column, tensor) -> {
            if (!column.equals(tensor)) ((ObjectNode) input.get(column)).put("to", tensor);
        });
        json.set("input", input);
        json.remove("vector");
        if (!vectors.isEmpty()) json.set("vector", vectors);
        outputs(json, output, kind);
        return json;
    }

    private void outputs(ObjectNode json, String name, OutputKind kind) {
        var outputs = Json.object();
        for (var each : json.path("output").properties()) {
            if (!each.getKey().equals(before)) {
                outputs.set(each.getKey(), each.getValue());
                continue;
            }
            var of = (ObjectNode) each.getValue();
            outputs.set(
                    name,
                    kind instanceof OutputKind.Category(var classes) ? named(of, classes) : of);
        }
        json.set("output", outputs);
    }

    private static ObjectNode named(ObjectNode of, List<String> classes) {
        if (of.path("type").asString("").equals("vector")) {
            var scores = of.path("from").asString("");
            of.removeAll();
            // Scores without a softmax behind them are logits: that is how networks are exported.
            of.put("type", "category").put("scores", scores).put("activation", "softmax");
        }
        of.set("classes", Json.tree(classes));
        return of;
    }
}
