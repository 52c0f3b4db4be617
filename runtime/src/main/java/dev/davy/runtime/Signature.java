package dev.davy.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

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
        return !inputs.isEmpty()
                && inputs.stream().allMatch(TensorSpec::leads)
                && outputs.stream().allMatch(TensorSpec::leads);
    }

    private static OptionalInt place(List<TensorSpec> specs, String name) {
        for (int place = 0; place < specs.size(); place++)
            if (specs.get(place).name().equals(name)) return OptionalInt.of(place);
        return OptionalInt.empty();
    }
}
