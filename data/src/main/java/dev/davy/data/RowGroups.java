package dev.davy.data;

import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.duckdb.DuckDBConnection;

/// The row groups of a Parquet file as its footer tells them, held against each other: a file that
/// lies about its size must not be believed before it is read.
public final class RowGroups {
    private RowGroups() {}

    /// The rows of each row group, which together are those of the file.
    ///
    /// @param duck that may read the file
    /// @param malformed what is said of a file that can't be right, by the reason
    public static List<Long> of(
            DuckDBConnection duck, Path file, Function<String, Problem> malformed)
            throws SQLException {
        var groups = new ArrayList<Long>();
        var name = Duck.text(file.toString());
        try (var statement = duck.createStatement()) {
            try (var found =
                    statement.executeQuery(
                            "SELECT row_group_id, max(row_group_num_rows), max(num_values),"
                                    + " sum(total_compressed_size) FROM parquet_metadata("
                                    + name
                                    + ") GROUP BY row_group_id ORDER BY row_group_id")) {
                while (found.next()) {
                    long rows = found.getLong(2);
                    // No encoding packs a million rows into a byte: such a count is a lie.
                    if (rows < 0 || rows > found.getLong(3) || rows >> 20 > found.getLong(4))
                        throw malformed.apply(
                                "It says that a row group of %d bytes has %d rows."
                                        .formatted(found.getLong(4), rows));
                    groups.add(rows);
                }
            }
            try (var found =
                    statement.executeQuery(
                            "SELECT num_rows FROM parquet_file_metadata(" + name + ")")) {
                found.next();
                long sum = groups.stream().mapToLong(Long::longValue).sum();
                if (found.getLong(1) != sum)
                    throw malformed.apply(
                            "It says that it has %d rows; its row groups have %d."
                                    .formatted(found.getLong(1), sum));
            }
        }
        return groups;
    }
}
