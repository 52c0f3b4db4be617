package dev.davy.serving.oip;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.TensorSpec;
import dev.davy.strict.Limits;
import java.util.Arrays;

/// Checks a claimed shape before anything is allocated by it.
final class Shapes {
    private Shapes() {}

    /// The number of elements of a tensor that claims this datatype and shape.
    static int checked(TensorSpec spec, Datatype datatype, long[] shape, Limits limits) {
        if (datatype != spec.datatype())
            throw InferProblems.bad(
                    "datatype-wrong",
                    "Input '" + spec.name() + "' has datatype " + datatype + ".",
                    "The model takes " + spec.datatype() + ".",
                    "Send " + spec.datatype() + ".");
        boolean fits = shape.length == spec.shape().size();
        for (int i = 0; fits && i < shape.length; i++) {
            long declared = spec.shape().get(i);
            fits = declared < 0 || declared == shape[i];
        }
        long count = 1;
        boolean positive = true;
        for (long dim : shape) positive &= dim > 0;
        if (positive)
            for (long dim : shape) {
                long high = Math.multiplyHigh(count, dim);
                count *= dim;
                if (high != 0 || count < 0 || count > limits.tensorElements()) {
                    count = -1;
                    break;
                }
            }
        if (!positive || count < 0)
            throw InferProblems.bad(
                    "shape-not-allowed",
                    "Input '" + spec.name() + "' has shape " + Arrays.toString(shape) + ".",
                    "Each dimension is at least 1, and all together make at most "
                            + limits.tensorElements()
                            + " elements.",
                    "Send a shape like " + spec.shape() + ", where -1 is any size from 1.");
        if (!fits)
            throw InferProblems.bad(
                    "shape-wrong",
                    "Input '" + spec.name() + "' has shape " + Arrays.toString(shape) + ".",
                    "The model takes " + spec.shape() + ", where -1 is any size.",
                    "Send that shape.");
        return (int) count;
    }
}
