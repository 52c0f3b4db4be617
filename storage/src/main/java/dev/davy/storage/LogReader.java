package dev.davy.storage;

import java.time.Duration;
import java.util.Optional;

/// Reads the logs of all nodes in a folder, each in its own order. For one thread.
@SuppressWarnings("DoNotCallSuggester")
public final class LogReader implements AutoCloseable {
    private LogReader() {}

    /// Moves to the next record or gap; false if there is none now.
    public boolean next() {
        throw new IllegalStateException("not there yet");
    }

    /// Waits until there may be something to read, at most this long. Wakes by itself: no need to
    /// ask often.
    ///
    /// @return whether there may be
    public boolean await(Duration atMost) throws InterruptedException {
        throw new IllegalStateException("not there yet");
    }

    /// What is missing here, if this is no record: then [#type] is 0.
    public Optional<Gap> gap() {
        throw new IllegalStateException("not there yet");
    }

    /// 0 for a gap. Readers skip types that they do not know.
    public int type() {
        throw new IllegalStateException("not there yet");
    }

    public int version() {
        throw new IllegalStateException("not there yet");
    }

    public long schemaHash() {
        throw new IllegalStateException("not there yet");
    }

    public long idHigh() {
        throw new IllegalStateException("not there yet");
    }

    public long idLow() {
        throw new IllegalStateException("not there yet");
    }

    public long timeMicros() {
        throw new IllegalStateException("not there yet");
    }

    /// The record's content, from its beginning; valid until [#next], and the same object always.
    public Payload payload() {
        throw new IllegalStateException("not there yet");
    }

    /// Where the record begins.
    public Position position() {
        throw new IllegalStateException("not there yet");
    }

    /// A copy of the record that stays.
    public LogRecord record() {
        throw new IllegalStateException("not there yet");
    }

    /// After all that [#next] has given: where to go on after a restart.
    public Cursor cursor() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public void close() {}
}
