package dev.davy.runtime;

import java.util.List;

/// What a model says of one input or output: its name, element type and shape.
///
/// A dimension of -1 varies from call to call; an empty shape is a scalar.
public record TensorSpec(String name, Datatype datatype, List<Long> shape) {
    private static final int LONGEST_COLUMN = 128;

    public TensorSpec {
        shape = List.copyOf(shape);
        for (long dimension : shape)
            if (dimension < -1)
                throw new IllegalArgumentException(
                        "shape of '" + name + "' is " + shape + "; a dimension is -1 or more");
    }

    /// Whether the leading axis varies, so that rows can be put together in one call.
    public boolean leads() {
        return !shape.isEmpty() && shape.getFirst() == -1;
    }

    /// The name of the column that it becomes where nobody gives it one.
    public String columnName() {
        return columnName(name);
    }

    /// Control characters may stand in a tensor's name, not in a column's.
    static String columnName(String tensor) {
        var column = new StringBuilder();
        tensor.codePoints()
                .map(c -> Character.isISOControl(c) ? '_' : c)
                .limit(LONGEST_COLUMN / 2)
                .forEach(column::appendCodePoint);
        return column.toString().isBlank() ? "input" : column.toString();
    }

    /// Elements of one row: the product of all dimensions after the first; -1 when one of them
    /// varies.
    public long rowElements() {
        long product = 1;
        for (int axis = 1; axis < shape.size(); axis++) {
            if (shape.get(axis) < 0) return -1;
            product = Math.multiplyExact(product, shape.get(axis));
        }
        return product;
    }

    /// Whether a tensor of this shape may be passed where this is declared.
    public boolean allows(long[] actual) {
        if (actual.length != shape.size()) return false;
        for (int axis = 0; axis < actual.length; axis++) {
            long declared = shape.get(axis);
            if (declared >= 0 && declared != actual[axis]) return false;
        }
        return true;
    }

    /// As [#allows], without a copy of the shape.
    boolean allows(Tensor tensor) {
        if (tensor.rank() != shape.size()) return false;
        for (int axis = 0; axis < shape.size(); axis++) {
            long declared = shape.get(axis);
            if (declared >= 0 && declared != tensor.dimension(axis)) return false;
        }
        return true;
    }
}
