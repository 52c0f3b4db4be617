package dev.davy.runtime.onnx;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an ONNX file holds, without its weights.
///
/// @param opsets version of each operator set, by domain; the standard one is `ai.onnx`
/// @param functions operators that the file defines itself
public record OnnxFile(
        long irVersion,
        String producer,
        Map<String, Long> opsets,
        Graph graph,
        List<Function> functions) {

    /// The standard domain, which files also write as an empty text.
    public static final String STANDARD = "ai.onnx";

    /// Reads a whole file.
    ///
    /// @throws dev.davy.strict.Problem `not-an-onnx-model`, `model-too-complex`
    public static OnnxFile read(ByteBuffer file) {
        return new OnnxReader().model(new Wire(file, new Wire.Budget()));
    }

    /// A graph: the model's own, or one inside an operator.
    public record Graph(
            List<Node> nodes, List<Weights> weights, List<Value> inputs, List<Value> outputs) {}

    /// An operator at work. An input that is left out has an empty name.
    public record Node(
            String domain,
            String operator,
            String overload,
            List<String> inputs,
            List<String> outputs,
            List<Attribute> attributes) {

        public Optional<Attribute> attribute(String name) {
            return attributes.stream().filter(a -> a.name().equals(name)).findFirst();
        }
    }

    /// A setting of an operator, as far as it matters here: the graphs in it, its weights, and of
    /// class labels the values.
    public record Attribute(
            String name,
            long integer,
            List<Long> integers,
            List<String> texts,
            List<Graph> graphs,
            List<Weights> weights) {}

    /// An operator that the file defines by others.
    public record Function(
            String domain,
            String name,
            String overload,
            List<String> inputs,
            List<String> outputs,
            List<Node> nodes) {}

    /// Weights or constants. Values are kept of short lists of texts and whole numbers only.
    ///
    /// @param type ONNX's number of the element type
    /// @param inlineBytes bytes in the file; -1 when they are kept as typed numbers
    /// @param external where they are, when outside the file
    public record Weights(
            String name,
            int type,
            List<Long> shape,
            long inlineBytes,
            Optional<Map<String, String>> external,
            List<String> labels) {}

    /// An input or output with its type.
    public record Value(String name, ValueType type) {}

    /// The type of a value.
    public sealed interface ValueType {
        /// @param shape empty when the file says nothing of it; a dimension is a number, a name, or
        ///   nothing
        record Tensor(int element, Optional<List<Dimension>> shape) implements ValueType {}

        record Sequence(ValueType element) implements ValueType {}

        record Mapping(int key, ValueType value) implements ValueType {}

        /// Sparse, optional or opaque.
        record Other(String what) implements ValueType {}

        record None() implements ValueType {}
    }

    /// One axis: its length, or -1, and perhaps a name.
    public record Dimension(long length, String name) {}
}
