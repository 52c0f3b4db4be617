package dev.davy.storage;

import org.jdbi.v3.core.Handle;

/// The places of readers of the log, stored in the transaction that stores what the reader made of
/// what it read: so each record counts exactly once.
@SuppressWarnings("DoNotCallSuggester")
public final class Cursors {
    private Cursors() {}

    /// [Cursor#START] if it has none.
    ///
    /// @param version of the reader: a new version begins anew, beside the old one
    public static Cursor get(Handle handle, String reader, int version) {
        throw new IllegalStateException("not there yet");
    }

    public static void set(Handle handle, String reader, int version, Cursor cursor) {
        throw new IllegalStateException("not there yet");
    }
}
