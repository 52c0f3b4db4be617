package dev.davy.cli;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A row of a table that is played again.
///
/// @param line of the file
/// @param at when it happened
/// @param what it holds
record PastRow(long line, Instant at, Content what) {
    /// What stands in a row beside its time: this moves when rows are shuffled.
    ///
    /// @param input its columns as JSON, in UTF-8
    /// @param key by which another file tells its truth
    @SuppressWarnings("ArrayRecordComponent") // half a million of them: as small as they can be
    record Content(
            byte[] input,
            Optional<String> entity,
            Optional<JsonNode> truth,
            Optional<String> key) {}

    PastRow with(Content other) {
        return new PastRow(line, at, other);
    }
}
