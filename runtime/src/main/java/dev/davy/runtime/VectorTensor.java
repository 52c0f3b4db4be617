package dev.davy.runtime;

import dev.davy.schema.Row;
import java.util.Arrays;
import java.util.List;

/// Writes columns of type `vector` into tensors.
final class VectorTensor {
    private VectorTensor() {}

    /// Writes a row's numbers; gives the tensor written, another one where the row has another
    /// length than that given.
    static Tensor write(
            Row row, String column, TensorSpec spec, Tensor tensor, int index, List<String> wrong) {
        var value = row.at(column);
        int length =
                switch (value) {
                    case float[] numbers -> numbers.length;
                    case double[] numbers -> numbers.length;
                    case null, default -> -1;
                };
        if (length < 0) {
            wrong.add(
                    "column '" + column + (value == null ? "' is missing" : "' holds no numbers"));
            return tensor;
        }
        boolean batched = spec.shape().size() > 1 && spec.leads() && spec.rowElements() >= 0;
        var shape = batched ? tensor.shape() : shape(spec, length);
        int size =
                batched
                        ? (int) spec.rowElements()
                        : (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (size != length) {
            wrong.add(
                    "column '"
                            + column
                            + "' has "
                            + length
                            + " numbers; the model's shape "
                            + spec.shape()
                            + " takes another count");
            return tensor;
        }
        var into = tensor.hasShape(shape) ? tensor : Tensor.direct(spec.datatype(), shape);
        int first = batched ? index * size : 0;
        switch (value) {
            case float[] numbers -> {
                for (int at = 0; at < size; at++) into.float64(first + at, numbers[at]);
            }
            case double[] numbers -> {
                for (int at = 0; at < size; at++) into.float64(first + at, numbers[at]);
            }
            case null, default -> {}
        }
        return into;
    }

    /// The shape of one row's tensor: a leading axis that varies is 1 unless it is the only one;
    /// one other axis that varies takes what is left.
    private static long[] shape(TensorSpec spec, int length) {
        var shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
        if (shape.length > 1 && shape[0] < 0) shape[0] = 1;
        long fixed = Arrays.stream(shape).filter(d -> d > 0).reduce(1, (a, b) -> a * b);
        boolean open = true;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] >= 0) continue;
            shape[axis] = open && fixed > 0 ? length / fixed : 1;
            open = false;
        }
        return shape;
    }
}
