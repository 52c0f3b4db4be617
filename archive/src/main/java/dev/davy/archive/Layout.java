package dev.davy.archive;

import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The columns of an endpoint's files of predictions: those that all have, then the inputs and
/// outputs, each with its type.
///
/// @param number `schema=N` in the path
record Layout(String endpoint, long number, List<Field> fields) {
    /// Of all predictions. Text where another type would not be read the same everywhere.
    static final List<String[]> COMMON =
            List.of(
                    new String[] {"id", "VARCHAR"},
                    new String[] {"request", "VARCHAR"},
                    new String[] {"entity", "VARCHAR"},
                    new String[] {"event_time", "TIMESTAMPTZ"},
                    new String[] {"received", "TIMESTAMPTZ"},
                    new String[] {"origin", "VARCHAR"},
                    new String[] {"epoch", "BIGINT"},
                    new String[] {"arm_assigned", "VARCHAR"},
                    new String[] {"arm", "VARCHAR"},
                    new String[] {"version", "VARCHAR"},
                    new String[] {"latency_ms", "DOUBLE"},
                    new String[] {"decided_by", "VARCHAR"},
                    new String[] {"reason", "VARCHAR"},
                    new String[] {"failure", "VARCHAR"},
                    new String[] {"confidence", "DOUBLE"},
                    new String[] {"review_probability", "DOUBLE"},
                    new String[] {"capture_probability", "DOUBLE"});

    /// Behind the fields.
    static final List<String[]> BEHIND =
            List.of(
                    new String[] {
                        "components",
                        "STRUCT(component VARCHAR, version VARCHAR, digest VARCHAR, latency_ms DOUBLE,"
                                + " output VARCHAR, scores VARCHAR, confidence DOUBLE,"
                                + " skipped BOOLEAN, failure VARCHAR)[]"
                    },
                    new String[] {"extra", "VARCHAR"},
                    new String[] {"log_node", "INTEGER"},
                    new String[] {"log_epoch", "BIGINT"},
                    new String[] {"log_offset", "BIGINT"});

    Layout {
        fields = List.copyOf(fields);
    }

    /// The fields of an input schema and outputs.
    static List<Field> fields(Optional<Schema> schema, List<Output> outputs) {
        var fields = new ArrayList<Field>();
        var taken = new HashSet<String>();
        if (schema.isPresent()) {
            int index = 0;
            for (var column : schema.get().columns()) inputs(column, index++, fields, taken);
        }
        for (var output : outputs)
            fields.add(
                    new Field(
                            free("output_" + output.name(), taken),
                            type(output.kind()),
                            Field.Of.OUTPUT,
                            output.name(),
                            -1,
                            Optional.of(output.kind().name())));
        return List.copyOf(fields);
    }

    private static void inputs(Column column, int index, List<Field> fields, Set<String> taken) {
        if (column.log() == LogPolicy.NEVER) return;
        var source = column.name();
        var name = free("input_" + source, taken);
        boolean hashed = column.log() == LogPolicy.HASH;
        boolean large =
                !hashed
                        && (column.type() == ColumnType.IMAGE
                                || column.type() == ColumnType.AUDIO
                                || column.type() == ColumnType.VECTOR);
        if (hashed || !large || column.type() == ColumnType.VECTOR)
            fields.add(
                    new Field(
                            name,
                            hashed ? "VARCHAR" : type(column.type()),
                            Field.Of.INPUT,
                            source,
                            index,
                            Optional.empty()));
        if (!large) return;
        var blob = column.type() == ColumnType.VECTOR ? free(name + "_blob", taken) : name;
        fields.add(new Field(blob, "VARCHAR", Field.Of.BLOB, source, index, Optional.empty()));
        fields.add(
                new Field(
                        free(name + "_info", taken),
                        "VARCHAR",
                        Field.Of.INFO,
                        source,
                        index,
                        Optional.empty()));
    }

    /// Names that differ in case only would be one to most who read them.
    private static String free(String name, Set<String> taken) {
        var free = name;
        for (int i = 2; !taken.add(free.toLowerCase(Locale.ROOT)); i++) free = name + "_" + i;
        return free;
    }

    private static String type(ColumnType type) {
        return switch (type) {
            case NUMBER -> "DOUBLE";
            case INTEGER -> "BIGINT";
            case BOOLEAN -> "BOOLEAN";
            case TIME -> "TIMESTAMPTZ";
            case VECTOR -> "DOUBLE[]";
            case CATEGORY, TEXT, IMAGE, AUDIO -> "VARCHAR";
        };
    }

    private static String type(OutputKind kind) {
        return switch (kind) {
            case OutputKind.Number _ -> "DOUBLE";
            case OutputKind.Vector _ -> "DOUBLE[]";
            case OutputKind.MultiLabel _ -> "VARCHAR[]";
            case OutputKind.Category _, OutputKind.Text _ -> "VARCHAR";
            // Of several shapes: JSON.
            case OutputKind.Boxes _, OutputKind.Ranking _ -> "VARCHAR";
        };
    }

    List<Field> outputs() {
        return fields.stream().filter(Field::isOutput).toList();
    }

    /// All columns with their types, as a table is made of them.
    String columns() {
        var columns = new ArrayList<String>();
        for (var each : COMMON) columns.add(Duck.name(each[0]) + " " + each[1]);
        for (var each : fields) columns.add(Duck.name(each.name()) + " " + each.type());
        for (var each : BEHIND) columns.add(Duck.name(each[0]) + " " + each[1]);
        return String.join(", ", columns);
    }

    /// The names of all columns, in order.
    String names() {
        var names = new ArrayList<String>();
        for (var each : COMMON) names.add(Duck.name(each[0]));
        for (var each : fields) names.add(Duck.name(each.name()));
        for (var each : BEHIND) names.add(Duck.name(each[0]));
        return String.join(", ", names);
    }

    static JsonNode json(List<Field> fields) {
        var list = Json.array();
        for (var field : fields) list.add(field.json());
        return list;
    }

    static List<Field> read(JsonNode json) {
        var fields = new ArrayList<Field>();
        for (var each : json) fields.add(Field.read(each));
        return fields;
    }
}
