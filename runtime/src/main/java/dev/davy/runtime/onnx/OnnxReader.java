package dev.davy.runtime.onnx;

import dev.davy.runtime.onnx.OnnxFile.Attribute;
import dev.davy.runtime.onnx.OnnxFile.Dimension;
import dev.davy.runtime.onnx.OnnxFile.Function;
import dev.davy.runtime.onnx.OnnxFile.Graph;
import dev.davy.runtime.onnx.OnnxFile.Node;
import dev.davy.runtime.onnx.OnnxFile.Value;
import dev.davy.runtime.onnx.OnnxFile.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the messages of an ONNX file. The numbers are the fields' in `onnx.proto`.
final class OnnxReader {
    OnnxFile model(Wire wire) {
        long irVersion = 0;
        var producer = "";
        var opsets = new LinkedHashMap<String, Long>();
        Graph graph = null;
        var functions = new ArrayList<Function>();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> irVersion = wire.integer();
                case 2 -> producer = wire.text();
                case 7 -> {
                    if (graph != null) throw Refused.damaged("it holds two graphs");
                    graph = graph(wire.message());
                }
                case 8 -> opset(wire.message(), opsets);
                case 25 -> functions.add(function(wire.message()));
                default -> wire.skip();
            }
        if (graph == null) throw Refused.damaged("it holds no graph");
        return new OnnxFile(irVersion, producer, Map.copyOf(opsets), graph, List.copyOf(functions));
    }

    private static void opset(Wire wire, Map<String, Long> opsets) {
        var domain = "";
        long version = 0;
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> domain = wire.text();
                case 2 -> version = wire.integer();
                default -> wire.skip();
            }
        opsets.put(domain(domain), version);
    }

    private static String domain(String written) {
        return written.isEmpty() ? OnnxFile.STANDARD : written;
    }

    private Graph graph(Wire wire) {
        var nodes = new ArrayList<Node>();
        var weights = new ArrayList<OnnxFile.Weights>();
        var inputs = new ArrayList<Value>();
        var outputs = new ArrayList<Value>();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> nodes.add(node(wire.message()));
                case 5 -> weights.add(WeightsReader.weights(wire.message()));
                case 11 -> inputs.add(value(wire.message()));
                case 12 -> outputs.add(value(wire.message()));
                case 15 -> weights.addAll(WeightsReader.sparse(wire.message()));
                default -> wire.skip();
            }
        return new Graph(
                List.copyOf(nodes),
                List.copyOf(weights),
                List.copyOf(inputs),
                List.copyOf(outputs));
    }

    private Node node(Wire wire) {
        var domain = "";
        var operator = "";
        var overload = "";
        var inputs = new ArrayList<String>();
        var outputs = new ArrayList<String>();
        var attributes = new ArrayList<Attribute>();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> inputs.add(name(wire));
                case 2 -> outputs.add(name(wire));
                case 4 -> operator = wire.text();
                case 5 -> attributes.add(attribute(wire.message()));
                case 7 -> domain = wire.text();
                case 8 -> overload = wire.text();
                default -> wire.skip();
            }
        return new Node(
                domain(domain),
                operator,
                overload,
                List.copyOf(inputs),
                List.copyOf(outputs),
                List.copyOf(attributes));
    }

    private static String name(Wire wire) {
        wire.budget().thing();
        return wire.text();
    }

    private Attribute attribute(Wire wire) {
        var name = "";
        long integer = 0;
        var integers = new ArrayList<Long>();
        var texts = new ArrayList<String>();
        var graphs = new ArrayList<Graph>();
        var weights = new ArrayList<OnnxFile.Weights>();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> name = wire.text();
                case 3 -> integer = wire.integer();
                case 5, 10 -> weights.add(WeightsReader.weights(wire.message()));
                case 6, 11 -> graphs.add(graph(wire.message()));
                // A tree ensemble has millions of numbers in such lists; labels alone are needed.
                case 8 -> wire.integers(labels(wire, name, integers));
                case 9 -> {
                    if (isLabels(name)) texts.add(name(wire));
                    else wire.skip();
                }
                case 22, 23 -> weights.addAll(WeightsReader.sparse(wire.message()));
                default -> wire.skip();
            }
        return new Attribute(
                name,
                integer,
                List.copyOf(integers),
                List.copyOf(texts),
                List.copyOf(graphs),
                List.copyOf(weights));
    }

    private static boolean isLabels(String name) {
        return name.startsWith("classlabels_");
    }

    private static Wire.@Nullable Sink labels(Wire wire, String name, List<Long> into) {
        if (!isLabels(name)) return null;
        return number -> {
            wire.budget().thing();
            into.add(number);
        };
    }

    private Function function(Wire wire) {
        var domain = "";
        var name = "";
        var overload = "";
        var inputs = new ArrayList<String>();
        var outputs = new ArrayList<String>();
        var nodes = new ArrayList<Node>();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> name = wire.text();
                case 4 -> inputs.add(name(wire));
                case 5 -> outputs.add(name(wire));
                case 7 -> nodes.add(node(wire.message()));
                case 10 -> domain = wire.text();
                case 13 -> overload = wire.text();
                default -> wire.skip();
            }
        return new Function(
                domain(domain),
                name,
                overload,
                List.copyOf(inputs),
                List.copyOf(outputs),
                List.copyOf(nodes));
    }

    private Value value(Wire wire) {
        var name = "";
        ValueType type = new ValueType.None();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> name = wire.text();
                case 2 -> type = type(wire.message());
                default -> wire.skip();
            }
        return new Value(name, type);
    }

    private ValueType type(Wire wire) {
        ValueType type = new ValueType.None();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> type = tensor(wire.message());
                case 4 -> type = new ValueType.Sequence(element(wire.message(), 1));
                case 5 -> type = mapping(wire.message());
                case 7 -> type = other(wire, "opaque");
                case 8 -> type = other(wire, "sparse");
                case 9 -> type = other(wire, "optional");
                default -> wire.skip();
            }
        return type;
    }

    private static ValueType other(Wire wire, String what) {
        wire.skip();
        return new ValueType.Other(what);
    }

    private ValueType element(Wire wire, int number) {
        ValueType type = new ValueType.None();
        for (int field = wire.next(); field != 0; field = wire.next())
            if (field == number) type = type(wire.message());
            else wire.skip();
        return type;
    }

    private ValueType mapping(Wire wire) {
        int key = 0;
        ValueType value = new ValueType.None();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> key = (int) wire.integer();
                case 2 -> value = type(wire.message());
                default -> wire.skip();
            }
        return new ValueType.Mapping(key, value);
    }

    private static ValueType tensor(Wire wire) {
        int element = 0;
        Optional<List<Dimension>> shape = Optional.empty();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> element = (int) wire.integer();
                case 2 -> shape = Optional.of(shape(wire.message()));
                default -> wire.skip();
            }
        return new ValueType.Tensor(element, shape);
    }

    private static List<Dimension> shape(Wire wire) {
        var dimensions = new ArrayList<Dimension>();
        for (int field = wire.next(); field != 0; field = wire.next())
            if (field == 1) dimensions.add(dimension(wire.message()));
            else wire.skip();
        return List.copyOf(dimensions);
    }

    private static Dimension dimension(Wire wire) {
        long length = -1;
        var name = "";
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                // Some exporters write 0 or -1 where they mean "any".
                case 1 -> length = Math.max(wire.integer(), -1);
                case 2 -> name = wire.text();
                default -> wire.skip();
            }
        return new Dimension(name.isEmpty() ? length : -1, name);
    }
}
