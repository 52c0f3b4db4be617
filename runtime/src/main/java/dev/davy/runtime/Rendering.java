package dev.davy.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes what a person decided into a model's output tensors, so that a client who reads those
/// reads the decision: a class as its label, and as a score of 1 among zeros; a number as itself.
/// Thread-safe.
///
/// Boxes, vectors, rankings and several labels have no such form.
public final class Rendering {
    /// A logit whose softmax is as good as nothing.
    private static final double NEVER = -100;

    private final Bundle bundle;
    private final List<Written> writes;

    /// An output, and the tensors that tell it, by their places.
    private record Written(Take take, List<Integer> scores, List<Integer> labels) {}

    private Rendering(Bundle bundle, List<Written> writes) {
        this.bundle = bundle;
        this.writes = writes;
    }

    /// Empty where a decision can't be written as this model's tensors.
    public static Optional<Rendering> of(Bundle bundle) {
        if (!bundle.batch()) return Optional.empty();
        var writes = new ArrayList<Written>();
        for (var take : bundle.takes())
            switch (take) {
                case Take.Category category -> {
                    var scores = place(bundle, category.scores());
                    // A tensor of one score for two classes is not one for each.
                    if (category.scores().isPresent()
                            && size(bundle, scores.getFirst()) != category.classes().size())
                        return Optional.empty();
                    writes.add(new Written(take, scores, place(bundle, category.label())));
                }
                case Take.Number number ->
                        writes.add(
                                new Written(
                                        take,
                                        place(bundle, Optional.of(number.from())),
                                        List.of()));
                case Take.Text text ->
                        writes.add(
                                new Written(
                                        take, List.of(), place(bundle, Optional.of(text.from()))));
                case Take.MultiLabel _, Take.Vector _, Take.Ranking _, Take.Boxes _ -> {
                    return Optional.empty();
                }
            }
        var written = new java.util.HashSet<Integer>();
        writes.forEach(each -> {
            written.addAll(each.scores());
            written.addAll(each.labels());
        });
        // What is not told by the decision could only be made up.
        return written.size() == bundle.signature().outputs().size()
                ? Optional.of(new Rendering(bundle, writes))
                : Optional.empty();
    }

    private static List<Integer> place(Bundle bundle, Optional<String> tensor) {
        return tensor.map(name -> List.of(bundle.signature().output(name).getAsInt()))
                .orElse(List.of());
    }

    private static long size(Bundle bundle, int place) {
        return bundle.signature().outputs().get(place).rowElements();
    }

    /// Output tensors of so many rows, empty yet.
    public List<Tensor> tensors(int rows) {
        var tensors = new ArrayList<Tensor>();
        for (var spec : bundle.signature().outputs()) {
            var shape = new long[spec.shape().size()];
            for (int axis = 0; axis < shape.length; axis++)
                shape[axis] = axis == 0 ? rows : Math.max(1, spec.shape().get(axis));
            tensors.add(Tensor.direct(spec.datatype(), shape));
        }
        return tensors;
    }

    /// Writes a decision over one row.
    ///
    /// @param outputs by name; those that are missing are left as they are
    /// @return false where a value has no form in the tensors: a class that the model does not know
    public boolean write(List<Tensor> tensors, int row, Map<String, Object> outputs) {
        for (var each : writes) {
            var value = outputs.get(each.take().output());
            if (value == null) continue;
            boolean written =
                    switch (each.take()) {
                        case Take.Category category ->
                                category(each, category, tensors, row, value);
                        case Take.Number number -> number(each, number, tensors, row, value);
                        default -> text(each, tensors, row, String.valueOf(value));
                    };
            if (!written) return false;
        }
        return true;
    }

    private static boolean category(
            Written to, Take.Category category, List<Tensor> tensors, int row, Object value) {
        int place = category.classes().indexOf(String.valueOf(value));
        if (place < 0) return false;
        for (int at : to.scores()) {
            var tensor = tensors.get(at);
            int classes = category.classes().size();
            int hot = category.order().isEmpty() ? place : category.order().get(place);
            boolean logits = category.activation() != Take.Activation.NONE;
            for (int i = 0; i < classes; i++)
                tensor.float64(
                        row * classes + i, logits ? (i == hot ? 0 : NEVER) : (i == hot ? 1 : 0));
        }
        for (int at : to.labels()) {
            var tensor = tensors.get(at);
            var label =
                    category.values().isEmpty()
                            ? category.classes().get(place)
                            : category.values().get(place);
            if (tensor.datatype() == Datatype.BYTES) tensor.text(row, label);
            else if (label.matches("-?[0-9]{1,18}")) tensor.int64(row, Long.parseLong(label));
            else return false;
        }
        return true;
    }

    private static boolean number(
            Written to, Take.Number number, List<Tensor> tensors, int row, Object value) {
        if (!(value instanceof Number decided)) return false;
        for (int at : to.scores()) {
            var tensor = tensors.get(at);
            int each = (int) (tensor.elements() / Math.max(1, tensor.dimension(0)));
            tensor.float64(row * each + number.index(), decided.doubleValue());
        }
        return true;
    }

    private static boolean text(Written to, List<Tensor> tensors, int row, String text) {
        for (int at : to.labels()) {
            if (tensors.get(at).datatype() != Datatype.BYTES) return false;
            tensors.get(at).text(row, text);
        }
        return true;
    }
}
