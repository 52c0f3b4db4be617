package dev.davy.serving;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One row asked of an endpoint, as the log keeps it: what came in, who answered what, what was
/// decided and why.
///
/// @param request the call it came in with
/// @param schema the hash of the schema that names the inputs
/// @param epoch of the routing at the time
/// @param entity whom or what it is about; hashed where the schema says so
/// @param eventTime when what it is about happened
/// @param received when we got it
/// @param assigned the arm that its key belongs to
/// @param arm the arm that answered
/// @param version what stood behind that arm
/// @param inputs values in the schema's order: `Double`, `Long`, `String`, `Boolean`, `Instant`,
///   `List<String>`, [Numbers], [Summary], [Hashed], [Withheld] or null
/// @param inputsKeptWith the probability with which the inputs were kept; below 1 they may be empty
/// @param answers of each component, in order
/// @param asked the probability with which a person was asked; empty: nobody could be
/// @param extra what only some carry: the digest of a prediction that was reported to us
public record Prediction(
        UUID id,
        String request,
        String endpoint,
        long schema,
        long epoch,
        Optional<String> entity,
        Instant eventTime,
        Instant received,
        Origin origin,
        Arm.Role assigned,
        Arm.Role arm,
        String version,
        List<@Nullable Object> inputs,
        float inputsKeptWith,
        List<ComponentAnswer> answers,
        Decision decision,
        OptionalDouble asked,
        Map<String, String> extra) {

    /// The same with other inputs.
    ///
    /// @param named the hash of the schema that names them
    public Prediction with(long named, List<@Nullable Object> others) {
        return new Prediction(
                id,
                request,
                endpoint,
                named,
                epoch,
                entity,
                eventTime,
                received,
                origin,
                assigned,
                arm,
                version,
                others,
                inputsKeptWith,
                answers,
                decision,
                asked,
                extra);
    }

    /// How long its components took together.
    public long nanos() {
        long nanos = 0;
        for (var answer : answers) nanos += answer.nanos();
        return nanos;
    }

    /// Numbers of a tensor's row.
    ///
    /// @param datatype the protocol's name of their type
    public record Numbers(String datatype, List<? extends Number> values) {}

    /// What is left of a large value.
    ///
    /// @param digest of its bytes, 64 bits
    /// @param kept whether its content is in the log as well
    /// @param keptWith the probability with which it was kept
    /// @param measured such as mean, or width and height
    public record Summary(
            String contentType,
            long length,
            long digest,
            boolean kept,
            float keptWith,
            Map<String, Double> measured) {}

    /// A keyed hash instead of the value.
    public record Hashed(String hash) {}

    /// The schema says that this is never logged.
    public record Withheld() {}

    /// What one component said.
    ///
    /// @param digest the first 64 bits of its bundle's digest; 0 for rules and lookups
    /// @param values by output; empty when it was skipped or failed
    /// @param scores by output, in class order
    /// @param failure the code of what went wrong
    public record ComponentAnswer(
            String component,
            String version,
            long digest,
            long nanos,
            Map<String, Object> values,
            Map<String, double[]> scores,
            OptionalDouble confidence,
            boolean skipped,
            Optional<String> failure) {}

    /// The answer that counted.
    ///
    /// @param by who gave it: the arm's role, `fallback`, or a person
    /// @param reason why they were asked
    /// @param failure the code of why there is none
    public record Decision(
            Map<String, @Nullable Object> outputs,
            OptionalDouble confidence,
            String by,
            String reason,
            Optional<String> failure) {}
}
