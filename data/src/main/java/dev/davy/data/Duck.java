package dev.davy.data;

import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/// DuckDB, which reads Parquet here: in memory, shut in one folder, and without threads of its own,
/// so that each of ours works for itself.
final class Duck implements AutoCloseable {
    /// For what a query holds at a time; a row group of each column that is read.
    private static final String MEMORY = "2GB";

    private final DuckDBConnection connection;

    private Duck(DuckDBConnection connection) {
        this.connection = connection;
    }

    /// @param folder the only one in which files can be read
    static Duck in(Path folder) throws SQLException {
        var properties = new Properties();
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        var connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
        var duck = new Duck(connection);
        for (var setting :
                List.of(
                        "SET threads = 1",
                        "SET memory_limit = '" + MEMORY + "'",
                        "SET temp_directory = ''",
                        "SET autoinstall_known_extensions = false",
                        "SET autoload_known_extensions = false",
                        "SET allowed_directories = [" + text(folder + "/") + "]",
                        "SET enable_external_access = false",
                        "SET lock_configuration = true")) duck.execute(setting);
        return duck;
    }

    /// Another way into the same database, for another thread.
    Duck another() throws SQLException {
        return new Duck(connection.duplicate());
    }

    DuckDBConnection connection() {
        return connection;
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /// What is wrong with a file that could not be read.
    static Problem malformed(SQLException e, Path file) {
        var why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        why = why.replace(file.toString(), "the file").replaceFirst("^.*?Error: ", "");
        return malformed(file, why.length() > 300 ? why.substring(0, 300) + "…" : why);
    }

    static Problem malformed(Path file, String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "parquet-malformed",
                "The Parquet file " + file.getFileName() + " can't be read.",
                why,
                "Write it again with a library that others read, too: pyarrow, DuckDB or Spark.");
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
