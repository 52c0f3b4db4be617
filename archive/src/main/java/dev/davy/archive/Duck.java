package dev.davy.archive;

import dev.davy.strict.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// A DuckDB in memory, with limits: reads and writes Parquet and CSV. For one thread at a time.
///
/// Its native library is loaded when the first is opened (half a second, some 60 MB of memory), not
/// before.
public final class Duck implements AutoCloseable {
    /// How much it may take.
    ///
    /// @param memoryBytes beyond that it writes to the temporary folder, or fails
    /// @param threads of it beside the caller's
    /// @param temporary where it may write what does not fit; null: nowhere
    public record Bounds(long memoryBytes, int threads, @Nullable Path temporary) {}

    /// Reads one row of a result.
    @FunctionalInterface
    public interface RowReader<T extends @Nullable Object> {
        T read(ResultSet row) throws SQLException;
    }

    private static final String LIBRARY = "libduckdb_java";
    private static volatile boolean loaded;

    private final DuckDBConnection connection;

    private Duck(DuckDBConnection connection) {
        this.connection = connection;
    }

    /// @throws Problem UNAVAILABLE `duckdb-unavailable` where its library does not run
    public static Duck open(Bounds bounds) {
        try {
            load();
            var settings = new Properties();
            settings.setProperty("memory_limit", bounds.memoryBytes() / 1_000_000 + "MB");
            settings.setProperty("threads", String.valueOf(bounds.threads()));
            settings.setProperty("autoinstall_known_extensions", "false");
            settings.setProperty("autoload_known_extensions", "false");
            settings.setProperty(
                    "temp_directory",
                    bounds.temporary() == null ? "" : bounds.temporary().toString());
            var duck =
                    new Duck(
                            (DuckDBConnection)
                                    DriverManager.getConnection("jdbc:duckdb:", settings));
            duck.execute("SET TimeZone = 'UTC'");
            return duck;
        } catch (SQLException | LinkageError e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "duckdb-unavailable",
                    "DuckDB, which reads and writes the archive, does not run here.",
                    String.valueOf(e.getMessage()),
                    "It needs Linux, macOS or Windows on x86-64 or arm64.");
        }
    }

    /// Loading unpacks the library into the system's temporary folder, 70 MB that a kill would
    /// leave there each time; once loaded, the file is no longer needed.
    private static synchronized void load() throws SQLException {
        if (loaded) return;
        DriverManager.getConnection("jdbc:duckdb:").close();
        var maps = Path.of("/proc/self/maps");
        // Only our own: another process may have unpacked its own and not loaded it yet.
        if (Files.isReadable(maps))
            try (var lines = Files.lines(maps)) {
                for (var line : lines.filter(each -> each.contains(LIBRARY)).toList())
                    Files.deleteIfExists(Path.of(line.substring(line.indexOf('/'))));
            } catch (IOException | InvalidPathException e) {
                // It is deleted when the process ends in order.
            }
        loaded = true;
    }

    /// Does this in a platform thread: native code holds the carrier of a virtual one as long as it
    /// runs, and there are as few of these as cores.
    static <T extends @Nullable Object> T apart(Supplier<T> work) {
        if (!Thread.currentThread().isVirtual()) return work.get();
        var result = new CompletableFuture<T>();
        Thread.ofPlatform()
                .name("davy-duck")
                .daemon()
                .start(() -> {
                    try {
                        result.complete(work.get());
                    } catch (Throwable failure) {
                        result.completeExceptionally(failure);
                    }
                });
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException known) throw known;
            if (e.getCause() instanceof Error known) throw known;
            throw new IllegalStateException(e.getCause());
        }
    }

    /// From now on it reads files of this folder only, writes none, loads nothing, and its settings
    /// stay as they are. Say it last.
    public void lock(Path readable) {
        execute("SET allowed_directories = [" + text(readable + File.separator) + "]");
        execute("SET enable_external_access = false");
        execute("SET lock_configuration = true");
    }

    public void execute(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /// All rows of a result that is known to be small.
    public <T extends @Nullable Object> List<T> rows(String sql, RowReader<T> reader) {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var rows = new ArrayList<T>();
            while (result.next()) rows.add(reader.read(result));
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /// Of a query that gives one number.
    public long number(String sql) {
        return rows(sql, row -> row.getLong(1)).getFirst();
    }

    /// For what a person wrote: its mistakes are theirs. Close it.
    Statement statement() throws SQLException {
        return connection.createStatement();
    }

    /// Adds rows to a table, fast. Close it.
    public DuckDBAppender appender(String table) {
        try {
            return connection.createAppender(table);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A name of a table or column in SQL.
    public static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// A text in SQL.
    public static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /// A list of files in SQL.
    public static String files(List<Path> files) {
        return "["
                + String.join(", ", files.stream().map(file -> text(file.toString())).toList())
                + "]";
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
