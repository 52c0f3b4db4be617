package dev.davy.runtime;

import java.util.Arrays;

/// What is known beforehand of the shape of one output, and the check that it holds.
///
/// @param spec as the model declares it
/// @param follows whether its leading axis is the rows of the inputs
/// @param ranked false when the file says nothing of the shape at all
record OutputForm(TensorSpec spec, boolean follows, boolean ranked) {
    /// Whether the shape of the output is known as soon as the number of rows is.
    boolean known() {
        if (!ranked) return false;
        for (int axis = 0; axis < spec.shape().size(); axis++)
            if (spec.shape().get(axis) < 0 && !(axis == 0 && follows)) return false;
        return true;
    }

    /// The shape for so many rows; only where it is [#known].
    long[] shape(long rows) {
        var shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
        if (shape.length > 0 && shape[0] < 0) shape[0] = rows;
        return shape;
    }

    /// Throws `model-broke-contract` unless the model may return this for so many rows.
    void check(Datatype datatype, long[] shape, long rows) {
        if (datatype != spec.datatype())
            throw Failures.broken(
                    "output '"
                            + spec.name()
                            + "' is declared as "
                            + spec.datatype()
                            + " and came as "
                            + datatype);
        if (!ranked) return;
        boolean fits = spec.allows(shape) && (!follows || shape[0] == rows);
        if (!fits)
            throw Failures.broken(
                    "output '"
                            + spec.name()
                            + "' is declared as "
                            + declared(rows)
                            + " and came as "
                            + Arrays.toString(shape));
    }

    private String declared(long rows) {
        if (!follows) return spec.shape().toString();
        return Arrays.toString(spec.shape().stream().mapToLong(d -> d).toArray())
                .replaceFirst("-1", String.valueOf(rows));
    }
}
