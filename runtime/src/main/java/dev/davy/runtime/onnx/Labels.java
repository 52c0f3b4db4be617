package dev.davy.runtime.onnx;

import dev.davy.runtime.onnx.OnnxFile.Graph;
import dev.davy.runtime.onnx.OnnxFile.Node;
import dev.davy.runtime.onnx.OnnxFile.Value;
import dev.davy.runtime.onnx.OnnxFile.ValueType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The class labels that a graph holds, as scikit-learn's and XGBoost's converters write them.
///
/// @param classes in class order, by the name of an output that is a label or has one score per
///   class
/// @param maps outputs that are sequences of maps from class to score
/// @param numbered outputs whose labels are whole numbers
/// @param softmax outputs that a `Softmax` over the last axis made
public record Labels(
        Map<String, List<String>> classes,
        Set<String> maps,
        Set<String> numbered,
        Set<String> softmax) {

    private static final int TEXT = 8;
    private static final Set<Integer> WHOLE = Set.of(6, 7);
    private static final int MOST = 10_000;

    private record Found(List<String> labels, boolean numbers) {}

    public static Labels of(Graph graph) {
        var labels = new Labels(new HashMap<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        var common = new HashSet<Found>();
        for (var node : graph.nodes()) {
            var found = labels(node).or(() -> table(node, graph));
            found.ifPresent(common::add);
            if (node.operator().equals("ZipMap") && node.outputs().size() == 1)
                found.ifPresent(f -> labels.map(node.outputs().getFirst(), f));
            if (node.operator().startsWith("Softmax")) labels.softmax.addAll(node.outputs());
        }
        // Two different lists of classes in one graph: which belongs to which output is a guess.
        if (common.size() == 1)
            for (var output : graph.outputs()) labels.output(output, common.iterator().next());
        labels.softmax.retainAll(graph.outputs().stream().map(Value::name).toList());
        return labels;
    }

    private static Optional<Found> labels(Node node) {
        var texts = node.attribute("classlabels_strings").filter(a -> !a.texts().isEmpty());
        if (texts.isPresent()) return found(texts.get().texts(), false);
        for (var name : List.of("classlabels_int64s", "classlabels_ints")) {
            var numbers = node.attribute(name).filter(a -> !a.integers().isEmpty());
            if (numbers.isPresent())
                return found(numbers.get().integers().stream().map(String::valueOf).toList(), true);
        }
        return Optional.empty();
    }

    /// The labels among which an `ArrayFeatureExtractor` chooses by the best class's number.
    private static Optional<Found> table(Node node, Graph graph) {
        if (!node.operator().equals("ArrayFeatureExtractor") || node.inputs().isEmpty())
            return Optional.empty();
        return graph.weights().stream()
                .filter(w -> w.name().equals(node.inputs().getFirst()))
                .filter(w -> w.type() == TEXT || WHOLE.contains(w.type()))
                .filter(w -> w.labels().size() > 1)
                .findFirst()
                .flatMap(w -> found(w.labels(), w.type() != TEXT));
    }

    private static Optional<Found> found(List<String> labels, boolean numbers) {
        boolean distinct = new HashSet<>(labels).size() == labels.size();
        return distinct && labels.size() <= MOST
                ? Optional.of(new Found(labels, numbers))
                : Optional.empty();
    }

    /// How many classes an output has; 0 when it has none.
    public int count(String output) {
        return classes.getOrDefault(output, List.of()).size();
    }

    private void map(String output, Found found) {
        maps.add(output);
        put(output, found);
    }

    private void put(String output, Found found) {
        classes.put(output, found.labels());
        if (found.numbers()) numbered.add(output);
    }

    private void output(Value output, Found found) {
        if (maps.contains(output.name())) return;
        if (!(output.type() instanceof ValueType.Tensor(int element, var shape))) return;
        var axes = shape.orElse(List.of());
        boolean label = element == TEXT || WHOLE.contains(element);
        boolean perClass =
                axes.size() == 2
                        && (axes.get(1).length() == found.labels().size()
                                || axes.get(1).length() == -1);
        boolean perRow = axes.size() == 1 || axes.size() == 2 && axes.get(1).length() == 1;
        if (label ? perRow : perClass) put(output.name(), found);
    }
}
