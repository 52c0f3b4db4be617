package dev.davy.storage;

import java.nio.file.Path;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Everything small that changes, in SQL that is the same on SQLite and PostgreSQL.
@SuppressWarnings("DoNotCallSuggester")
public final class Database implements AutoCloseable {
    private Database() {}

    /// The embedded database in this file.
    public static Database sqlite(Path file) {
        throw new IllegalStateException("not there yet");
    }

    /// A database behind a driver on the class path; module `postgres` has one.
    public static Database jdbc(String url, String user, String password) {
        throw new IllegalStateException("not there yet");
    }

    /// Reads from one consistent state.
    public <T extends @Nullable Object> T read(Function<Handle, T> work) {
        throw new IllegalStateException("not there yet");
    }

    /// One transaction: all of it or nothing, on disk when this returns. Writes happen one after
    /// the other, so what one has read is still so when it writes.
    public <T extends @Nullable Object> T write(Function<Handle, T> work) {
        throw new IllegalStateException("not there yet");
    }

    public boolean isPostgres() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public void close() {}
}
