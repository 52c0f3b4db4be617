package dev.davy.runtime;

import dev.davy.strict.Limits;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Loads and runs a model with made inputs in a child process, before anything else may run it.
@SuppressWarnings("DoNotCallSuggester")
public final class Trial {
    private Trial() {}

    /// What the trial found.
    ///
    /// @param signature the tensors as they really are: where the file leaves a shape open, as seen
    /// @param batches whether rows of different callers may share a run
    /// @param notes what a person should know: why it does not batch, NaN, no memory limit here
    /// @param loading until the model was loaded, the child's own start not counted
    /// @param running one run of one row, the median of those tried
    /// @param memoryBytes the child's greatest resident memory; 0 when it cannot be told here
    /// @param notFinite NaN and infinite numbers among the outputs for made inputs
    public record Report(
            Signature signature,
            boolean batches,
            List<String> notes,
            Duration loading,
            Duration running,
            long memoryBytes,
            long notFinite) {
        public Report {
            notes = List.copyOf(notes);
        }

        public JsonNode json() {
            throw new IllegalStateException("not there yet");
        }

        /// What [#json] wrote.
        public static Report read(JsonNode json) {
            throw new IllegalStateException("not there yet");
        }
    }

    /// Tries the model of a bundle, with a memory and a time limit.
    ///
    /// @throws dev.davy.strict.Problem `UNACCEPTABLE` when it cannot be loaded or run
    public static Report run(Bundle bundle, Limits limits) {
        throw new IllegalStateException("not there yet");
    }
}
