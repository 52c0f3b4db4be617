package dev.davy.runtime;

import dev.davy.schema.Column;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.strict.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a descriptor against what its model file says, and fills in what it leaves out.
final class BundleReader {
    private final Fields fields;
    private final Path model;
    private final Inspection inspection;

    private enum Batch {
        AUTO,
        OFF
    }

    BundleReader(Fields fields, Path model, Inspection inspection) {
        this.fields = fields;
        this.model = model;
        this.inspection = inspection;
    }

    Bundle read() {
        fields.optionalText("kind")
                .filter(kind -> !kind.equals("Model"))
                .ifPresent(kind -> fields.violation("kind", "must be Model, is '" + kind + "'"));
        fields.has("file");
        var about = fields.optionalText("about").orElse("");
        var signature = inspection.signature();
        var feeds = new LinkedHashMap<String, Feed>();
        var columns = new LinkedHashMap<String, Column>();
        states(feeds);
        new InputReader(fields, signature, feeds, columns).read();
        if (!fields.has("input") && !fields.has("vector")) {
            for (var input : signature.inputs())
                if (!feeds.containsKey(input.name())) Guess.input(input, feeds, columns);
        }
        for (var input : signature.inputs())
            if (!feeds.containsKey(input.name()))
                fields.violation(
                        "input",
                        "feeds nothing into the model's input '"
                                + input.name()
                                + "'; name a column like it, or say to: "
                                + input.name());
        var takes = new ArrayList<Take>();
        var kinds = new ArrayList<Output>();
        outputs(feeds, takes, kinds);
        var confidence =
                fields.optionalText("confidence")
                        .orElseGet(() -> Guess.confidence(takes, inspection));
        var isolation = fields.optionalChoice("isolation", Isolation.class).orElse(Isolation.AUTO);
        boolean batch =
                fields.optionalChoice("batch", Batch.class).orElse(Batch.AUTO) == Batch.AUTO;
        fields.done();
        return new Bundle(
                model,
                about,
                signature,
                new Schema(List.copyOf(columns.values())),
                kinds,
                confidence,
                isolation,
                batch,
                signature.inputs().stream().map(i -> feeds.get(i.name())).toList(),
                takes,
                inspection);
    }

    private void states(Map<String, Feed> feeds) {
        fields.map("state")
                .forEach((input, node) -> {
                    var output = node.isString() ? node.stringValue() : "";
                    var in = inspection.signature().input(input);
                    var out = inspection.signature().output(output);
                    if (in.isEmpty())
                        fields.violation("state." + input, "is no input of the model");
                    if (out.isEmpty())
                        fields.violation(
                                "state." + input,
                                "must name an output of the model, is '" + output + "'");
                    if (in.isEmpty() || out.isEmpty()) return;
                    var from = inspection.signature().outputs().get(out.getAsInt());
                    var into = inspection.signature().inputs().get(in.getAsInt());
                    if (from.datatype() != into.datatype() || into.datatype() == Datatype.BYTES)
                        fields.violation(
                                "state." + input,
                                "takes "
                                        + into.datatype()
                                        + ", '"
                                        + output
                                        + "' gives "
                                        + from.datatype());
                    feeds.put(input, new Feed.State(input, output));
                });
    }

    private void outputs(Map<String, Feed> feeds, List<Take> takes, List<Output> kinds) {
        var states = new HashSet<String>();
        for (var feed : feeds.values())
            if (feed instanceof Feed.State(_, var output)) states.add(output);
        var left =
                inspection.signature().outputs().stream()
                        .filter(o -> !states.contains(o.name()))
                        .toList();
        if (fields.has("output")) new OutputReader(fields, inspection, left).read(takes, kinds);
        else Guess.outputs(left, inspection, takes, kinds);
        boolean framed = feeds.values().stream().anyMatch(Feed.Frames.class::isInstance);
        for (var take : takes) if (framed) refuseOverFrames(take);
    }

    private void refuseOverFrames(Take take) {
        boolean unfit =
                switch (take) {
                    case Take.Boxes _, Take.Ranking _, Take.Text _ -> true;
                    case Take.Category category -> category.scores().isEmpty();
                    case Take.MultiLabel _, Take.Number _, Take.Vector _ -> false;
                };
        if (unfit)
            fields.violation(
                    "output." + take.output(),
                    "cannot be summed up over frames; only numbers, vectors and outputs with scores can");
    }

    /// For whoever reads outputs: the kind that a take gives.
    static OutputKind kind(Take take, int size) {
        return switch (take) {
            case Take.Category category -> new OutputKind.Category(category.classes());
            case Take.MultiLabel labels -> new OutputKind.MultiLabel(labels.classes());
            case Take.Number _ -> new OutputKind.Number();
            case Take.Text _ -> new OutputKind.Text();
            case Take.Vector _ -> new OutputKind.Vector(Math.max(1, size));
            case Take.Ranking _ -> new OutputKind.Ranking();
            case Take.Boxes boxes -> new OutputKind.Boxes(boxes.classes());
        };
    }
}
