package dev.davy.jobs;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// One kind of background work: what a module writes, and gives to [Jobs] when it is made.
public interface Work {
    /// The kind, in kebab-case: `batch-prediction`. Stored with each job, so it never changes.
    String kind();

    /// Looks at the arguments before a job is made of them.
    ///
    /// @return the arguments as they are kept, with everything filled in that was left out
    /// @throws dev.davy.strict.Problem with all that is wrong with them
    JsonNode check(JsonNode arguments);

    /// What a job of these arguments does, in a few words for people.
    String about(JsonNode arguments);

    /// Does it, on a platform thread of its own. A job that was interrupted is run again, and goes
    /// on from what it last [kept][Running#reached(JsonNode, long)]: what it does after that must
    /// come out the same when it is done twice.
    ///
    /// @return the result, an object
    /// @throws JobStopped what [Running#check] threw
    /// @throws dev.davy.strict.Problem what failed, for people; anything else is a bug
    JsonNode run(Running job) throws Exception;

    /// What is kept of a result, asked at the moment when it is kept: some of what it was made of
    /// may have been erased meanwhile.
    ///
    /// @param job whose result it is
    default JsonNode kept(UUID job, JsonNode result) {
        return result;
    }

    /// The job is forgotten: its files go. It does not run.
    default void discard(Job job) {}
}
