package dev.davy.serving.past;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Tensor;
import dev.davy.runtime.TensorSpec;
import dev.davy.schema.ColumnType;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.schema.Schema;
import dev.davy.serving.Prediction;
import dev.davy.serving.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The inputs of a prediction as they came, made of what was kept of them.
public sealed interface Restored {
    /// As a row.
    record OfRow(Row row) implements Restored {}

    /// As tensors of one row, in the order of the signature.
    record OfTensors(List<Tensor> tensors) implements Restored {}

    /// Of what was hashed, withheld, or not kept, nothing can be made again.
    ///
    /// @param shape of the endpoint now, which is asked
    static Optional<Restored> of(Logged logged, Shape shape) {
        var row = row(logged, shape.rows());
        if (row.isPresent()) return Optional.of(new OfRow(row.get()));
        return shape.direct() ? tensors(logged, shape) : Optional.empty();
    }

    /// The inputs as a row of these columns.
    static Optional<Row> row(Logged logged, Schema input) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        var inputs = logged.prediction().inputs();
        if (inputs.isEmpty()) return Optional.empty();
        for (int i = 0; i < inputs.size(); i++) {
            var is = inputs.get(i);
            if (i >= logged.columns().size()) return Optional.empty();
            var name = logged.columns().get(i);
            var column = input.column(name);
            if (column.isEmpty()) return Optional.empty();
            if (is == null) continue;
            var value = value(is, column.get().type(), logged.content().get(name));
            if (value.isEmpty()) return Optional.empty();
            values.put(name, value.get());
        }
        @SuppressWarnings("NullAway") // a record's constructor loses its annotation in class files
        var row = new Row(values);
        return input.violations(row).isEmpty() ? Optional.of(row) : Optional.empty();
    }

    /// Some columns of the inputs as a row; empty where one of them was not kept.
    ///
    /// @param input the schema of the prediction itself
    /// @param needed the columns that make a difference to whoever is asked
    static Optional<Row> row(Logged logged, Schema input, Set<String> needed) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        var inputs = logged.prediction().inputs();
        for (var name : needed) {
            int place = logged.columns().indexOf(name);
            var column = input.column(name);
            if (place < 0 || place >= inputs.size() || column.isEmpty()) return Optional.empty();
            var is = inputs.get(place);
            if (is == null) continue;
            var value = value(is, column.get().type(), logged.content().get(name));
            if (value.isEmpty()) return Optional.empty();
            values.put(name, value.get());
        }
        return Optional.of(new Row(values));
    }

    private static Optional<Object> value(
            Object is, ColumnType type, Logged.@Nullable Content content) {
        return switch (is) {
            case Double _, Long _, String _, Boolean _, Instant _ -> Optional.of(is);
            case Prediction.Numbers(var _, var numbers) when type == ColumnType.VECTOR -> {
                var floats = new float[numbers.size()];
                for (int i = 0; i < floats.length; i++) floats[i] = numbers.get(i).floatValue();
                yield Optional.of(floats);
            }
            case Prediction.Summary _ when content != null -> media(content, type);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> media(Logged.Content content, ColumnType type) {
        return switch (type) {
            case IMAGE, AUDIO ->
                    content.contentType().startsWith("tensor/")
                            ? Optional.empty()
                            : Optional.of(new Media(content.contentType(), content.bytes()));
            case VECTOR -> {
                if (!content.contentType().equals("tensor/FP32")) yield Optional.empty();
                var floats = new float[content.bytes().length / 4];
                ByteBuffer.wrap(content.bytes())
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer()
                        .get(floats);
                yield Optional.of(floats);
            }
            case NUMBER, INTEGER, CATEGORY, BOOLEAN, TEXT, TIME -> Optional.empty();
        };
    }

    private static Optional<Restored> tensors(Logged logged, Shape shape) {
        var specs = shape.signature().inputs();
        var names = shape.tensors().columns();
        var inputs = logged.prediction().inputs();
        if (specs.size() != names.size() || inputs.size() != specs.size()) return Optional.empty();
        var tensors = new ArrayList<Tensor>();
        for (int i = 0; i < specs.size(); i++) {
            var name = names.get(i).name();
            var is = inputs.get(i);
            if (i >= logged.columns().size() || !logged.columns().get(i).equals(name) || is == null)
                return Optional.empty();
            var tensor = tensor(specs.get(i), is, logged.content().get(name));
            if (tensor.isEmpty()) return Optional.empty();
            tensors.add(tensor.get());
        }
        return Optional.of(new OfTensors(List.copyOf(tensors)));
    }

    private static Optional<Tensor> tensor(
            TensorSpec spec, Object is, Logged.@Nullable Content content) {
        return switch (is) {
            case Prediction.Summary _ when content != null ->
                    content.contentType().equals("tensor/" + spec.datatype())
                            ? ofBytes(spec, content.bytes())
                            : Optional.empty();
            case Prediction.Numbers(var _, var numbers) -> ofNumbers(spec, numbers);
            case Double number -> ofNumbers(spec, List.of(number));
            case Long number -> ofNumbers(spec, List.of(number));
            case Boolean flag -> ofNumbers(spec, List.of(flag ? 1L : 0L));
            case String text -> ofTexts(spec, List.of(text));
            case List<?> texts -> ofTexts(spec, texts);
            default -> Optional.empty();
        };
    }

    private static Optional<Tensor> ofBytes(TensorSpec spec, byte[] bytes) {
        return shape(spec, bytes.length / Math.max(1, spec.datatype().bytes()))
                .map(of -> Tensor.onHeap(spec.datatype(), of, bytes));
    }

    private static Optional<Tensor> ofNumbers(TensorSpec spec, List<? extends Number> numbers) {
        if (spec.datatype() == Datatype.BYTES) return Optional.empty();
        return shape(spec, numbers.size()).map(of -> filled(spec.datatype(), of, numbers));
    }

    private static Tensor filled(Datatype type, long[] shape, List<? extends Number> numbers) {
        var tensor = Tensor.direct(type, shape);
        for (int i = 0; i < numbers.size(); i++) {
            var number = numbers.get(i);
            if (number instanceof Double || number instanceof Float)
                tensor.float64(i, number.doubleValue());
            else tensor.int64(i, number.longValue());
        }
        return tensor;
    }

    private static Optional<Tensor> ofTexts(TensorSpec spec, List<?> texts) {
        if (spec.datatype() != Datatype.BYTES) return Optional.empty();
        var bytes = new byte[texts.size()][];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = String.valueOf(texts.get(i)).getBytes(StandardCharsets.UTF_8);
        return shape(spec, bytes.length).map(of -> Tensor.ofBytes(of, bytes));
    }

    /// The shape of one row with so many elements, where at most one of its axes is not known. What
    /// came whole, since its rows can't be told apart, may have any number of them.
    private static Optional<long[]> shape(TensorSpec spec, long elements) {
        var oneRow = shape(spec, elements, spec.leads());
        return oneRow.isPresent() ? oneRow : shape(spec, elements, false);
    }

    private static Optional<long[]> shape(TensorSpec spec, long elements, boolean oneRow) {
        var shape = new long[spec.shape().size()];
        int open = -1;
        long known = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            long size = spec.shape().get(axis);
            if (axis == 0 && oneRow) size = 1;
            if (size < 0 && open >= 0) return Optional.empty();
            if (size < 0) open = axis;
            else known *= size;
            shape[axis] = size;
        }
        if (known == 0 || elements % known != 0) return Optional.empty();
        if (open >= 0) shape[open] = elements / known;
        else if (known != elements) return Optional.empty();
        return Optional.of(shape);
    }
}
