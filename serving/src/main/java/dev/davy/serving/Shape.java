package dev.davy.serving;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Signature;
import dev.davy.runtime.TensorSpec;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What an endpoint takes and gives, in both of its forms: rows of named columns, and tensors.
///
/// @param rows the columns of a row
/// @param outputs what a row's answer holds
/// @param signature the tensors of the Open Inference Protocol
/// @param direct the tensors are those of the endpoint's only model and go to it as they are;
///   otherwise each column is a tensor and tensors become rows first
/// @param tensors the columns by which the log names the tensors of a direct endpoint
/// @param entityColumn the column that holds the entity
public record Shape(
        Schema rows,
        List<Output> outputs,
        Signature signature,
        boolean direct,
        Schema tensors,
        Optional<String> entityColumn,
        long rowsHash,
        long tensorsHash) {

    static Shape of(
            Endpoint endpoint, Schema rows, List<Output> outputs, Optional<Signature> model) {
        var entityColumn = endpoint.entity().map(path -> path.substring("input.".length()));
        if (model.isPresent()) {
            var tensors = tensorColumns(model.get(), rows);
            return new Shape(
                    rows,
                    outputs,
                    model.get(),
                    true,
                    tensors,
                    entityColumn,
                    rows.hash(),
                    tensors.hash());
        }
        return new Shape(
                rows,
                outputs,
                columnTensors(rows, outputs),
                false,
                rows,
                entityColumn,
                rows.hash(),
                rows.hash());
    }

    /// The columns by which the log names a model's tensors: those of the row where they mean the
    /// same, so that what is never logged of a row is never logged of a tensor.
    private static Schema tensorColumns(Signature signature, Schema rows) {
        var columns = new LinkedHashMap<String, Column>();
        for (var spec : signature.inputs()) {
            var base = spec.columnName();
            var name = base;
            for (int at = 2; columns.containsKey(name); at++) name = base + "_" + at;
            var column = rows.column(name);
            columns.put(
                    name,
                    column.isPresent() && isScalar(column.get().type()) == isScalar(spec)
                            ? column.get()
                            : column(name, spec));
        }
        return new Schema(List.copyOf(columns.values()));
    }

    private static boolean isScalar(ColumnType type) {
        return switch (type) {
            case IMAGE, AUDIO, VECTOR -> false;
            case NUMBER, INTEGER, CATEGORY, TEXT, BOOLEAN, TIME -> true;
        };
    }

    private static boolean isScalar(TensorSpec spec) {
        return spec.shape().isEmpty() || spec.rowElements() == 1;
    }

    private static Column column(String name, TensorSpec spec) {
        if (!isScalar(spec)) {
            var shape =
                    spec.leads() && spec.rowElements() > 0
                            ? spec.shape().subList(1, spec.shape().size())
                            : spec.shape();
            return new Column(
                    name,
                    ColumnType.VECTOR,
                    true,
                    List.of(),
                    LogPolicy.KEEP,
                    shape,
                    Optional.empty(),
                    Optional.empty());
        }
        return Column.of(
                name,
                switch (spec.datatype()) {
                    case BOOL -> ColumnType.BOOLEAN;
                    case FP16, BF16, FP32, FP64 -> ColumnType.NUMBER;
                    case BYTES -> ColumnType.TEXT;
                    default -> ColumnType.INTEGER;
                });
    }

    /// One tensor a column, one row after the other: how an endpoint of several components is
    /// called over the protocol.
    private static Signature columnTensors(Schema rows, List<Output> outputs) {
        var inputs = new ArrayList<TensorSpec>();
        for (var column : rows.columns())
            inputs.add(
                    switch (column.type()) {
                        case NUMBER ->
                                new TensorSpec(column.name(), Datatype.FP64, List.of(-1L, 1L));
                        case INTEGER ->
                                new TensorSpec(column.name(), Datatype.INT64, List.of(-1L, 1L));
                        case BOOLEAN ->
                                new TensorSpec(column.name(), Datatype.BOOL, List.of(-1L, 1L));
                        case CATEGORY, TEXT, TIME, IMAGE, AUDIO ->
                                new TensorSpec(column.name(), Datatype.BYTES, List.of(-1L, 1L));
                        case VECTOR -> {
                            var shape = new ArrayList<Long>();
                            shape.add(-1L);
                            shape.addAll(column.shape());
                            yield new TensorSpec(column.name(), Datatype.FP32, shape);
                        }
                    });
        var answers = new ArrayList<TensorSpec>();
        for (var output : outputs)
            answers.add(
                    switch (output.kind()) {
                        case OutputKind.Number _ ->
                                new TensorSpec(output.name(), Datatype.FP64, List.of(-1L, 1L));
                        case OutputKind.Vector(int size) ->
                                new TensorSpec(
                                        output.name(),
                                        Datatype.FP32,
                                        List.of(-1L, size > 0 ? (long) size : -1L));
                        case OutputKind.Category _,
                                OutputKind.MultiLabel _,
                                OutputKind.Text _,
                                OutputKind.Boxes _,
                                OutputKind.Ranking _ ->
                                new TensorSpec(output.name(), Datatype.BYTES, List.of(-1L, 1L));
                    });
        return new Signature(inputs, answers);
    }
}
