package dev.davy.rollout;

import dev.davy.schema.Output;
import dev.davy.schema.Row;
import dev.davy.schema.Schema;
import dev.davy.serving.Beside;
import dev.davy.serving.Change;
import dev.davy.serving.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The arms of endpoints, as a rollout moves them: each change commits with what is told alongside.
public interface Arms {
    /// What callers see of an endpoint.
    ///
    /// @param section its `rollout:`
    /// @param joinWithin how long an event of an entity belongs to its prediction
    record Face(
            Schema input, List<Output> outputs, Optional<JsonNode> section, Duration joinWithin) {
        public Face {
            outputs = List.copyOf(outputs);
        }
    }

    /// @throws dev.davy.strict.Problem NOT_FOUND `endpoint-unknown`; UNAVAILABLE where it is not
    ///   loaded
    Face face(String endpoint);

    Standing standing(String endpoint);

    /// Whether its fallback answers.
    boolean fallsBack(String endpoint);

    /// The endpoints whose declaration says how a candidate comes live.
    List<String> declared();

    /// The versions that are desired now, by component.
    Map<String, String> desired(String endpoint);

    /// The version that `name/7` or `name@alias` means now.
    String resolved(String reference);

    /// @return the epoch of the new routing
    long beside(String endpoint, Beside beside, Change change);

    /// @return the epoch of the new routing
    long promote(String endpoint, Change change);

    /// @return the epoch of the new routing
    long rollBack(String endpoint, Change change);

    /// @return the epoch of the new routing
    long settle(String endpoint, boolean keep, Change change);

    /// Asks the candidate what live was asked lately.
    ///
    /// @return what went wrong, a sentence for each row; empty when nothing did
    List<String> tried(String endpoint, List<Row> rows);
}
