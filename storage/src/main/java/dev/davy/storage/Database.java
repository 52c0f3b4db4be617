package dev.davy.storage;

import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/// Everything small that changes, in SQL that is the same on SQLite and PostgreSQL: BIGINT, TEXT,
/// DOUBLE PRECISION, BYTEA and BOOLEAN; ids of ours; tables are only ever added to. Text is ordered
/// as each database likes, so what people see sorted is sorted by us.
public final class Database implements AutoCloseable {
    /// Reading is short; more connections than this would wait for the same disk.
    private static final int SQLITE_READERS = 4;

    private static final int POSTGRES_CONNECTIONS = 8;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    /// Any number, the same in all processes that share a database.
    private static final long WRITE_LOCK = 0x64617679; // "davy"

    private final boolean postgres;
    private final Pool readers;
    private final Pool writers;
    private final Jdbi jdbi;

    // From which pool the transaction of this thread has its connection; none if there is none.
    private static final ThreadLocal<@Nullable Pool> OPEN = new ThreadLocal<>();

    private final @Nullable ExecutorService threads;

    private Database(boolean postgres, Pool readers, Pool writers) {
        this.postgres = postgres;
        this.readers = readers;
        this.writers = writers;
        this.jdbi = Jdbi.create(new Chosen());
        // SQLite is native code, which would hold the carrier of a virtual thread for a whole
        // commit.
        this.threads =
                postgres
                        ? null
                        : Executors.newFixedThreadPool(
                                SQLITE_READERS + 1,
                                Thread.ofPlatform().name("davy-sqlite-", 0).daemon().factory());
    }

    /// The embedded database in this file, made if it is not there.
    ///
    /// @throws Problem UNAVAILABLE `database-unavailable` if it is damaged or cannot be opened;
    ///   CONFLICT `database-newer`
    public static Database sqlite(Path file) {
        var source = Sqlite.source(file, false);
        var readOnly = Sqlite.source(file, true);
        migrate(source, false);
        return new Database(
                false,
                new Pool(SQLITE_READERS, false, () -> Sqlite.reader(readOnly)),
                new Pool(1, false, source::getConnection));
    }

    /// A PostgreSQL behind a driver on the class path; module `postgres` has one.
    ///
    /// @throws Problem UNAVAILABLE `database-unavailable` if it cannot be reached
    public static Database jdbc(String url, String user, String password) {
        var login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        Pool.Connector connector = () -> DriverManager.getConnection(url, login);
        migrate(new Source(connector), true);
        var pool = new Pool(POSTGRES_CONNECTIONS, true, connector);
        return new Database(true, pool, pool);
    }

    /// Reads from one consistent state.
    ///
    /// @throws Problem UNAVAILABLE `database-unavailable` or `database-busy`
    public <T extends @Nullable Object> T read(Function<Handle, T> work) {
        return run(readers, work, this::beginRead);
    }

    /// One transaction: all of it or nothing, and on disk when this returns. Writes happen one
    /// after the other, over all processes that share the database, so what one has read is still
    /// so when it writes. What throws leaves nothing behind.
    ///
    /// @throws Problem UNAVAILABLE `database-unavailable` or `database-busy`, FULL `disk-full`
    public <T extends @Nullable Object> T write(Function<Handle, T> work) {
        return run(writers, work, this::beginWrite);
    }

    public boolean isPostgres() {
        return postgres;
    }

    @Override
    public void close() {
        if (threads != null) threads.close();
        readers.close();
        writers.close();
    }

    private void beginRead(Handle handle) {
        if (postgres) handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }

    private void beginWrite(Handle handle) {
        if (!postgres) return;
        handle.execute("SET LOCAL lock_timeout = " + LOCK_PATIENCE.toMillis());
        handle.execute("SELECT pg_advisory_xact_lock(?)", WRITE_LOCK);
    }

    private interface Begin {
        void on(Handle handle);
    }

    /// The pool that the transaction of this thread chose. One [Jdbi] for both: making one takes
    /// longer than anything else here.
    private static final class Chosen implements ConnectionFactory {
        @Override
        public Connection openConnection() throws SQLException {
            return chosen().openConnection();
        }

        @Override
        public void closeConnection(Connection connection) throws SQLException {
            chosen().closeConnection(connection);
        }

        private static Pool chosen() {
            var pool = OPEN.get();
            if (pool == null) throw new IllegalStateException("no transaction is open");
            return pool;
        }
    }

    private <T extends @Nullable Object> T run(Pool pool, Function<Handle, T> work, Begin begin) {
        if (threads == null || !Thread.currentThread().isVirtual())
            return runHere(pool, work, begin);
        try {
            return threads.submit(() -> runHere(pool, work, begin)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException r) throw r;
            if (e.getCause() instanceof Error r) throw r;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Trouble.busy("The wait for it was interrupted, and it may go on yet.");
        }
    }

    private <T extends @Nullable Object> T runHere(
            Pool pool, Function<Handle, T> work, Begin begin) {
        if (OPEN.get() != null)
            throw new IllegalStateException("a transaction is open: use its handle instead");
        OPEN.set(pool);
        try {
            return jdbi.inTransaction(handle -> {
                begin.on(handle);
                return work.apply(handle);
            });
        } catch (JdbiException e) {
            if (postgres) pool.suspect();
            throw Trouble.of(e, postgres).map(RuntimeException.class::cast).orElse(e);
        } finally {
            OPEN.remove();
        }
    }

    private static void migrate(javax.sql.DataSource source, boolean postgres) {
        try {
            Migrations.apply(source);
        } catch (SQLException | FlywayException e) {
            throw Trouble.of(e, postgres)
                    .map(RuntimeException.class::cast)
                    .orElseGet(() -> new IllegalStateException(e));
        }
    }
}
