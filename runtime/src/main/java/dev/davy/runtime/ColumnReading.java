package dev.davy.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Reads the outputs of a run over many rows column by column, without an [Answer] for each: the
/// same categories, numbers and confidences as [Reading] gives, at a fraction of the price.
public final class ColumnReading {
    private final List<Part> parts;

    /// One output, and the places of its tensors; -1 for none.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Part(
            Take take, int scores, int label, Map<String, Integer> classOf, int[] order) {}

    private ColumnReading(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /// What one output said of each row of a run.
    ///
    /// @param classes of a category; a number has none
    /// @param codes places among the classes, -1 where the model named none
    /// @param numbers of a number
    @SuppressWarnings("ArrayRecordComponent") // filled again and again, never compared
    public record Said(String output, List<String> classes, int[] codes, double[] numbers) {}

    /// Where the answers to a run go.
    ///
    /// @param confidence of the first output that has one; NaN where there is none
    @SuppressWarnings("ArrayRecordComponent")
    public record Space(List<Said> said, double[] confidence) {}

    /// Empty for outputs of other kinds than categories and numbers, and for models whose rows
    /// can't be told apart.
    public static Optional<ColumnReading> of(Bundle bundle) {
        var signature = bundle.signature();
        if (!bundle.batch() || !signature.leads()) return Optional.empty();
        var parts = new ArrayList<Part>();
        for (var take : bundle.takes())
            switch (take) {
                case Take.Category category -> {
                    var classOf = new HashMap<String, Integer>();
                    for (int c = 0; c < category.values().size(); c++)
                        classOf.put(category.values().get(c), c);
                    parts.add(
                            new Part(
                                    take,
                                    place(signature, category.scores()),
                                    place(signature, category.label()),
                                    classOf,
                                    category.order().stream()
                                            .mapToInt(Integer::intValue)
                                            .toArray()));
                }
                case Take.Number number -> {
                    int from = place(signature, Optional.of(number.from()));
                    parts.add(new Part(take, from, -1, Map.of(), new int[0]));
                }
                case Take.MultiLabel _,
                        Take.Text _,
                        Take.Vector _,
                        Take.Ranking _,
                        Take.Boxes _ -> {
                    return Optional.empty();
                }
            }
        return Optional.of(new ColumnReading(parts));
    }

    private static int place(Signature signature, Optional<String> tensor) {
        return tensor.map(name -> signature.output(name).orElseThrow()).orElse(-1);
    }

    /// Arrays for the answers to so many rows, to be used again.
    public Space space(int rows) {
        var said = new ArrayList<Said>();
        for (var part : parts)
            said.add(
                    part.take() instanceof Take.Category category
                            ? new Said(
                                    category.output(),
                                    category.classes(),
                                    new int[rows],
                                    new double[0])
                            : new Said(
                                    part.take().output(), List.of(), new int[0], new double[rows]));
        return new Space(said, new double[rows]);
    }

    /// Reads the answers to the first rows of a run.
    public void read(List<Tensor> outputs, int rows, Space into) {
        boolean confident = false;
        for (int at = 0; at < parts.size(); at++) {
            var part = parts.get(at);
            var said = into.said().get(at);
            switch (part.take()) {
                case Take.Category category -> {
                    category(part, category, outputs, rows, said, into, !confident);
                    confident |= part.scores() >= 0;
                }
                case Take.Number number ->
                        number(number, outputs.get(part.scores()), rows, said.numbers());
                case Take take -> throw new IllegalStateException("not in columns: " + take);
            }
        }
        if (!confident) for (int row = 0; row < rows; row++) into.confidence()[row] = Double.NaN;
    }

    private static void number(Take.Number take, Tensor from, int rows, double[] into) {
        int size = from.elements() / rows;
        if (take.index() >= size)
            throw Failures.broken("output '" + take.from() + "' has no value at " + take.index());
        boolean plain = take.activation() == Take.Activation.NONE;
        var one = new double[1];
        for (int row = 0; row < rows; row++) {
            one[0] = from.float64(row * size + take.index());
            into[row] = plain ? one[0] : Activations.apply(take.activation(), one)[0];
        }
    }

    private static void category(
            Part part,
            Take.Category take,
            List<Tensor> outputs,
            int rows,
            Said said,
            Space into,
            boolean confident) {
        var codes = said.codes();
        var labels = part.label() < 0 ? null : outputs.get(part.label());
        var scores = part.scores() < 0 ? null : outputs.get(part.scores());
        int each = labels == null ? 0 : labels.elements() / rows;
        var known = new HashMap<Long, Integer>();
        int size = scores == null ? 0 : scores.elements() / rows;
        var raw = new double[size];
        for (int row = 0; row < rows; row++) {
            int code = -1;
            if (labels != null) code = label(part, labels, row * each, known);
            if (scores == null) {
                codes[row] = code;
                continue;
            }
            for (int at = 0; at < size; at++) raw[at] = scores.float64(row * size + at);
            if (take.activation() == Take.Activation.NONE && size == part.order().length) {
                if (code < 0) code = best(raw, part.order());
                if (confident)
                    into.confidence()[row] = code < 0 ? Double.NaN : raw[part.order()[code]];
            } else {
                var shown = Activations.perClass(take, raw);
                if (code < 0) code = Activations.best(shown);
                if (confident) into.confidence()[row] = code < 0 ? Double.NaN : shown[code];
            }
            codes[row] = code;
        }
    }

    private static int best(double[] raw, int[] order) {
        int best = -1;
        for (int c = 0; c < order.length; c++)
            if (!Double.isNaN(raw[order[c]]) && (best < 0 || raw[order[c]] > raw[order[best]]))
                best = c;
        return best;
    }

    private static int label(Part part, Tensor labels, int at, Map<Long, Integer> known) {
        if (labels.datatype() == Datatype.BYTES)
            return part.classOf().getOrDefault(labels.text(at), -1);
        return known.computeIfAbsent(
                labels.int64(at),
                number -> part.classOf().getOrDefault(String.valueOf(number), -1));
    }

    /// The names of its outputs.
    public List<String> outputs() {
        return IntStream.range(0, parts.size())
                .mapToObj(at -> parts.get(at).take().output())
                .toList();
    }
}
