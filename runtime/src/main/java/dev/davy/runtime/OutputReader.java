package dev.davy.runtime;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Reads `output:` of a descriptor: what an answer holds, and from which tensor.
final class OutputReader {
    private final Fields fields;
    private final Inspection inspection;
    private final List<TensorSpec> tensors;

    private enum Format {
        XYXY,
        XYWH
    }

    /// @param tensors those that are not state
    OutputReader(Fields fields, Inspection inspection, List<TensorSpec> tensors) {
        this.fields = fields;
        this.inspection = inspection;
        this.tensors = tensors;
    }

    void read(List<Take> takes, List<Output> kinds) {
        var outputs = fields.objectsByName("output");
        if (outputs.isEmpty()) fields.violation("output", "names no output");
        outputs.forEach((name, of) -> {
            if (name.isBlank()
                    || name.length() > 128
                    || name.chars().anyMatch(Character::isISOControl))
                of.violation(
                        "cannot be the name of an output: 1 to 128 characters without control characters");
            var type = of.optionalChoice("type", OutputKind.Name.class);
            if (type.isEmpty()) {
                if (!of.has("type")) of.violation("type", "is missing");
                return;
            }
            take(name, type.get(), of)
                    .ifPresent(take -> {
                        takes.add(take);
                        kinds.add(new Output(name, kind(take, of)));
                    });
        });
    }

    /// A vector may leave out its size where the file has it.
    private OutputKind kind(Take take, Fields of) {
        int size = Guess.size(take, tensors);
        var given = of.optionalInteger("size", 1, 1 << 20);
        if (take instanceof Take.Vector) {
            if (given.isPresent() && size > 0 && given.getAsLong() != size)
                of.violation(
                        "size",
                        "is " + given.getAsLong() + "; the tensor has " + size + " values a row");
            if (size < 1 && given.isEmpty() && !of.has("size"))
                of.violation("size", "is missing; the model's file does not say it");
            if (size < 1) size = (int) given.orElse(1);
        } else if (of.has("size")) of.violation("size", "is for vectors only");
        return BundleReader.kind(take, size);
    }

    private Optional<Take> take(String name, OutputKind.Name type, Fields of) {
        return switch (type) {
            case CATEGORY -> category(name, of);
            case MULTI_LABEL -> multiLabel(name, of);
            case NUMBER -> number(name, of);
            case TEXT ->
                    tensor(of, "from", s -> s.datatype() == Datatype.BYTES)
                            .map(s -> new Take.Text(name, s.name()));
            case VECTOR ->
                    tensor(of, "from", OutputReader::isNumeric)
                            .map(s ->
                                    new Take.Vector(
                                            name, s.name(), overFrames(of, Take.OverFrames.MAX)));
            case RANKING -> ranking(name, of);
            case BOXES -> boxes(name, of);
        };
    }

    private static boolean isNumeric(TensorSpec spec) {
        return spec.datatype() != Datatype.BYTES;
    }

    private static Take.OverFrames overFrames(Fields of, Take.OverFrames orElse) {
        return of.optionalChoice("over-frames", Take.OverFrames.class).orElse(orElse);
    }

    private static Take.Activation activation(Fields of) {
        return of.optionalChoice("activation", Take.Activation.class).orElse(Take.Activation.NONE);
    }

    /// The tensor that a field names; where it names none, the only one that will do.
    private Optional<TensorSpec> tensor(Fields of, String field, Predicate<TensorSpec> fits) {
        var named = of.optionalText(field);
        if (named.isPresent()) return named(of, field, named.get(), fits);
        var found = tensors.stream().filter(fits).toList();
        if (found.size() == 1) return Optional.of(found.getFirst());
        if (!of.has(field))
            of.violation(
                    field,
                    "is missing: name the tensor, one of "
                            + (found.isEmpty() ? tensors : found)
                                    .stream().map(TensorSpec::name).limit(20).toList());
        return Optional.empty();
    }

    private Optional<TensorSpec> named(
            Fields of, String field, String name, Predicate<TensorSpec> fits) {
        var spec = tensors.stream().filter(s -> s.name().equals(name)).findFirst();
        if (spec.isEmpty())
            of.violation(
                    field,
                    "names no output of the model: '"
                            + name
                            + "'; it has "
                            + tensors.stream().map(TensorSpec::name).limit(20).toList());
        else if (!fits.test(spec.get())) {
            of.violation(field, "'" + name + "' has the wrong type " + spec.get().datatype());
            return Optional.empty();
        }
        return spec;
    }

    private Optional<Take> number(String name, Fields of) {
        var spec = tensor(of, "from", OutputReader::isNumeric);
        int index = (int) of.optionalInteger("index", 0, 1 << 20).orElse(0);
        if (spec.isEmpty()) return Optional.empty();
        int size = Guess.size(spec.get());
        if (size >= 0 && index >= size)
            of.violation(
                    "index",
                    "is " + index + "; '" + spec.get().name() + "' has " + size + " values a row");
        if (size > 1 && !of.has("index"))
            of.violation(
                    "index",
                    "is missing: '" + spec.get().name() + "' has " + size + " values a row");
        return Optional.of(
                new Take.Number(
                        name,
                        spec.get().name(),
                        index,
                        activation(of),
                        overFrames(of, Take.OverFrames.MAX)));
    }

    private Optional<Take> ranking(String name, Fields of) {
        var classes = InputReader.classes(of);
        if (classes.isEmpty()) of.violation("classes", "is missing: the items that are ranked");
        return tensor(of, "scores", s -> s.datatype().isFloat())
                .filter(s -> sized(of, s, classes))
                .map(s -> new Take.Ranking(name, classes, s.name()));
    }

    private static boolean sized(Fields of, TensorSpec spec, List<String> classes) {
        int size = Guess.size(spec);
        if (size < 0 || size == classes.size()) return true;
        of.violation(
                "classes",
                "lists " + classes.size() + "; '" + spec.name() + "' has " + size + " scores");
        return false;
    }

    private Optional<Take> multiLabel(String name, Fields of) {
        var classes = InputReader.classes(of);
        if (classes.isEmpty()) of.violation("classes", "is missing");
        var activation = activation(of);
        double threshold = of.optionalNumber("threshold").orElse(0.5);
        return tensor(of, "scores", s -> s.datatype().isFloat())
                .filter(s -> sized(of, s, classes))
                .map(s ->
                        new Take.MultiLabel(
                                name,
                                classes,
                                s.name(),
                                activation,
                                threshold,
                                overFrames(of, Take.OverFrames.MAX)));
    }

    private Optional<Take> boxes(String name, Fields of) {
        var classes = InputReader.classes(of);
        var boxes = tensor(of, "boxes", s -> s.datatype().isFloat());
        var scores = tensor(of, "scores", s -> s.datatype().isFloat());
        var labels =
                of.optionalText("labels")
                        .flatMap(given -> named(of, "labels", given, OutputReader::isNumeric));
        if (classes.size() != 1 && labels.isEmpty() && !of.has("labels"))
            of.violation("labels", "is missing: the tensor with the number of each box's class");
        boolean corners =
                of.optionalChoice("format", Format.class).orElse(Format.XYXY) == Format.XYXY;
        boolean relative = of.flag("relative", false);
        double threshold = of.optionalNumber("threshold").orElse(0.5);
        if (boxes.isEmpty() || scores.isEmpty()) return Optional.empty();
        return Optional.of(
                new Take.Boxes(
                        name,
                        classes,
                        boxes.get().name(),
                        labels.map(TensorSpec::name),
                        scores.get().name(),
                        corners,
                        relative,
                        threshold));
    }

    private Optional<Take> category(String name, Fields of) {
        var given = InputReader.classes(of);
        var activation = activation(of);
        var overFrames = overFrames(of, Take.OverFrames.MEAN);
        var label =
                of.has("label") || !of.has("scores")
                        ? optional(of, "label", s -> !s.datatype().isFloat())
                        : Optional.<TensorSpec>empty();
        var scores =
                of.has("scores") || !of.has("label")
                        ? optional(of, "scores", s -> s.datatype().isFloat())
                        : Optional.<TensorSpec>empty();
        if (label.isEmpty() && scores.isEmpty()) {
            of.violation(
                    "scores",
                    "is missing: name the tensor with one score per class, or label: the one with the class");
            return Optional.empty();
        }
        var inFile = inFile(label, scores);
        var classes = given.isEmpty() ? named(of, inFile, scores) : given;
        boolean sigmoidOfTwo =
                classes.size() == 2
                        && activation != Take.Activation.SOFTMAX
                        && scores.map(s -> Guess.size(s) == 1).orElse(false);
        if (scores.isPresent() && !sigmoidOfTwo && !sized(of, scores.get(), classes))
            return Optional.empty();
        return Optional.of(
                new Take.Category(
                        name,
                        classes,
                        label.map(TensorSpec::name),
                        scores.map(TensorSpec::name),
                        order(of, classes, inFile),
                        values(classes, inFile, label),
                        activation,
                        overFrames));
    }

    /// The tensor that a field names; else the one that the file's own class labels point to, or
    /// the only one that will do.
    private Optional<TensorSpec> optional(Fields of, String field, Predicate<TensorSpec> fits) {
        var given = of.optionalText(field);
        if (given.isPresent()) return named(of, field, given.get(), fits);
        var fitting = tensors.stream().filter(fits).toList();
        var labelled =
                fitting.stream().filter(s -> inspection.classes().containsKey(s.name())).toList();
        if (labelled.size() == 1) return Optional.of(labelled.getFirst());
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }

    private List<String> inFile(Optional<TensorSpec> label, Optional<TensorSpec> scores) {
        return scores.map(s -> inspection.classes().get(s.name()))
                .or(() -> label.map(s -> inspection.classes().get(s.name())))
                .orElse(List.of());
    }

    private static List<String> named(Fields of, List<String> inFile, Optional<TensorSpec> scores) {
        if (!inFile.isEmpty()) return inFile;
        int size = scores.map(Guess::size).orElse(-1);
        if (size >= 2) return Guess.places(size).stream().map(String::valueOf).toList();
        if (scores.isPresent())
            of.violation("classes", "is missing; the model's file does not have them");
        return List.of();
    }

    /// For each class its place among the scores: as the file orders its own labels, where these
    /// are the same classes; else as they are listed.
    private static List<Integer> order(Fields of, List<String> classes, List<String> inFile) {
        if (new HashSet<>(classes).equals(new HashSet<>(inFile)))
            return classes.stream().map(inFile::indexOf).toList();
        if (!inFile.isEmpty() && inFile.size() != classes.size())
            of.violation(
                    "classes",
                    "lists "
                            + classes.size()
                            + " classes; the model's file has "
                            + Json.text(Json.tree(inFile)));
        return Guess.places(classes.size());
    }

    /// How the label tensor writes each class: as the file has it; else as it is listed, or, in
    /// whole numbers, as its place.
    private static List<String> values(
            List<String> classes, List<String> inFile, Optional<TensorSpec> label) {
        if (new HashSet<>(classes).equals(new HashSet<>(inFile))) return classes;
        if (inFile.size() == classes.size()) return inFile;
        boolean numbers = label.map(s -> s.datatype() != Datatype.BYTES).orElse(false);
        if (!numbers || classes.stream().allMatch(c -> c.matches("-?[0-9]{1,18}"))) return classes;
        var places = new ArrayList<String>();
        for (int at = 0; at < classes.size(); at++) places.add(String.valueOf(at));
        return places;
    }
}
