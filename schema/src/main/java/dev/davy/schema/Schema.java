package dev.davy.schema;

import dev.davy.strict.Fields;
import dev.davy.strict.Hashes;
import dev.davy.strict.Json;
import dev.davy.strict.Nearest;
import dev.davy.strict.Quote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The columns of an input, in order.
///
/// Written as one object by column name:
///
/// ```yaml
/// image:  {type: image, channels: 1}
/// line:   {type: category, classes: [A, B]}
/// serial: {type: text, log: hash, required: false}
/// age:    {type: integer, min: 0, max: 150}
/// power:  {type: vector, shape: [2, 128]}
/// ```
///
/// `required` is `true` and `log` is `keep` where left out.
///
/// @param columns at most 10,000, each name once
public record Schema(List<Column> columns) {
    static final int COLUMNS_MAX = 10_000;

    /// How many violations of one row are told; nobody reads more.
    static final int VIOLATIONS_MAX = 100;

    public Schema {
        columns = List.copyOf(columns);
        if (columns.size() > COLUMNS_MAX)
            throw new IllegalArgumentException(columns.size() + " columns");
        var names = new HashSet<String>();
        for (var column : columns)
            if (!names.add(column.name()))
                throw new IllegalArgumentException("column '" + column.name() + "' twice");
    }

    /// Reads the object above.
    ///
    /// @throws dev.davy.strict.Problem UNACCEPTABLE with all violations at once
    public static Schema read(JsonNode node) {
        var fields = Fields.of(Json.object().set("columns", node), "The schema");
        var schema = read(fields, "columns");
        fields.done();
        return schema;
    }

    /// Reads the object above, a field of a larger one. What is wrong is noted there: the schema is
    /// good for something once `done()` has passed.
    public static Schema read(Fields fields, String name) {
        var columns = new ArrayList<Column>();
        var named = fields.objectsByName(name);
        if (named.size() > COLUMNS_MAX) {
            fields.violation(name, "has " + named.size() + " columns; the limit is " + COLUMNS_MAX);
            return new Schema(List.of());
        }
        named.forEach((column, of) -> ColumnText.read(column, of).ifPresent(columns::add));
        return new Schema(columns);
    }

    /// The object above, canonical: columns in order, their keys in a fixed order, defaults left
    /// out. `read(json())` is this schema again.
    public JsonNode json() {
        var json = Json.object();
        for (var column : columns) json.set(column.name(), ColumnText.json(column));
        return json;
    }

    /// A stable 64-bit hash of [#json], the same on every machine and in every release: the first
    /// eight bytes of its SHA-256. The order of columns counts. Computed anew at each call.
    public long hash() {
        return Long.parseUnsignedLong(Hashes.sha256(Json.write(json())).substring(0, 16), 16);
    }

    /// The column of that name.
    public Optional<Column> column(String name) {
        for (var column : columns) if (column.name().equals(name)) return Optional.of(column);
        return Optional.empty();
    }

    /// Everything that is wrong with a row, a sentence each: required columns that are missing,
    /// columns that aren't in this schema, values that don't fit. Empty when nothing is wrong;
    /// after the hundredth it stops and says so.
    public List<String> violations(Row row) {
        var found = new ArrayList<String>();
        int known = 0;
        for (var column : columns) {
            var value = row.at(column.name());
            if (value != null) column.violation(value).ifPresent(found::add);
            else if (column.required())
                found.add(
                        "column "
                                + Quote.of(column.name())
                                + " is missing; every row must have it");
            if (value != null || row.values().containsKey(column.name())) known++;
            if (found.size() > VIOLATIONS_MAX) break;
        }
        if (known < row.values().size() && found.size() <= VIOLATIONS_MAX) unknown(row, found);
        if (found.size() <= VIOLATIONS_MAX) return found;
        var told = new ArrayList<>(found.subList(0, VIOLATIONS_MAX));
        told.add("and more of this kind");
        return told;
    }

    private void unknown(Row row, List<String> found) {
        var names = names();
        for (var name : row.values().keySet()) {
            if (names.contains(name)) continue;
            var hint = Nearest.hint(name, names);
            found.add(
                    "column "
                            + Quote.of(name)
                            + " is not known here"
                            + (hint.isEmpty() ? "" : ". " + hint));
            if (found.size() > VIOLATIONS_MAX) return;
        }
    }

    private Set<String> names() {
        var names = new LinkedHashSet<String>();
        for (var column : columns) names.add(column.name());
        return names;
    }

    /// What an [Expression] may say of a row of this schema: `prefix.column`, for each column that
    /// it can speak of. With an empty prefix, the column's name alone.
    public Expression.Scope scope(String prefix) {
        return new ColumnScope(prefix, this);
    }
}
