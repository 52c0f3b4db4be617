package dev.davy.batch;

import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/// DuckDB, which reads and writes Parquet here: in memory, shut in one folder, and without threads
/// of its own, so that each of ours works for itself.
final class Duck implements AutoCloseable {
    /// For what a query holds at a time; a row group of each column that is read.
    private static final String MEMORY = "1GB";

    private final DuckDBConnection connection;

    private Duck(DuckDBConnection connection) {
        this.connection = connection;
    }

    /// @param folder the only one in which files can be read and written
    static Duck in(Path folder) {
        var properties = new Properties();
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        try {
            var connection =
                    (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
            var duck = new Duck(connection);
            for (var setting :
                    List.of(
                            "SET threads = 1",
                            "SET memory_limit = '" + MEMORY + "'",
                            "SET temp_directory = " + text(folder + "/spill"),
                            "SET autoinstall_known_extensions = false",
                            "SET autoload_known_extensions = false",
                            "SET allowed_directories = [" + text(folder + "/") + "]",
                            "SET enable_external_access = false",
                            "SET lock_configuration = true")) duck.execute(setting);
            return duck;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Another way into the same database, for another thread.
    Duck another() throws SQLException {
        return new Duck(connection.duplicate());
    }

    DuckDBConnection connection() {
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// A text in SQL.
    static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /// A column's name in SQL.
    static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /// What is wrong with a file that could not be read, without the place where it lies here.
    static Problem malformed(SQLException e, Path file) {
        var why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        why = why.replace(file.toString(), "the file").replaceFirst("^.*?Error: ", "");
        return ParquetSource.malformed(why.length() > 300 ? why.substring(0, 300) + "…" : why);
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
