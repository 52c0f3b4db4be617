package dev.davy.runtime;

import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a model file alone says of columns and outputs, where no descriptor does.
final class Guess {
    private static final int MOST_AXES = 8;
    private static final int MOST_TEXTS = 64;
    private static final int MOST_CLASSES = 10_000;

    private Guess() {}

    /// One column for an input tensor.
    static void input(TensorSpec spec, Map<String, Feed> feeds, Map<String, Column> columns) {
        var name = unique(spec.columnName(), columns);
        var row = rowShape(spec);
        if (isScalar(spec)) {
            columns.put(name, Column.of(name, type(spec.datatype())));
            feeds.put(
                    spec.name(),
                    new Feed.Scalar(spec.name(), new Feed.Source(name, Optional.empty())));
            return;
        }
        if (spec.datatype() == Datatype.BYTES) {
            texts(spec, row, feeds, columns);
            return;
        }
        if (row.size() > MOST_AXES) return;
        columns.put(
                name,
                new Column(
                        name,
                        ColumnType.VECTOR,
                        true,
                        List.of(),
                        LogPolicy.KEEP,
                        row,
                        Optional.empty(),
                        Optional.empty()));
        feeds.put(spec.name(), new Feed.Vector(spec.name(), name));
    }

    /// No column holds several texts, so each gets one of its own; of as many as one likes, one.
    private static void texts(
            TensorSpec spec, List<Long> row, Map<String, Feed> feeds, Map<String, Column> columns) {
        if (row.size() != 1 || row.getFirst() == 0 || row.getFirst() > MOST_TEXTS) return;
        long texts = Math.max(1, row.getFirst());
        var sources = new ArrayList<Feed.Source>();
        for (int at = 1; at <= texts; at++) {
            var name = unique(spec.columnName() + (texts == 1 ? "" : "_" + at), columns);
            columns.put(name, Column.of(name, ColumnType.TEXT));
            sources.add(new Feed.Source(name, Optional.empty()));
        }
        feeds.put(spec.name(), new Feed.Features(spec.name(), sources));
    }

    private static boolean isScalar(TensorSpec spec) {
        return spec.shape().size() <= 1
                        && (spec.shape().isEmpty() || Math.abs(spec.shape().getFirst()) == 1)
                || spec.shape().size() == 2 && spec.leads() && spec.shape().get(1) == 1;
    }

    private static String unique(String name, Map<String, ?> taken) {
        var free = name;
        for (int at = 2; taken.containsKey(free); at++) free = name + "_" + at;
        return free;
    }

    static ColumnType type(Datatype datatype) {
        return switch (datatype) {
            case BYTES -> ColumnType.CATEGORY;
            case BOOL -> ColumnType.BOOLEAN;
            case FP16, BF16, FP32, FP64 -> ColumnType.NUMBER;
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> ColumnType.INTEGER;
        };
    }

    /// The axes of one row: all but a leading one that varies or is 1; at least one axis.
    static List<Long> rowShape(TensorSpec spec) {
        var shape = spec.shape();
        boolean batch = shape.size() > 1 && (shape.getFirst() == -1 || shape.getFirst() == 1);
        var row = batch ? shape.subList(1, shape.size()) : shape;
        return row.isEmpty() ? List.of(1L) : List.copyOf(row);
    }

    /// Elements of one row of an output; -1 when they vary.
    static int size(TensorSpec spec) {
        long product = 1;
        for (int axis = 0; axis < spec.shape().size(); axis++) {
            long length = spec.shape().get(axis);
            if (axis == 0 && length == -1) continue;
            if (length < 0) return -1;
            product *= length;
        }
        return (int) Math.min(product, Integer.MAX_VALUE);
    }

    /// All outputs: label and scores of a classifier as one category, every other tensor by itself.
    static void outputs(
            List<TensorSpec> specs, Inspection inspection, List<Take> takes, List<Output> kinds) {
        var used = new HashSet<String>();
        var label = specs.stream().filter(s -> isLabel(s, inspection)).findFirst();
        var scores = specs.stream().filter(s -> isScores(s, inspection)).findFirst();
        if (label.isPresent() || scores.isPresent()) {
            category(label, scores, inspection, takes);
            label.ifPresent(s -> used.add(s.name()));
            scores.ifPresent(s -> used.add(s.name()));
        }
        for (var spec : specs)
            if (!used.contains(spec.name())) takes.add(one(spec, inspection, takes));
        for (var take : takes)
            kinds.add(new Output(take.output(), BundleReader.kind(take, size(take, specs))));
    }

    static int size(Take take, List<TensorSpec> specs) {
        if (!(take instanceof Take.Vector(_, var from, _))) return 1;
        return specs.stream()
                .filter(s -> s.name().equals(from))
                .mapToInt(Guess::size)
                .findFirst()
                .orElse(1);
    }

    private static boolean isLabel(TensorSpec spec, Inspection inspection) {
        return inspection.classes().containsKey(spec.name()) && !spec.datatype().isFloat();
    }

    private static boolean isScores(TensorSpec spec, Inspection inspection) {
        return inspection.classes().containsKey(spec.name()) && spec.datatype().isFloat();
    }

    private static void category(
            Optional<TensorSpec> label,
            Optional<TensorSpec> scores,
            Inspection inspection,
            List<Take> takes) {
        var named = label.or(() -> scores).orElseThrow().name();
        var classes = inspection.classes().getOrDefault(named, List.of());
        var name = named.startsWith("output_") ? named.substring("output_".length()) : named;
        takes.add(
                new Take.Category(
                        outputName(label.isPresent() ? name : "label", takes),
                        classes,
                        label.map(TensorSpec::name),
                        scores.map(TensorSpec::name),
                        places(classes.size()),
                        classes,
                        Take.Activation.NONE,
                        Take.OverFrames.MEAN));
    }

    static List<Integer> places(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static Take one(TensorSpec spec, Inspection inspection, List<Take> takes) {
        var name = outputName(spec.name(), takes);
        int size = size(spec);
        if (spec.datatype() == Datatype.BYTES) return new Take.Text(name, spec.name());
        if (size == 1)
            return new Take.Number(name, spec.name(), 0, Take.Activation.NONE, Take.OverFrames.MAX);
        boolean probabilities =
                inspection.softmax().contains(spec.name())
                        && spec.shape().size() == 2
                        && size >= 2
                        && size <= MOST_CLASSES;
        if (!probabilities) return new Take.Vector(name, spec.name(), Take.OverFrames.MAX);
        var classes = places(size).stream().map(String::valueOf).toList();
        return new Take.Category(
                name,
                classes,
                Optional.empty(),
                Optional.of(spec.name()),
                places(size),
                classes,
                Take.Activation.NONE,
                Take.OverFrames.MEAN);
    }

    private static String outputName(String tensor, List<Take> taken) {
        var name = TensorSpec.columnName(tensor);
        var used = new ArrayList<String>();
        taken.forEach(t -> used.add(t.output()));
        var free = name;
        for (int at = 2; used.contains(free); at++) free = name + "_" + at;
        return free;
    }

    /// What the confidence of an answer means; empty when it has none.
    static String confidence(List<Take> takes, Inspection inspection) {
        for (var take : takes)
            if (take instanceof Take.Category category && category.scores().isPresent()) {
                boolean zipped = inspection.classes().containsKey(category.scores().get());
                boolean soft = inspection.softmax().contains(category.scores().get());
                return switch (category.activation()) {
                    case SOFTMAX -> "softmax probability of the answer; not calibrated";
                    case SIGMOID -> "logistic function of the answer's score; not calibrated";
                    case NONE ->
                            soft
                                    ? "softmax probability of the answer; not calibrated"
                                    : zipped
                                            ? "probability of the answer as the model gives it; not calibrated"
                                            : "score of the answer as the model gives it";
                };
            }
        return "";
    }
}
