package dev.davy.runtime;

import dev.davy.runtime.onnx.Labels;
import dev.davy.runtime.onnx.OnnxFile;
import dev.davy.runtime.onnx.OnnxFile.Dimension;
import dev.davy.runtime.onnx.OnnxFile.Graph;
import dev.davy.runtime.onnx.OnnxFile.Node;
import dev.davy.runtime.onnx.OnnxFile.Value;
import dev.davy.runtime.onnx.OnnxFile.ValueType;
import dev.davy.runtime.onnx.OnnxFile.Weights;
import dev.davy.runtime.onnx.Refused;
import dev.davy.runtime.onnx.ValueDependence;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final OnnxFile file;
    private final Path onnx;
    private final Limits limits;
    private final boolean inFolder;
    private final Set<String> own = new HashSet<>();
    private final Set<String> external = new TreeSet<>();

    private Inspector(OnnxFile file, Path onnx, Limits limits, boolean inFolder) {
        this.file = file;
        this.onnx = onnx;
        this.limits = limits;
        this.inFolder = inFolder;
        file.functions().forEach(f -> own.add(f.domain() + '\0' + f.name()));
    }

    static Inspection of(OnnxFile file, Path onnx, Limits limits, boolean inFolder) {
        return new Inspector(file, onnx, limits, inFolder).judge();
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
                List.copyOf(external),
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
        graph.weights().forEach(this::weights);
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
            attribute.weights().forEach(this::weights);
            attribute.graphs().forEach(this::graph);
        }
    }

    private void weights(Weights weights) {
        if (weights.external().isEmpty()) return;
        var where = weights.external().get();
        var name = Refused.shown(weights.name());
        var location = where.getOrDefault("location", "");
        // The place is not repeated: it may be a path of this very machine.
        if (!PLAIN_NAME.matcher(location).matches())
            throw outside("Weights " + name + " lie in external data outside the bundle.");
        if (!inFolder)
            throw outside(
                    "Weights "
                            + name
                            + " lie in "
                            + Refused.shown(location)
                            + ": external data, which is not part of a single file.");
        var folder = onnx.toAbsolutePath().getParent();
        if (folder == null) throw new IllegalStateException("a file without a folder: " + onnx);
        var file = plain(folder, location);
        if (file == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            throw outside(
                    "Weights "
                            + name
                            + " lie in "
                            + Refused.shown(location)
                            + ", which is not in the bundle.");
        range(where, name, location, file);
        external.add(location);
    }

    private static @Nullable Path plain(Path folder, String name) {
        try {
            return SafePath.inside(folder, name);
        } catch (Problem linkLeadingOut) {
            return null;
        }
    }

    private static void range(Map<String, String> where, String name, String location, Path file) {
        try {
            long size = Files.size(file);
            long offset = number(where, "offset", 0);
            long length = number(where, "length", Math.max(0, size - offset));
            if (offset < 0 || length < 0 || offset > size || length > size - offset)
                throw outside(
                        "Weights %s claim %d bytes at %d of %s, which has %d."
                                .formatted(name, length, offset, Refused.shown(location), size));
        } catch (NumberFormatException e) {
            throw outside("Weights " + name + " have an offset or length that is no number.");
        } catch (IOException e) {
            throw outside("Weights " + name + " cannot be read.");
        }
    }

    private static long number(Map<String, String> where, String key, long orElse) {
        var text = where.get(key);
        return text == null ? orElse : Long.parseLong(text);
    }

    private static Problem outside(String why) {
        return Refused.because(
                "external-data",
                why,
                "Put the file beside the model in the bundle, under a plain name, or save the model with all weights inside.");
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
