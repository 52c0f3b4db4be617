package dev.davy.monitoring;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// A monitor that has something to say, from its first bad window until it is resolved.
///
/// @param group the first alarm of those with a common cause; itself, where it is the first
/// @param since when the first bad window begins
/// @param until when the last window that was judged ends
/// @param opened when it was first seen
/// @param fired when it began to ring
/// @param ended when it was over
/// @param bad windows in a row
/// @param fine windows in a row
/// @param value of the last bad window
/// @param why in a sentence, of the last bad window
/// @param detail what it is based on: see the docs
/// @param owner who acknowledged it; empty: nobody
/// @param note what they said
/// @param silenced nobody is told until then
/// @param revision counts what happened to it
public record Alarm(
        UUID id,
        UUID group,
        String endpoint,
        String monitor,
        String watch,
        Monitor.Severity severity,
        State state,
        Instant since,
        Instant until,
        Instant opened,
        Optional<Instant> fired,
        Optional<Instant> ended,
        int bad,
        int fine,
        OptionalDouble value,
        String why,
        JsonNode detail,
        String owner,
        String note,
        Optional<Instant> silenced,
        int revision) {

    /// Where it is.
    public enum State {
        /// Bad, for fewer windows than it takes.
        PENDING,
        FIRING,
        /// Somebody looks after it.
        ACKNOWLEDGED,
        RESOLVED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// Whether it has something to say yet.
    public boolean isOpen() {
        return state != State.RESOLVED;
    }

    /// Whether it rings, whoever looks after it.
    public boolean rings() {
        return state == State.FIRING || state == State.ACKNOWLEDGED;
    }

    /// After a window: what people did stays.
    Alarm after(
            Monitor.Severity severity,
            State state,
            Instant until,
            Optional<Instant> fired,
            Optional<Instant> ended,
            int bad,
            int fine,
            OptionalDouble value,
            String why,
            JsonNode detail) {
        return next(
                severity, state, until, fired, ended, bad, fine, value, why, detail, owner, note,
                silenced);
    }

    /// After something that a person did: what was seen stays.
    Alarm told(
            State state,
            Optional<Instant> ended,
            String owner,
            String note,
            Optional<Instant> silenced) {
        return next(
                severity, state, until, fired, ended, bad, fine, value, why, detail, owner, note,
                silenced);
    }

    /// The same alarm, one revision on.
    private Alarm next(
            Monitor.Severity severity,
            State state,
            Instant until,
            Optional<Instant> fired,
            Optional<Instant> ended,
            int bad,
            int fine,
            OptionalDouble value,
            String why,
            JsonNode detail,
            String owner,
            String note,
            Optional<Instant> silenced) {
        return new Alarm(
                id,
                group,
                endpoint,
                monitor,
                watch,
                severity,
                state,
                since,
                until,
                opened,
                fired,
                ended,
                bad,
                fine,
                value,
                why,
                detail,
                owner,
                note,
                silenced,
                revision + 1);
    }
}
