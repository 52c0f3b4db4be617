package dev.davy.stats;

import dev.davy.strict.Fields;
import dev.davy.strict.Gzip;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a table looks like: how many rows, and of each column a [ColumnProfile].
///
/// A value with [#merge]: associative, commutative, with [#EMPTY] as its identity. Counts,
/// quantiles and frequencies merge exactly; the moments' sums of floating point commute exactly and
/// associate to 1e-9. The same rows in the same order give the same bytes. Texts are kept as they
/// came: columns that must not be, leave out or hash before.
///
/// @param rows how many rows were seen
/// @param columns by name, in the order of their names; each column's count is `rows`
public record Profile(long rows, SortedMap<String, ColumnProfile> columns) {
    /// The profile of no rows.
    public static final Profile EMPTY = new Profile(0, new TreeMap<>());

    /// What a double, in which the sketch counts, can count.
    static final long ROWS_MAX = 1L << 53;

    // 1 had neither different values, lengths, frequent texts nor bins; all of these may lack.
    private static final String FORMAT = "davy-profile-2";
    private static final Set<String> READABLE = Set.of("davy-profile-1", FORMAT);

    /// What compressed bytes may become.
    private static final long BYTES_MAX = 256L << 20;

    public Profile {
        var sorted =
                new TreeMap<String, ColumnProfile>(); // by the texts, whatever the other's order
        sorted.putAll(columns);
        columns = Collections.unmodifiableSortedMap(sorted);
        if (rows < 0) throw new IllegalArgumentException(rows + " rows");
        for (var column : columns.entrySet())
            if (column.getValue().count() != rows)
                throw new IllegalArgumentException(
                        "%s has %d of %d rows"
                                .formatted(column.getKey(), column.getValue().count(), rows));
    }

    /// Both tables as one. Rows of a table that lacks a column miss its value.
    public Profile merge(Profile other) {
        var both = new TreeMap<String, ColumnProfile>();
        columns.forEach((name, column) -> both.put(name, column.merge(other.column(name))));
        other.columns.forEach((name, column) ->
                both.computeIfAbsent(name, _ -> ColumnProfile.missing(rows).merge(column)));
        return new Profile(rows + other.rows, both);
    }

    private ColumnProfile column(String name) {
        var column = columns.get(name);
        return column == null ? ColumnProfile.missing(rows) : column;
    }

    /// For storing and sending; `read(json())` is this profile again.
    public JsonNode json() {
        var named = Json.object();
        columns.forEach((name, column) -> named.set(name, column.json()));
        var json = Json.object().put("format", FORMAT).put("rows", rows);
        json.set("columns", named);
        return json;
    }

    /// Reads what [#json] wrote.
    ///
    /// @throws dev.davy.strict.Problem UNACCEPTABLE with all violations at once, where it isn't
    ///   that or where its counts contradict each other
    public static Profile read(JsonNode node) {
        var fields = Fields.of(node, "The profile");
        if (!READABLE.contains(fields.text("format")))
            fields.violation("format", "must be " + FORMAT);
        long rows = fields.integer("rows", 0, ROWS_MAX);
        var columns = new TreeMap<String, ColumnProfile>();
        fields.objectsByName("columns")
                .forEach((name, of) ->
                        ColumnProfile.read(of).ifPresent(column -> columns.put(name, column)));
        for (var column : columns.entrySet())
            if (column.getValue().count() != rows)
                fields.violation("columns." + column.getKey(), "must count all " + rows + " rows");
        fields.done();
        return new Profile(rows, columns);
    }

    /// As few bytes as it takes; `read(bytes())` is this profile again, also in later releases.
    public byte[] bytes() {
        return Gzip.gzip(Json.write(json()));
    }

    /// Reads what [#bytes] wrote.
    ///
    /// @throws dev.davy.strict.Problem as [#read(JsonNode)], and where it is no compressed JSON
    public static Profile read(byte[] bytes) {
        return read(Json.read(Gzip.inflate(bytes, BYTES_MAX), Limits.DEFAULT));
    }

    /// Of columns that were counted apart.
    public static Profile of(long rows, Map<String, ColumnCounter> counters) {
        var columns = new TreeMap<String, ColumnProfile>();
        counters.forEach((name, counter) -> columns.put(name, counter.profile()));
        return new Profile(rows, columns);
    }

    /// Counts rows one by one; for one thread.
    public static final class Builder {
        private final Map<String, ColumnCounter> counters = new HashMap<>();
        private long rows;

        /// Finds the columns in the rows.
        public Builder() {
            this(List.of());
        }

        /// These columns are there even if no row has a value for them.
        public Builder(Collection<String> columns) {
            for (var name : columns) counters.put(name, new ColumnCounter(0));
        }

        /// Counts one row. A value is a number, a text, a boolean, an `Instant` (counted as seconds
        /// since 1970), or anything else, which is only counted; `null` and an absent column are
        /// missing.
        public Builder add(Map<String, ? extends @Nullable Object> row) {
            row.forEach((name, value) ->
                    counters.computeIfAbsent(name, _ -> new ColumnCounter(rows)).add(value));
            rows++;
            if (counters.size() > row.size())
                for (var counter : counters.values()) if (counter.count() < rows) counter.add(null);
            return this;
        }

        /// The rows so far; more may follow.
        public Profile build() {
            var columns = new TreeMap<String, ColumnProfile>();
            counters.forEach((name, counter) -> columns.put(name, counter.profile()));
            return new Profile(rows, columns);
        }
    }
}
