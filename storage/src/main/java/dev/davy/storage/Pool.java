package dev.davy.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A few connections, made when they are first needed and used again. The last one given back is
/// the next one given out, so that those not needed grow old.
final class Pool implements AutoCloseable {
    /// Makes a connection.
    interface Connector {
        Connection connect() throws SQLException;
    }

    private record Idle(Connection connection, long sinceNanos) {}

    /// How long a caller waits for a connection that is in use; then the database counts as busy.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// A connection over a network that was idle for longer is tried before it is given out.
    private static final long TRUSTED_NANOS = Duration.ofSeconds(20).toNanos();

    private static final int TRY_SECONDS = 2;

    private final Connector connector;
    private final boolean mayBreak;
    private final Semaphore free;
    private final Deque<Idle> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /// @param most connections at once
    /// @param mayBreak whether they lead over a network
    Pool(int most, boolean mayBreak, Connector connector) {
        this.free = new Semaphore(most);
        this.mayBreak = mayBreak;
        this.connector = connector;
    }

    Connection openConnection() throws SQLException {
        acquire();
        try {
            for (var next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
                if (!mayBreak
                        || System.nanoTime() - next.sinceNanos < TRUSTED_NANOS
                        || next.connection.isValid(TRY_SECONDS)) return next.connection;
                closeQuietly(next.connection);
            }
            return connector.connect();
        } catch (SQLException | RuntimeException e) {
            free.release();
            throw e;
        }
    }

    void closeConnection(Connection connection) throws SQLException {
        try {
            if (closed || connection.isClosed()) connection.close();
            else idle.addFirst(new Idle(connection, System.nanoTime()));
        } finally {
            free.release();
        }
    }

    /// All idle connections may be broken: the next callers get new ones.
    void suspect() {
        for (var next = idle.pollFirst(); next != null; next = idle.pollFirst())
            closeQuietly(next.connection);
    }

    @Override
    public void close() {
        closed = true;
        suspect();
    }

    private void acquire() {
        if (closed) throw new IllegalStateException("the database is closed");
        try {
            if (free.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Trouble.busy("All connections to it are in use.");
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It was to be thrown away.
        }
    }
}
