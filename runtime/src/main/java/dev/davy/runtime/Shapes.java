package dev.davy.runtime;

import dev.davy.strict.Problem;
import java.util.Arrays;
import java.util.List;

/// Checks input tensors against a signature.
final class Shapes {
    private Shapes() {}

    /// Throws `inputs-not-allowed` when a tensor does not fit.
    static void check(Signature signature, List<Tensor> inputs) {
        if (inputs.size() != signature.inputs().size())
            throw notAllowed(
                    "the model has "
                            + signature.inputs().size()
                            + " inputs, given are "
                            + inputs.size());
        for (int at = 0; at < inputs.size(); at++)
            check(signature.inputs().get(at), inputs.get(at));
    }

    static void check(TensorSpec spec, Tensor tensor) {
        if (tensor.datatype() != spec.datatype())
            throw notAllowed(
                    "input '"
                            + spec.name()
                            + "' is "
                            + spec.datatype()
                            + ", given is "
                            + tensor.datatype());
        if (!spec.allows(tensor))
            throw notAllowed(
                    "input '"
                            + spec.name()
                            + "' has shape "
                            + spec.shape()
                            + ", given is "
                            + Arrays.toString(tensor.shape()));
    }

    /// The rows of a call: the length of the leading axis where one varies; else 1.
    static long rows(Signature signature, List<Tensor> inputs) {
        for (int at = 0; at < inputs.size(); at++)
            if (signature.inputs().get(at).leads()) return inputs.get(at).dimension(0);
        return 1;
    }

    static Problem notAllowed(String why) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "inputs-not-allowed",
                "These inputs do not fit the model.",
                Character.toUpperCase(why.charAt(0)) + why.substring(1) + ".",
                "Compare them with the model's signature; -1 stands for any length.");
    }
}
