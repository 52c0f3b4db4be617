package dev.davy.runtime.onnx;

import dev.davy.runtime.onnx.OnnxFile.Function;
import dev.davy.runtime.onnx.OnnxFile.Graph;
import dev.davy.runtime.onnx.OnnxFile.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether the value of an input can decide how much memory or time a run takes.
///
/// Of every tensor two things may depend on the input's values: its own values, and its shape. An
/// operator passes both on from its inputs to its outputs; `Shape` turns a dependent shape into
/// dependent values; operators that take a shape as an operand turn dependent values into a
/// dependent shape, and where that shape can be as large as the values say, that is what is looked
/// for. So it is a search in a graph with two nodes per tensor. It errs to the safe side: what it
/// finds may be bounded after all by something it does not see.
public final class ValueDependence {
    /// Operators that take a size as an operand and make something of that size.
    private static final Map<String, int[]> MAKES_WHAT_IT_IS_TOLD =
            Map.ofEntries(
                    Map.entry("ConstantOfShape", new int[] {0}),
                    Map.entry("Expand", new int[] {1}),
                    Map.entry("Tile", new int[] {1}),
                    Map.entry("Range", new int[] {0, 1, 2}),
                    Map.entry("Resize", new int[] {1, 2, 3}),
                    Map.entry("Upsample", new int[] {1}),
                    Map.entry("Pad", new int[] {1}),
                    Map.entry("CenterCropPad", new int[] {1}),
                    Map.entry("OneHot", new int[] {1}),
                    Map.entry("HannWindow", new int[] {0}),
                    Map.entry("HammingWindow", new int[] {0}),
                    Map.entry("BlackmanWindow", new int[] {0}),
                    Map.entry("MelWeightMatrix", new int[] {0, 1, 2}),
                    Map.entry("STFT", new int[] {1, 3}),
                    Map.entry("DFT", new int[] {1}),
                    Map.entry("AffineGrid", new int[] {1}),
                    Map.entry("MaxUnpool", new int[] {2}),
                    Map.entry("Col2Im", new int[] {1, 2}),
                    Map.entry("ImageDecoder", new int[] {0}),
                    Map.entry("CropAndResize", new int[] {3}),
                    Map.entry("BeamSearch", new int[] {1, 2, 3, 4}),
                    Map.entry("WhisperBeamSearch", new int[] {1, 2, 3, 4}),
                    Map.entry("GreedySearch", new int[] {1, 2}),
                    Map.entry("Sampling", new int[] {1, 2}));

    /// Operators whose output has a shape by the values of some operands, but never more elements
    /// than went in.
    private static final Map<String, int[]> SHAPED_BY_VALUES =
            Map.ofEntries(
                    Map.entry("Reshape", new int[] {1}),
                    Map.entry("Slice", new int[] {1, 2, 3, 4}),
                    Map.entry("DynamicSlice", new int[] {1, 2, 3}),
                    Map.entry("Squeeze", new int[] {1}),
                    Map.entry("Unsqueeze", new int[] {1}),
                    Map.entry("Split", new int[] {1}),
                    Map.entry("SplitToSequence", new int[] {1}),
                    Map.entry("SequenceAt", new int[] {1}),
                    Map.entry("SequenceErase", new int[] {1}),
                    Map.entry("SequenceInsert", new int[] {2}),
                    Map.entry("TopK", new int[] {1}),
                    Map.entry("Compress", new int[] {1}),
                    Map.entry("NonZero", new int[] {0}),
                    Map.entry("Unique", new int[] {0}),
                    Map.entry("StringSplit", new int[] {0}),
                    Map.entry("NonMaxSuppression", new int[] {0, 1, 2, 3, 4}));

    private static final int[] NONE = {};

    private static final int MOST_REASONS = 10;

    private final Reach reach = new Reach();
    private final Map<String, Body> functions = new HashMap<>();
    private final List<Sink> sinks = new ArrayList<>();

    private record Sink(int tensor, String reason) {}

    /// Where the values of a graph or function enter and leave it.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Body(int[] inputs, int[] outputs) {}

    /// Names that are visible inside a graph.
    private static final class Scope {
        private final @Nullable Scope outer;
        private final Map<String, Integer> tensors = new HashMap<>();

        Scope(@Nullable Scope outer) {
            this.outer = outer;
        }

        @Nullable Integer find(String name) {
            for (Scope scope = this; scope != null; scope = scope.outer) {
                var tensor = scope.tensors.get(name);
                if (tensor != null) return tensor;
            }
            return null;
        }
    }

    private ValueDependence() {}

    /// One sentence for each operator through which it can; empty when it cannot.
    public static List<String> of(OnnxFile file) {
        var search = new ValueDependence();
        for (var function : file.functions()) search.declare(function);
        for (var function : file.functions()) search.fill(function);
        var body = search.graph(file.graph(), null);
        var constants = new LinkedHashSet<String>();
        file.graph().weights().forEach(w -> constants.add(w.name()));
        for (int at = 0; at < body.inputs.length; at++)
            if (!constants.contains(file.graph().inputs().get(at).name()))
                search.reach.fromValues(body.inputs[at]);
        var reasons = new LinkedHashSet<String>();
        for (var sink : search.sinks)
            if (reasons.size() < MOST_REASONS && search.reach.valuesReached(sink.tensor))
                reasons.add(sink.reason);
        return List.copyOf(reasons);
    }

    private static String key(String domain, String name, String overload) {
        return domain + '\0' + name + '\0' + overload;
    }

    private void declare(Function function) {
        functions.put(
                key(function.domain(), function.name(), function.overload()),
                new Body(
                        reach.tensors(function.inputs().size()),
                        reach.tensors(function.outputs().size())));
    }

    /// A function's calls all share one body: what holds for one call is taken to hold for each.
    private void fill(Function function) {
        var body = functions.get(key(function.domain(), function.name(), function.overload()));
        if (body == null) return;
        var scope = new Scope(null);
        for (int at = 0; at < body.inputs.length; at++)
            scope.tensors.put(function.inputs().get(at), body.inputs[at]);
        nodes(function.nodes(), scope);
        for (int at = 0; at < body.outputs.length; at++) {
            var tensor = scope.find(function.outputs().get(at));
            if (tensor != null) reach.copy(tensor, body.outputs[at]);
        }
    }

    private Body graph(Graph graph, @Nullable Scope outer) {
        var scope = new Scope(outer);
        var inputs = new int[graph.inputs().size()];
        for (int at = 0; at < inputs.length; at++) {
            inputs[at] = reach.tensor();
            scope.tensors.put(graph.inputs().get(at).name(), inputs[at]);
        }
        for (var weights : graph.weights())
            scope.tensors.putIfAbsent(weights.name(), reach.tensor());
        nodes(graph.nodes(), scope);
        var outputs = new int[graph.outputs().size()];
        for (int at = 0; at < outputs.length; at++) {
            var tensor = scope.find(graph.outputs().get(at).name());
            outputs[at] = tensor == null ? reach.tensor() : tensor;
        }
        return new Body(inputs, outputs);
    }

    private void nodes(List<Node> nodes, Scope scope) {
        // All names first: operators need not stand in the order in which they run.
        for (var node : nodes)
            for (var output : node.outputs())
                if (!output.isEmpty()) scope.tensors.putIfAbsent(output, reach.tensor());
        for (var node : nodes) node(node, scope);
    }

    private void node(Node node, Scope scope) {
        var inputs = found(node.inputs(), scope);
        var outputs = found(node.outputs(), scope);
        var function = functions.get(key(node.domain(), node.operator(), node.overload()));
        if (function != null) {
            copy(inputs, 0, function.inputs, 0);
            copy(function.outputs, 0, outputs, 0);
            return;
        }
        switch (node.operator()) {
            case "If" -> choose(node, scope, inputs, outputs);
            case "Loop" -> loop(node, scope, inputs, outputs);
            case "Shape", "Size" -> {
                for (int in : inputs) for (int out : outputs) reach.shapeToValues(in, out);
            }
            default -> plain(node, scope, inputs, outputs);
        }
    }

    private void choose(Node node, Scope scope, int[] inputs, int[] outputs) {
        for (var attribute : node.attributes())
            for (var branch : attribute.graphs()) copy(graph(branch, scope).outputs, 0, outputs, 0);
        if (inputs.length > 0)
            for (int out : outputs) {
                reach.copy(inputs[0], out);
                reach.valuesToShape(inputs[0], out);
            }
    }

    private void loop(Node node, Scope scope, int[] inputs, int[] outputs) {
        for (int at = 0; at < Math.min(2, inputs.length); at++)
            sinks.add(
                    new Sink(
                            inputs[at],
                            at == 0
                                    ? "an input's value decides how often a Loop runs"
                                    : "an input's value decides whether a Loop runs"));
        for (var attribute : node.attributes())
            for (var graph : attribute.graphs()) {
                var body = graph(graph, scope);
                copy(inputs, 2, body.inputs, 2);
                copy(body.outputs, 1, body.inputs, 2);
                copy(body.outputs, 1, outputs, 0);
                if (body.outputs.length > 0)
                    sinks.add(
                            new Sink(body.outputs[0], "an input's value decides when a Loop ends"));
            }
    }

    /// Any other operator; graphs inside it (Scan, SequenceMap) see all inputs and feed all
    /// outputs.
    private void plain(Node node, Scope scope, int[] inputs, int[] outputs) {
        int all = reach.tensor();
        for (int in : inputs) reach.pass(in, all);
        for (int operand : SHAPED_BY_VALUES.getOrDefault(node.operator(), NONE))
            if (operand < inputs.length) reach.valuesToShape(inputs[operand], all);
        for (int operand : MAKES_WHAT_IT_IS_TOLD.getOrDefault(node.operator(), NONE)) {
            if (operand >= inputs.length) continue;
            reach.valuesToShape(inputs[operand], all);
            sinks.add(
                    new Sink(
                            inputs[operand],
                            "an input's value decides the size that "
                                    + node.operator()
                                    + " makes"));
        }
        for (var attribute : node.attributes())
            for (var graph : attribute.graphs()) {
                var body = graph(graph, scope);
                for (int in : body.inputs) reach.pass(all, in);
                for (int out : body.outputs) reach.pass(out, all);
            }
        for (int out : outputs) reach.pass(all, out);
    }

    /// The tensors of these names; a name that is left out or unknown is a tensor nothing reaches.
    private int[] found(List<String> names, Scope scope) {
        var tensors = new int[names.size()];
        for (int at = 0; at < tensors.length; at++) {
            var tensor = names.get(at).isEmpty() ? null : scope.find(names.get(at));
            tensors[at] = tensor == null ? reach.tensor() : tensor;
        }
        return tensors;
    }

    private void copy(int[] from, int fromFirst, int[] to, int toFirst) {
        for (int at = 0; fromFirst + at < from.length && toFirst + at < to.length; at++)
            reach.copy(from[fromFirst + at], to[toFirst + at]);
    }
}
