package dev.davy.storage;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What happened to things, newest first.
@SuppressWarnings("DoNotCallSuggester")
public final class Events {
    public Events(Database database) {}

    /// Writes an event in the transaction that makes the change which it tells.
    public static void record(Handle handle, Event event) {
        throw new IllegalStateException("not there yet");
    }

    /// Of one thing, newest first.
    ///
    /// @param before only older ones: the id of the last event of the page before
    /// @param limit at most so many
    public List<Event> of(String kind, String name, Optional<UUID> before, int limit) {
        throw new IllegalStateException("not there yet");
    }

    /// Of all things of one kind, or of everything, newest first.
    public List<Event> all(Optional<String> kind, Optional<UUID> before, int limit) {
        throw new IllegalStateException("not there yet");
    }
}
