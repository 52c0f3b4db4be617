package dev.davy.batch;

import dev.davy.schema.Column;
import dev.davy.schema.Schema;
import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// A column of a Parquet file that goes into a column of an endpoint, and how.
///
/// @param sql what DuckDB is asked for
record ParquetColumn(String name, Form form, String sql) {
    /// In what form a column is read.
    enum Form {
        FLOATS,
        DOUBLES,
        LONGS,
        /// Whole numbers that were written as others, as pandas does where some are missing.
        WHOLE_DOUBLES,
        FLAGS,
        TEXTS,
        /// Microseconds since 1970.
        TIMES,
        /// Lists of numbers, as DuckDB writes them.
        VECTORS
    }

    /// The columns of a file that an endpoint takes.
    ///
    /// @param ignored gets the names of the others
    /// @throws Problem UNACCEPTABLE `columns-do-not-fit` with all that is wrong
    static List<ParquetColumn> of(Duck duck, String from, Schema schema, List<String> ignored)
            throws SQLException {
        var types = types(duck, from);
        var wrong = new ArrayList<String>();
        var columns = new ArrayList<ParquetColumn>();
        for (var column : schema.columns()) {
            var type = types.remove(column.name());
            if (type == null) {
                if (column.required())
                    wrong.add(
                            "column '"
                                    + column.name()
                                    + "' is missing. "
                                    + Nearest.hint(column.name(), types.keySet()));
                continue;
            }
            var name = Duck.name(column.name());
            var form = form(column, type);
            if (form.isEmpty())
                wrong.add(
                        "column '"
                                + column.name()
                                + "' is of type "
                                + type
                                + ", which is no "
                                + column.type().word());
            else columns.add(new ParquetColumn(column.name(), form.get(), sql(form.get(), name)));
        }
        ignored.addAll(types.keySet());
        if (wrong.isEmpty()) return columns;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "columns-do-not-fit",
                "The columns of the file do not fit the endpoint.",
                wrong.stream().map(String::strip).toList(),
                "Name the columns as the endpoint does, in its types: davy get endpoint NAME");
    }

    private static LinkedHashMap<String, String> types(Duck duck, String from) throws SQLException {
        var types = new LinkedHashMap<String, String>();
        try (var statement = duck.connection().createStatement();
                var found = statement.executeQuery("DESCRIBE SELECT * FROM " + from)) {
            while (found.next()) types.put(found.getString(1), found.getString(2));
        }
        types.remove("file_row_number");
        return types;
    }

    private static Optional<Form> form(Column column, String type) {
        boolean whole = type.matches("U?(TINYINT|SMALLINT|INTEGER|BIGINT)");
        boolean real =
                type.equals("DOUBLE") || type.startsWith("DECIMAL") || type.equals("HUGEINT");
        return Optional.ofNullable(
                switch (column.type()) {
                    case NUMBER ->
                            type.equals("FLOAT")
                                    ? Form.FLOATS
                                    : real || whole ? Form.DOUBLES : null;
                    case INTEGER ->
                            whole
                                    ? Form.LONGS
                                    : real || type.equals("FLOAT") ? Form.WHOLE_DOUBLES : null;
                    case BOOLEAN -> type.equals("BOOLEAN") ? Form.FLAGS : null;
                    case CATEGORY, TEXT ->
                            type.equals("VARCHAR") || whole || type.startsWith("ENUM")
                                    ? Form.TEXTS
                                    : null;
                    case TIME -> type.startsWith("TIMESTAMP") ? Form.TIMES : null;
                    case VECTOR -> type.matches("(FLOAT|DOUBLE)(\\[\\d*])+") ? Form.VECTORS : null;
                    case IMAGE, AUDIO -> null;
                });
    }

    private static String sql(Form form, String name) {
        return switch (form) {
            case FLOATS, FLAGS -> name;
            case DOUBLES, WHOLE_DOUBLES -> "CAST(" + name + " AS DOUBLE)";
            case LONGS -> "CAST(" + name + " AS BIGINT)";
            case TEXTS, VECTORS -> "CAST(" + name + " AS VARCHAR)";
            case TIMES -> "epoch_us(" + name + ")";
        };
    }
}
