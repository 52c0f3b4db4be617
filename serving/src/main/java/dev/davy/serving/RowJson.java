package dev.davy.serving;

import dev.davy.schema.Column;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.schema.Schema;
import dev.davy.strict.Audio;
import dev.davy.strict.Csv;
import dev.davy.strict.Images;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Numbers;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads rows as people write them: JSON objects and cells of tables, typed by the endpoint's
/// columns.
public final class RowJson {

    private static final int VIOLATIONS_SHOWN = 20;

    private final Schema schema;
    private final List<String> violations = new ArrayList<>();

    private RowJson(Schema schema) {
        this.schema = schema;
    }

    /// Rows from JSON objects.
    ///
    /// Numbers are numbers, times are ISO 8601 with an offset, vectors are arrays of numbers
    /// (nested or flat), images and recordings are base64.
    ///
    /// @throws Problem MALFORMED `rows-malformed` with all that is wrong; TOO_LARGE `too-many-rows`
    public static List<Row> rows(List<JsonNode> objects, Schema schema, Limits limits) {
        if (objects.size() > limits.callRows()) throw tooMany(objects.size(), limits);
        var reading = new RowJson(schema);
        var rows = new ArrayList<Row>(objects.size());
        for (int i = 0; i < objects.size(); i++)
            rows.add(reading.row(objects.get(i), objects.size() == 1 ? "" : "row " + i + ": "));
        reading.done(Problem.Kind.MALFORMED, "rows-malformed", "The rows can't be read.");
        return rows;
    }

    /// Rows from a table, to its end.
    ///
    /// @throws Problem UNACCEPTABLE `table-malformed` with all that is wrong, by line; TOO_LARGE
    ///   `too-many-rows`, `too-many-cells`
    public static List<Row> table(Csv.Reader table, Schema schema, Limits limits)
            throws IOException {
        var reading = new RowJson(schema);
        var rows = new ArrayList<Row>();
        int columns = table.header().size();
        for (var line = table.next(); line.isPresent(); line = table.next()) {
            switch (line.get()) {
                case Csv.CsvRow row ->
                        rows.add(
                                reading.row(
                                        table.header(), row.cells(), "line " + row.line() + ": "));
                case Csv.Reject reject ->
                        reading.violations.add("line " + reject.line() + ": " + reject.reason());
            }
            if (rows.size() > limits.callRows()) throw tooMany(rows.size(), limits);
            if ((long) rows.size() * columns > limits.callCells())
                throw new Problem(
                        Problem.Kind.TOO_LARGE,
                        "too-many-cells",
                        "The table is too large for one call.",
                        "It has more than " + limits.callCells() + " cells.",
                        "Send it in parts.");
            if (reading.violations.size() >= VIOLATIONS_SHOWN) break;
        }
        reading.done(
                Problem.Kind.UNACCEPTABLE, "table-malformed", "Lines of the table can't be read.");
        if (rows.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "table-empty",
                    "The table has no rows.",
                    "There is nothing to predict.",
                    "Send at least one row below the header.");
        return rows;
    }

    /// The refusal of a call that asks for too many predictions.
    public static Problem tooMany(long rows, Limits limits) {
        return new Problem(
                Problem.Kind.TOO_LARGE,
                "too-many-rows",
                "The call has " + rows + " rows or more.",
                "One call takes " + limits.callRows() + " at most.",
                "Send them in parts.");
    }

    /// One row from cells of text, by column; an empty cell is missing.
    ///
    /// @throws Problem MALFORMED `rows-malformed` with all that is wrong
    public static Row row(List<String> header, List<String> cells, Schema schema) {
        var reading = new RowJson(schema);
        var row = reading.row(header, cells, "");
        reading.done(Problem.Kind.MALFORMED, "rows-malformed", "The row can't be read.");
        return row;
    }

    private Row row(List<String> header, List<String> cells, String where) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < header.size(); i++) {
            var name = header.get(i);
            var column = schema.column(name);
            if (column.isPresent())
                values.put(
                        name,
                        cells.get(i).isEmpty() ? null : cell(column.get(), cells.get(i), where));
            else values.put(name, cells.get(i)); // told as unknown with everything else
        }
        return of(values);
    }

    /// A row of these values.
    @SuppressWarnings(
            "NullAway") // a record's constructor loses the annotation of its component's type
    // arguments in the class file
    public static Row of(Map<String, @Nullable Object> values) {
        return new Row(values);
    }

    private void done(Problem.Kind kind, String code, String what) {
        if (violations.isEmpty()) return;
        throw new Problem(
                kind,
                code,
                what,
                violations.size() > VIOLATIONS_SHOWN
                        ? violations.subList(0, VIOLATIONS_SHOWN)
                        : violations,
                "Send values of the columns' types.");
    }

    private Row row(JsonNode object, String where) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        if (!object.isObject()) {
            violations.add(
                    where + "a row is an object of values by column name, not " + shown(object));
            return of(values);
        }
        for (var field : object.properties()) {
            var column = schema.column(field.getKey());
            if (field.getValue().isNull()) values.put(field.getKey(), null);
            else if (column.isPresent())
                values.put(field.getKey(), value(column.get(), field.getValue(), where));
            else
                values.put(
                        field.getKey(),
                        field.getValue().isValueNode() ? field.getValue().asString() : null);
        }
        return of(values);
    }

    private @Nullable Object value(Column column, JsonNode node, String where) {
        switch (column.type()) {
            case NUMBER -> {
                if (node.isNumber() && Double.isFinite(node.doubleValue()))
                    return node.doubleValue();
            }
            case INTEGER -> {
                if (node.isIntegralNumber() && node.canConvertToLong()) return node.longValue();
                if (node.isNumber()
                        && node.doubleValue() == Math.rint(node.doubleValue())
                        && Math.abs(node.doubleValue()) < 1L << 53)
                    return (long) node.doubleValue();
            }
            case CATEGORY, TEXT -> {
                if (node.isString()) return node.stringValue();
            }
            case BOOLEAN -> {
                if (node.isBoolean()) return node.booleanValue();
            }
            case TIME -> {
                var time = node.isString() ? time(node.stringValue()) : Optional.<Instant>empty();
                if (time.isPresent()) return time.get();
            }
            case VECTOR -> {
                var numbers = new ArrayList<Double>();
                if (node.isArray() && flatten(node, numbers)) {
                    var floats = new float[numbers.size()];
                    for (int i = 0; i < floats.length; i++) floats[i] = numbers.get(i).floatValue();
                    return floats;
                }
            }
            case IMAGE, AUDIO -> {
                if (node.isString()) return media(column, node.stringValue(), where);
            }
        }
        violations.add(
                where
                        + "'"
                        + column.name()
                        + "' is "
                        + shown(node)
                        + "; it must be "
                        + wanted(column));
        return null;
    }

    private @Nullable Object cell(Column column, String cell, String where) {
        try {
            return switch (column.type()) {
                case NUMBER -> Numbers.decimal(cell);
                case INTEGER -> Numbers.integer(cell);
                case CATEGORY, TEXT -> cell;
                case BOOLEAN ->
                        switch (cell) {
                            case "true", "1" -> true;
                            case "false", "0" -> false;
                            default -> refused(column, cell, where);
                        };
                case TIME -> {
                    var time = time(cell);
                    yield time.isPresent() ? time.get() : refused(column, cell, where);
                }
                case VECTOR, IMAGE, AUDIO -> refused(column, cell, where);
            };
        } catch (Problem notANumber) {
            return refused(column, cell, where);
        }
    }

    private @Nullable Object refused(Column column, String cell, String where) {
        var shown = cell.length() > 40 ? cell.substring(0, 40) + "…" : cell;
        violations.add(
                where + "'" + column.name() + "' is '" + shown + "'; it must be " + wanted(column));
        return null;
    }

    private static boolean flatten(JsonNode array, List<Double> into) {
        for (var each : array) {
            if (each.isArray()) {
                if (!flatten(each, into)) return false;
            } else if (each.isNumber() && Math.abs(each.doubleValue()) <= Float.MAX_VALUE) {
                into.add(each.doubleValue());
            } else {
                return false;
            }
        }
        return true;
    }

    private @Nullable Media media(Column column, String base64, String where) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            violations.add(
                    where + "'" + column.name() + "' is not base64; it must be " + wanted(column));
            return null;
        }
        var type =
                column.type() == dev.davy.schema.ColumnType.IMAGE
                        ? Images.sniff(bytes)
                        : Audio.sniff(bytes);
        if (type.isPresent()) return new Media(type.get(), bytes);
        violations.add(
                where
                        + "'"
                        + column.name()
                        + "' holds no file that is read here; it must be "
                        + wanted(column));
        return null;
    }

    /// A time with an offset, as an instant; years 1 to 9999, as microseconds can say them.
    static Optional<Instant> time(String text) {
        try {
            var time = OffsetDateTime.parse(text);
            return time.getYear() < 1 || time.getYear() > 9999
                    ? Optional.empty()
                    : Optional.of(time.toInstant());
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static String wanted(Column column) {
        return switch (column.type()) {
            case NUMBER -> "a number";
            case INTEGER -> "a whole number";
            case CATEGORY, TEXT -> "a text";
            case BOOLEAN -> "true or false";
            case TIME -> "a time like 2026-11-21T10:15:00Z";
            case VECTOR -> "an array of numbers";
            case IMAGE -> "a PNG, JPEG, GIF or BMP file in base64";
            case AUDIO -> "a WAV file in base64";
        };
    }

    private static String shown(JsonNode node) {
        var text = Json.text(node);
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
