package dev.davy.runtime;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The inputs and outputs of a model, in the order in which tensors are passed.
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        refuseDoubles("input", inputs);
        refuseDoubles("output", outputs);
    }

    private static void refuseDoubles(String what, List<TensorSpec> specs) {
        var names = new HashSet<String>();
        for (var spec : specs)
            if (!names.add(spec.name()))
                throw new IllegalArgumentException(
                        "two " + what + "s are named '" + spec.name() + "'");
    }

    /// The place of the input of that name.
    public OptionalInt input(String name) {
        return place(inputs, name);
    }

    /// The place of the output of that name.
    public OptionalInt output(String name) {
        return place(outputs, name);
    }

    /// Whether the leading axis of every input and output varies: several rows fit one call.
    public boolean leads() {
        return inputsLead() && outputs.stream().allMatch(TensorSpec::leads);
    }

    /// Whether the leading axis of every input varies: it is taken for the rows.
    public boolean inputsLead() {
        return !inputs.isEmpty() && inputs.stream().allMatch(TensorSpec::leads);
    }

    /// As the Open Inference Protocol's model metadata: `{"inputs":[{"name","datatype","shape"}],
    /// "outputs":[…]}`.
    public ObjectNode json() {
        var json = Json.object();
        json.set("inputs", json(inputs));
        json.set("outputs", json(outputs));
        return json;
    }

    private static ArrayNode json(List<TensorSpec> specs) {
        var list = Json.array();
        for (var spec : specs) {
            var one = list.addObject();
            one.put("name", spec.name()).put("datatype", spec.datatype().name());
            var shape = one.putArray("shape");
            spec.shape().forEach(shape::add);
        }
        return list;
    }

    /// Reads what [#json] writes, and what other servers of the protocol send.
    ///
    /// @throws dev.davy.strict.Problem when it is something else
    public static Signature read(Fields fields) {
        return new Signature(specs(fields, "inputs"), specs(fields, "outputs"));
    }

    private static List<TensorSpec> specs(Fields fields, String name) {
        var specs = new ArrayList<TensorSpec>();
        for (var of : fields.objects(name)) {
            var shape = new ArrayList<Long>();
            for (var axis : of.list("shape")) shape.add(Math.max(-1, axis.asLong(-1)));
            var datatype = Datatype.named(of.text("datatype"));
            if (datatype.isEmpty()) of.violation("datatype", "is not known here");
            specs.add(new TensorSpec(of.text("name"), datatype.orElse(Datatype.FP32), shape));
        }
        return specs;
    }

    private static OptionalInt place(List<TensorSpec> specs, String name) {
        for (int place = 0; place < specs.size(); place++)
            if (specs.get(place).name().equals(name)) return OptionalInt.of(place);
        return OptionalInt.empty();
    }
}
