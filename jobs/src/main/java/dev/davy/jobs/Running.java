package dev.davy.jobs;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A job as the work sees it that does it. For any number of threads of that work.
public interface Running {
    /// As it was when it was started.
    Job job();

    /// What the last attempt kept; empty for the first.
    Optional<JsonNode> reached();

    /// Keeps where to go on from: on disk when this returns.
    ///
    /// @param done in all attempts together
    void reached(JsonNode from, long done);

    /// How much there is to do, when that is known.
    void total(long total, String unit);

    /// How far it is, in all attempts together. Cheap; written down once a second.
    void progress(long done);

    /// Adds a line to the job's log. Past [Jobs#LOG_LINES] of them it is left out, and the last one
    /// says so.
    void log(String line);

    /// Whether it should end.
    boolean stopping();

    /// Between two steps.
    ///
    /// @throws JobStopped when it should end: it was cancelled, or the server ends
    default void check() throws JobStopped {
        if (stopping()) throw new JobStopped();
    }
}
