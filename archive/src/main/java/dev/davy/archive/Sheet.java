package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import dev.davy.storage.Position;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalDouble;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/// A file of the archive while its rows come together, in a table of DuckDB. For one thread.
final class Sheet implements AutoCloseable {
    /// Groups that a reader can skip by their smallest and largest id, or read side by side.
    private static final int ROW_GROUP = 100_000;

    /// What decides in which file a row belongs.
    record Key(Kind kind, int node, String endpoint, long layout, String day) {}

    private final Duck duck;
    private final Key key;
    private final String table;
    private final Position from;
    private final DuckDBAppender appender;
    private long rows;

    Sheet(Duck duck, Key key, String table, String columns, Position from) {
        this.duck = duck;
        this.key = key;
        this.table = table;
        this.from = from;
        duck.execute("CREATE TABLE " + Duck.name(table) + " (" + columns + ")");
        appender = duck.appender(table);
    }

    /// Writes one row through `cells`; all of it or nothing.
    void row(Cells cells) {
        try {
            appender.beginRow();
            cells.write(this);
            appender.endRow();
            rows++;
        } catch (SQLException e) {
            throw new IllegalStateException("a row of the archive can't be written", e);
        }
    }

    /// Writes the cells of a row, in the order of the columns.
    @FunctionalInterface
    interface Cells {
        void write(Sheet sheet) throws SQLException;
    }

    void text(@Nullable String text) throws SQLException {
        if (text == null) appender.appendNull();
        else appender.append(text);
    }

    void time(@Nullable Instant instant) throws SQLException {
        if (instant == null) appender.appendNull();
        else appender.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
    }

    void number(double number) throws SQLException {
        appender.append(number);
    }

    void number(OptionalDouble number) throws SQLException {
        if (number.isEmpty()) appender.appendNull();
        else appender.append(number.getAsDouble());
    }

    void integer(long number) throws SQLException {
        appender.append(number);
    }

    void small(int number) throws SQLException {
        appender.append(number);
    }

    void flag(@Nullable Boolean flag) throws SQLException {
        if (flag == null) appender.appendNull();
        else appender.append(flag.booleanValue());
    }

    void list(List<?> list) throws SQLException {
        appender.append(list);
    }

    void missing() throws SQLException {
        appender.appendNull();
    }

    /// Writes the file and brings it to its place.
    ArchiveFile keep(Shelf shelf) {
        close();
        var fresh = shelf.fresh("archive-" + table + ".parquet");
        write(duck, "SELECT * FROM " + Duck.name(table), fresh);
        var place = Shelf.place(key.kind(), key.endpoint(), key.layout(), key.day(), from, 1);
        long bytes = shelf.bring(fresh, place);
        return new ArchiveFile(
                place, key.kind(), key.endpoint(), key.layout(), key.day(), rows, bytes, 1);
    }

    /// Writes what a query gives as Parquet.
    static void write(Duck duck, String query, Path file) {
        duck.execute(
                "COPY ("
                        + query
                        + ") TO "
                        + Duck.text(file.toString())
                        + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE "
                        + ROW_GROUP
                        + ")");
    }

    void drop() {
        duck.execute("DROP TABLE IF EXISTS " + Duck.name(table));
    }

    @Override
    public void close() {
        try {
            if (!appender.isClosed()) appender.close();
        } catch (SQLException e) {
            throw new IllegalStateException("rows of the archive can't be written", e);
        }
    }
}
