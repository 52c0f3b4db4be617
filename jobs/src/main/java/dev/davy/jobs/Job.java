package dev.davy.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Background work, as it stands now.
///
/// @param kind of work: `batch-prediction`
/// @param about what it does, for people: `credit from customers.parquet`
/// @param arguments as they were given, checked
/// @param node whose folder holds what it reads and makes; only that node runs it
/// @param reached where it goes on from when it is resumed
/// @param result of one that is done
/// @param failure of one that failed
/// @param attempts how often it was started
/// @param interruptions deaths of the process, one after the other, between which it got no further
/// @param startedDone how far it was when it was started last
/// @param who asked for it
public record Job(
        UUID id,
        String kind,
        String about,
        JsonNode arguments,
        State state,
        int node,
        Progress progress,
        Optional<JsonNode> reached,
        Optional<JsonNode> result,
        Optional<Failure> failure,
        int attempts,
        int interruptions,
        long startedDone,
        String who,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> ended) {

    /// Where a job is in its life; stored by name.
    public enum State {
        /// For a free place.
        WAITING,
        RUNNING,
        /// It was told to stop and has not yet.
        STOPPING,
        DONE,
        FAILED,
        CANCELLED;

        /// Whether nothing happens any more unless somebody resumes it.
        public boolean isEnd() {
            return switch (this) {
                case WAITING, RUNNING, STOPPING -> false;
                case DONE, FAILED, CANCELLED -> true;
            };
        }

        /// The word in answers: `waiting`.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Why a job failed, in the words of a [dev.davy.strict.Problem].
    ///
    /// @param why one reason or several
    public record Failure(String code, String what, List<String> why, String todo) {
        public Failure {
            why = List.copyOf(why);
        }
    }

    /// How far a job is.
    ///
    /// @param total what there is to do; 0: not known
    /// @param unit of both: `rows`
    public record Progress(long done, long total, String unit) {
        /// Nothing done, and not known how much there is.
        public static final Progress NONE = new Progress(0, 0, "");

        public Progress {
            if (done < 0 || total < 0)
                throw new IllegalArgumentException("progress is " + done + " of " + total);
        }
    }

    /// One line of a job's log.
    public record Line(long number, Instant at, String text) {}

    /// The same, that far.
    Job with(Progress now) {
        return new Job(
                id,
                kind,
                about,
                arguments,
                state,
                node,
                now,
                reached,
                result,
                failure,
                attempts,
                interruptions,
                startedDone,
                who,
                created,
                started,
                ended);
    }

    /// The same, wanted again or still.
    Job going(State now) {
        return new Job(
                id,
                kind,
                about,
                arguments,
                now,
                node,
                progress,
                reached,
                Optional.empty(),
                Optional.empty(),
                attempts,
                0,
                startedDone,
                who,
                created,
                started,
                Optional.empty());
    }

    /// The same, at the beginning of an attempt.
    Job starting(Instant at) {
        return new Job(
                id,
                kind,
                about,
                arguments,
                State.RUNNING,
                node,
                progress,
                reached,
                Optional.empty(),
                Optional.empty(),
                attempts + 1,
                interruptions,
                progress.done(),
                who,
                created,
                Optional.of(at),
                Optional.empty());
    }

    /// The same, at the end of an attempt.
    ///
    /// @param now an end, or waiting for the next attempt
    Job ending(
            State now,
            Optional<JsonNode> itsResult,
            Optional<Failure> itsFailure,
            int interrupted,
            Instant at) {
        return new Job(
                id,
                kind,
                about,
                arguments,
                now,
                node,
                progress,
                reached,
                itsResult,
                itsFailure,
                attempts,
                interrupted,
                startedDone,
                who,
                created,
                started,
                now.isEnd() ? Optional.of(at) : Optional.empty());
    }

    /// Units a second since it was started last; 0 before the first second is over.
    ///
    /// @param now for one that runs
    public double perSecond(Instant now) {
        if (started.isEmpty()) return 0;
        var end = ended.orElse(now);
        double seconds = java.time.Duration.between(started.get(), end).toMillis() / 1e3;
        // A job that is over within a second has its rate all the same.
        if (seconds < 1 && ended.isEmpty() || seconds <= 0) return 0;
        return Math.max(0, progress.done() - startedDone) / seconds;
    }

    /// Seconds until a running job is done at this rate; empty: nobody can tell.
    public Optional<Double> secondsLeft(Instant now) {
        double rate = perSecond(now);
        if (state != State.RUNNING || progress.total() == 0 || rate <= 0) return Optional.empty();
        return Optional.of(Math.max(0, progress.total() - progress.done()) / rate);
    }
}
