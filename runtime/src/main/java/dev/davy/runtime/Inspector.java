package dev.davy.runtime;

import dev.davy.runtime.onnx.Labels;
import dev.davy.runtime.onnx.OnnxFile;
import dev.davy.runtime.onnx.OnnxFile.Dimension;
import dev.davy.runtime.onnx.OnnxFile.Graph;
import dev.davy.runtime.onnx.OnnxFile.Node;
import dev.davy.runtime.onnx.OnnxFile.Value;
import dev.davy.runtime.onnx.OnnxFile.ValueType;
import dev.davy.runtime.onnx.Refused;
import dev.davy.runtime.onnx.ValueDependence;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Judges what was read from an ONNX file.
final class Inspector {
    /// Operator sets that ONNX Runtime brings along; others come from shared libraries, and none is
    /// ever loaded.
    private static final Set<String> DOMAINS =
            Set.of(
                    OnnxFile.STANDARD,
                    "ai.onnx.ml",
                    "com.microsoft",
                    "ai.onnx.preview",
                    "ai.onnx.training",
                    "ai.onnx.preview.training");

    /// Far above what exists; which of those below can be run, ONNX Runtime says.
    private static final long NEWEST_IR = 99;

    private static final long NEWEST_OPSET = 999;

    private final OnnxFile file;
    private final Limits limits;
    private final ExternalWeights external;
    private final Set<String> own = new HashSet<>();

    private Inspector(OnnxFile file, Optional<Path> folder, Limits limits) {
        this.file = file;
        this.limits = limits;
        external = new ExternalWeights(folder);
        file.functions().forEach(f -> own.add(f.domain() + '\0' + f.name()));
    }

    /// @param folder where files with weights may lie beside the model; empty when none may
    static Inspection of(OnnxFile file, Optional<Path> folder, Limits limits) {
        return new Inspector(file, folder, limits).judge();
    }

    private Inspection judge() {
        versions();
        graph(file.graph());
        file.functions().forEach(f -> f.nodes().forEach(this::node));
        var labels = Labels.of(file.graph());
        var open = new HashSet<String>();
        var inputs = new ArrayList<TensorSpec>();
        var constants = new HashSet<String>();
        file.graph().weights().forEach(w -> constants.add(w.name()));
        for (var input : file.graph().inputs())
            if (!constants.contains(input.name())) inputs.add(input(input));
        var outputs = new ArrayList<TensorSpec>();
        for (var output : file.graph().outputs()) outputs.add(output(output, labels, open));
        count("inputs", inputs.size(), 0);
        count("outputs", outputs.size(), 1);
        distinct("input", inputs);
        distinct("output", outputs);
        var because = ValueDependence.of(file);
        return new Inspection(
                file.irVersion(),
                file.opsets(),
                file.producer(),
                new Signature(inputs, outputs),
                labels.classes(),
                labels.maps(),
                labels.numbered(),
                open,
                labels.softmax(),
                List.copyOf(external.files()),
                !because.isEmpty(),
                because);
    }

    private void versions() {
        if (file.irVersion() < 1 || file.irVersion() > NEWEST_IR)
            throw Refused.because(
                    "model-not-loadable",
                    "Its format has IR version " + file.irVersion() + ", which does not exist.",
                    "Export the model again.");
        if (file.opsets().isEmpty())
            throw Refused.because(
                    "model-not-loadable",
                    "It does not say which operator set it uses.",
                    "Export the model again, with opset_imports.");
        file.opsets()
                .forEach((domain, version) -> {
                    if (version < 1 || version > NEWEST_OPSET)
                        throw Refused.because(
                                "model-not-loadable",
                                "It uses version "
                                        + version
                                        + " of operator set "
                                        + Refused.shown(domain)
                                        + ", which does not exist.",
                                "Export the model again.");
                });
    }

    private void graph(Graph graph) {
        graph.weights().forEach(external::check);
        graph.nodes().forEach(this::node);
    }

    private void node(Node node) {
        if (!DOMAINS.contains(node.domain())
                && !own.contains(node.domain() + '\0' + node.operator()))
            throw Refused.because(
                    "operator-not-known",
                    "Operator "
                            + Refused.shown(node.operator())
                            + " of domain "
                            + Refused.shown(node.domain())
                            + " is not one of ONNX or ONNX Runtime, and libraries with others are never loaded.",
                    "Export the model with standard operators.");
        for (var attribute : node.attributes()) {
            attribute.weights().forEach(external::check);
            attribute.graphs().forEach(this::graph);
        }
    }

    private TensorSpec input(Value input) {
        if (!(input.type() instanceof ValueType.Tensor(int element, var shape)))
            throw wrongType("Input", input, what(input.type()));
        return new TensorSpec(
                input.name(),
                datatype("Input", input.name(), element),
                dimensions(
                        "Input",
                        input.name(),
                        shape.orElseThrow(() ->
                                Refused.because(
                                        "input-without-shape",
                                        "Input "
                                                + Refused.shown(input.name())
                                                + " has no shape, not even how many axes.",
                                        "Give it one when exporting; an axis may vary."))));
    }

    private TensorSpec output(Value output, Labels labels, Set<String> open) {
        if (output.type()
                        instanceof
                        ValueType.Sequence(ValueType.Mapping(_, ValueType.Tensor(int element, _)))
                && element == Datatype.FP32.onnx()
                && labels.maps().contains(output.name()))
            return new TensorSpec(
                    output.name(), Datatype.FP32, List.of(-1L, (long) labels.count(output.name())));
        if (!(output.type()
                instanceof ValueType.Tensor(int element, Optional<List<Dimension>> shape)))
            throw wrongType("Output", output, what(output.type()));
        if (shape.isEmpty()) open.add(output.name());
        return new TensorSpec(
                output.name(),
                datatype("Output", output.name(), element),
                shape.isEmpty() ? List.of(-1L) : dimensions("Output", output.name(), shape.get()));
    }

    private static String what(ValueType type) {
        return switch (type) {
            case ValueType.None _ -> "no type";
            case ValueType.Sequence _ -> "a sequence";
            case ValueType.Mapping _ -> "a map";
            case ValueType.Other(var what) -> what;
            case ValueType.Tensor _ -> "a tensor";
        };
    }

    private static Problem wrongType(String side, Value value, String what) {
        return Refused.because(
                "type-not-served",
                side + " " + Refused.shown(value.name()) + " has the type: " + what + ".",
                "Export the model with tensors (or, from scikit-learn, class probabilities) only.");
    }

    private static Datatype datatype(String side, String name, int element) {
        return Datatype.onnx(element)
                .orElseThrow(() ->
                        Refused.because(
                                "type-not-served",
                                side
                                        + " "
                                        + Refused.shown(name)
                                        + " has ONNX element type "
                                        + element
                                        + ", which is not served.",
                                "Cast it to a float, integer, bool or string type inside the model."));
    }

    private List<Long> dimensions(String side, String name, List<Dimension> shape) {
        if (shape.size() > limits.tensorRank())
            throw Refused.because(
                    "model-too-complex",
                    "%s %s has %d axes; the most is %d."
                            .formatted(
                                    side, Refused.shown(name), shape.size(), limits.tensorRank()),
                    "Reshape it inside the model.");
        double product = 1;
        for (var dimension : shape) product *= Math.max(1, dimension.length());
        if (product > limits.tensorElements())
            throw Refused.because(
                    "model-too-complex",
                    "%s %s has %.0f elements; the most is %d."
                            .formatted(side, Refused.shown(name), product, limits.tensorElements()),
                    "Make it smaller, or raise the limit 'tensor-elements'.");
        return shape.stream().map(Dimension::length).toList();
    }

    private void count(String what, int count, int least) {
        if (count < least)
            throw Refused.because(
                    "model-too-complex", "It has no " + what + ".", "Export the model again.");
        if (count > limits.tensors())
            throw Refused.because(
                    "model-too-complex",
                    "It has " + count + " " + what + "; the most is " + limits.tensors() + ".",
                    "Put several into one tensor.");
    }

    private static void distinct(String side, List<TensorSpec> specs) {
        var names = new HashSet<String>();
        for (var spec : specs) {
            if (spec.name().isEmpty())
                throw Refused.because(
                        "not-an-onnx-model",
                        "An " + side + " has no name.",
                        "Export the model again.");
            if (!names.add(spec.name()))
                throw Refused.because(
                        "not-an-onnx-model",
                        "Two " + side + "s are named " + Refused.shown(spec.name()) + ".",
                        "Export the model again.");
        }
    }
}
