package dev.davy.runtime;

import dev.davy.schema.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes single values into tensors.
final class Cells {
    private Cells() {}

    /// Writes a column's value, or notes what is wrong with it.
    static void write(Row row, Feed.Source source, Tensor tensor, int at, List<String> wrong) {
        var value = row.at(source.column());
        if (value == null) value = source.missing().orElse(null);
        var problem = write(value, tensor, at);
        if (!problem.isEmpty()) wrong.add("column '" + source.column() + "' " + problem);
    }

    /// Writes a value; gives what is wrong with it, empty when nothing is.
    private static String write(@Nullable Object value, Tensor tensor, int at) {
        if (tensor.datatype() == Datatype.BYTES) {
            if (!(value instanceof String text)) return value == null ? MISSING : "must be a text";
            tensor.text(at, text);
            return "";
        }
        return switch (value) {
            case null -> {
                if (!tensor.datatype().isFloat()) yield MISSING;
                tensor.float64(at, Double.NaN);
                yield "";
            }
            case Double number -> number(number, tensor, at);
            case Long number -> whole(number, tensor, at);
            case Boolean flag -> whole(flag ? 1 : 0, tensor, at);
            default -> "must be a number";
        };
    }

    private static final String MISSING = "is missing, and nothing is declared to stand for it";

    private static String number(double number, Tensor tensor, int at) {
        if (tensor.datatype().isFloat()) {
            tensor.float64(at, number);
            return "";
        }
        if (number != Math.rint(number) || Math.abs(number) > 1L << 53)
            return "must be a whole number";
        return whole((long) number, tensor, at);
    }

    private static String whole(long number, Tensor tensor, int at) {
        if (!fits(number, tensor.datatype()))
            return "is " + number + ", which does not fit the model's " + tensor.datatype();
        tensor.int64(at, number);
        return "";
    }

    private static boolean fits(long number, Datatype datatype) {
        return switch (datatype) {
            case BOOL -> number == 0 || number == 1;
            case INT8 -> number == (byte) number;
            case INT16 -> number == (short) number;
            case INT32 -> number == (int) number;
            case UINT8 -> number >= 0 && number < 1 << 8;
            case UINT16 -> number >= 0 && number < 1 << 16;
            case UINT32 -> number >= 0 && number < 1L << 32;
            case UINT64 -> number >= 0;
            case INT64, FP16, BF16, FP32, FP64 -> true;
            case BYTES -> false;
        };
    }
}
