package dev.davy.storage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/// Runs a test on SQLite and on a real PostgreSQL, each time on a fresh, empty database: see
/// [ContractTest]. Where PostgreSQL cannot be started, its runs are skipped and say why.
public final class Backends implements TestTemplateInvocationContextProvider {
    /// A fresh database of one kind. Can be opened again and again, as after restarts, and by
    /// several at once.
    public interface Backend extends AutoCloseable {
        Database open();

        boolean isPostgres();

        /// Where it is, for the user and password `postgres`.
        String url();

        /// Closes all that was opened and throws the database away.
        @Override
        void close();
    }

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    // One server for all tests of a module; a schema for each test.
    private static @Nullable EmbeddedPostgres server;
    private static @Nullable String whyNot;

    /// A fresh SQLite file in a temporary folder.
    public static Backend sqlite() {
        try {
            return new SqliteBackend(Files.createTempDirectory("davy-sqlite"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A fresh schema on a PostgreSQL that is started once.
    ///
    /// @throws TestAbortedException where there can be none
    public static Backend postgres() {
        var server = "jdbc:postgresql://localhost:" + server().getPort() + "/postgres";
        var schema = "test_" + SCHEMAS.incrementAndGet();
        var backend = new PostgresBackend(server, schema);
        backend.execute("CREATE SCHEMA " + schema);
        return backend;
    }

    private static synchronized EmbeddedPostgres server() {
        if (server != null) return server;
        if (whyNot != null) throw new TestAbortedException(whyNot);
        try {
            server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
            return server;
        } catch (IOException | RuntimeException | LinkageError e) {
            whyNot = "PostgreSQL cannot be started on this machine: " + e;
            throw new TestAbortedException(whyNot);
        }
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        return Stream.of(
                new Run("SQLite", Backends::sqlite), new Run("PostgreSQL", Backends::postgres));
    }

    private interface Maker {
        Backend make();
    }

    private record Run(String name, Maker maker) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return name;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Parameters(maker));
        }
    }

    private static final class Parameters implements ParameterResolver, AfterEachCallback {
        private final Maker maker;
        private @Nullable Backend backend;
        private @Nullable Database database;

        Parameters(Maker maker) {
            this.maker = maker;
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            var type = parameter.getParameter().getType();
            return type == Database.class || type == Backend.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            if (backend == null) backend = maker.make();
            if (parameter.getParameter().getType() == Backend.class) return backend;
            if (database == null) database = backend.open();
            return database;
        }

        @Override
        public void afterEach(ExtensionContext context) {
            if (backend != null) backend.close();
        }
    }

    private abstract static class Opened implements Backend {
        private final List<Database> opened = new java.util.ArrayList<>();

        abstract Database openOne();

        @Override
        public final Database open() {
            var database = openOne();
            opened.add(database);
            return database;
        }

        @Override
        public void close() {
            opened.forEach(Database::close);
        }
    }

    private static final class SqliteBackend extends Opened {
        private final Path folder;

        SqliteBackend(Path folder) {
            this.folder = folder;
        }

        @Override
        Database openOne() {
            return Database.sqlite(folder.resolve("state.db"));
        }

        @Override
        public String url() {
            return "jdbc:sqlite:" + folder.resolve("state.db");
        }

        @Override
        public boolean isPostgres() {
            return false;
        }

        @Override
        public void close() {
            super.close();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList())
                    Files.delete(file);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class PostgresBackend extends Opened {
        private final String server;
        private final String schema;

        PostgresBackend(String server, String schema) {
            this.server = server;
            this.schema = schema;
        }

        @Override
        Database openOne() {
            return Database.jdbc(url(), "postgres", "postgres");
        }

        @Override
        public String url() {
            return server + "?currentSchema=" + schema;
        }

        @Override
        public boolean isPostgres() {
            return true;
        }

        @Override
        public void close() {
            super.close();
            execute("DROP SCHEMA " + schema + " CASCADE");
        }

        void execute(String sql) {
            try (var connection = DriverManager.getConnection(server, "postgres", "postgres");
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
