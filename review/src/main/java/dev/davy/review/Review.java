package dev.davy.review;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// A prediction that a person sees, or saw.
///
/// @param slice the condition that told its level; empty: none did
/// @param level the automation level it was asked at, in its word
/// @param reason why a person is asked
/// @param due until when it must be decided
/// @param escalate when it goes before all others
/// @param alone whether the model decided it, and a person sees it too
/// @param asked the probability with which a person was asked
/// @param least the smallest probability with which any prediction of its time was seen
/// @param answer what the model said, by output; empty where it was not asked
/// @param detail the prediction as the log shows it
/// @param wanted how many judgements it takes
/// @param isTie whether reviewers disagreed, so that one more is asked
/// @param truth by output, once it is known
/// @param gold by output, where the answer was known beforehand; reviewers are not told
public record Review(
        UUID prediction,
        String endpoint,
        String version,
        String slice,
        String level,
        String reason,
        State state,
        Instant created,
        Optional<Instant> due,
        Optional<Instant> escalate,
        boolean escalated,
        double priority,
        boolean alone,
        double asked,
        double least,
        JsonNode answer,
        OptionalDouble confidence,
        JsonNode detail,
        int wanted,
        int given,
        boolean isTie,
        Optional<JsonNode> truth,
        Optional<JsonNode> gold,
        Optional<Outcome> outcome,
        int revision) {

    /// Where a case stands.
    public enum State {
        OPEN,
        DECIDED,
        /// Nobody came in time, and what was declared for that counts.
        EXPIRED;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// What was decided.
    ///
    /// @param output by name
    /// @param by a person, `consensus`, or `nobody` where none came in time
    public record Outcome(JsonNode output, String by, Instant at) {}

    /// The same after more was said.
    Review with(State now, int asking, int said, boolean tie, Optional<Outcome> decided) {
        return with(now, asking, said, tie, gold, decided, revision + 1);
    }

    /// The same with an answer that is known beforehand.
    Review withGold(JsonNode answer) {
        return with(state, wanted, given, isTie, Optional.of(answer), outcome, revision);
    }

    private Review with(
            State now,
            int asking,
            int said,
            boolean tie,
            Optional<JsonNode> known,
            Optional<Outcome> decided,
            int count) {
        return new Review(
                prediction,
                endpoint,
                version,
                slice,
                level,
                reason,
                now,
                created,
                due,
                escalate,
                escalated,
                priority,
                alone,
                asked,
                least,
                answer,
                confidence,
                detail,
                asking,
                said,
                tie,
                truth,
                known,
                decided,
                count);
    }
}
