package dev.davy.stats;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a table looks like: how many rows, and of each column a [ColumnProfile].
///
/// A value with [#merge]: associative, commutative, with [#EMPTY] as its identity (sums of floating
/// point to 1e-9 of their size, all else exactly).
///
/// @param rows how many rows were seen
/// @param columns by name, in the order of their names; each column's count is `rows`
@SuppressWarnings("DoNotCallSuggester") // bodies follow
public record Profile(long rows, SortedMap<String, ColumnProfile> columns) {
    /// The profile of no rows.
    public static final Profile EMPTY = new Profile(0, new TreeMap<>());

    /// Both tables as one.
    public Profile merge(Profile other) {
        throw new IllegalStateException("not there yet");
    }

    public JsonNode json() {
        throw new IllegalStateException("not there yet");
    }

    /// Reads what [#json] wrote; throws a `Problem` when it isn't that.
    public static Profile read(JsonNode node) {
        throw new IllegalStateException("not there yet");
    }

    /// Counts rows one by one; for one thread.
    public static final class Builder {
        /// Counts one row. A value is a number, a text, a boolean, an `Instant` (counted as seconds
        /// since 1970), or anything else, which is only counted; `null` and an absent column are
        /// missing.
        public Builder add(Map<String, ? extends @Nullable Object> row) {
            throw new IllegalStateException("not there yet");
        }

        public Profile build() {
            throw new IllegalStateException("not there yet");
        }
    }
}
