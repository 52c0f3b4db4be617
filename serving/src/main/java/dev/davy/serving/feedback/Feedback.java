package dev.davy.serving.feedback;

import dev.davy.storage.Payload;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// What came to be known of a prediction later.
///
/// @param id the sender's own: the same feedback sent twice counts once
/// @param about the prediction, or the entity, that it is about
/// @param output which of the endpoint's outputs; none: its only one
/// @param at when it became known, or happened; none: when we received it
/// @param replaces the id of the feedback that this one corrects
public record Feedback(
        String id,
        About about,
        Optional<String> output,
        What what,
        Optional<Instant> at,
        Optional<String> replaces) {

    /// What it is about.
    public sealed interface About {
        /// One prediction.
        record OfPrediction(UUID prediction, Optional<String> endpoint) implements About {}

        /// Whatever was predicted of an entity at an endpoint, within the endpoint's join window.
        record OfEntity(String endpoint, String entity) implements About {}
    }

    /// What is known now.
    public sealed interface What {
        /// The outcome, or a gold label. Its shape is the output kind's.
        record Truth(JsonNode value, Optional<String> source) implements What {}

        /// What a person thought, which is not truth.
        ///
        /// @param sawAnswer whether they had seen the model's answer
        /// @param instructions the version of the instructions they followed
        record Judgement(
                JsonNode value,
                String by,
                Optional<Boolean> sawAnswer,
                Optional<String> instructions)
                implements What {}

        /// Something a user did: clicked, asked again, bought.
        record Event(String event, OptionalDouble value) implements What {}
    }

    /// Whether a log record is feedback.
    public static boolean isFeedback(int type) {
        return type == LogIndex.FEEDBACK;
    }

    /// Reads a record of the log.
    public static Feedback read(Payload payload) {
        return read(
                Json.read(payload.getBytes(payload.remaining()), Limits.DEFAULT),
                "feedback in the log");
    }

    /// Reads what a caller sent.
    ///
    /// @throws dev.davy.strict.Problem UNACCEPTABLE with all violations
    public static Feedback read(JsonNode json, String where) {
        var fields = Fields.of(json, where);
        var id = fields.text("id");
        var prediction = fields.optionalText("prediction");
        var endpoint = fields.optionalText("endpoint");
        var entity = fields.optionalText("entity");
        var output = fields.optionalText("output");
        var replaces = fields.optionalText("replaces");
        var at = fields.optionalText("at").flatMap(text -> instant(fields, text));
        var truth = fields.optionalNode("truth");
        var judgement = fields.optionalNode("judgement");
        var event = fields.optionalText("event");
        var what = what(fields, truth, judgement, event);
        var about = about(fields, prediction, endpoint, entity);
        if (id.isEmpty() || id.length() > 256)
            fields.violation(
                    "id",
                    "'id' must have 1 to 256 characters; it is your own, so that sending again is safe");
        fields.done();
        return new Feedback(id, about, output, what, at, replaces);
    }

    private static What what(
            Fields fields,
            Optional<JsonNode> truth,
            Optional<JsonNode> judgement,
            Optional<String> event) {
        int said =
                (truth.isPresent() ? 1 : 0)
                        + (judgement.isPresent() ? 1 : 0)
                        + (event.isPresent() ? 1 : 0);
        if (said != 1)
            fields.violation(
                    "exactly one of 'truth', 'judgement' and 'event' must be there; there are "
                            + said);
        if (judgement.isPresent()) {
            var saw =
                    fields.has("saw-answer")
                            ? Optional.of(fields.flag("saw-answer", false))
                            : Optional.<Boolean>empty();
            return new What.Judgement(
                    judgement.get(), fields.text("by"), saw, fields.optionalText("instructions"));
        }
        if (event.isPresent()) return new What.Event(event.get(), fields.optionalNumber("value"));
        return new What.Truth(truth.orElseGet(() -> Json.object()), fields.optionalText("source"));
    }

    private static About about(
            Fields fields,
            Optional<String> prediction,
            Optional<String> endpoint,
            Optional<String> entity) {
        if (prediction.isPresent()) {
            if (entity.isPresent())
                fields.violation(
                        "entity",
                        "'entity' and 'prediction' are both there; one of them says what it is about");
            try {
                return new About.OfPrediction(UUID.fromString(prediction.get()), endpoint);
            } catch (IllegalArgumentException notAnId) {
                fields.violation(
                        "prediction", "'prediction' is not an id that Davy gave out (a UUID)");
            }
        } else if (endpoint.isEmpty() || entity.isEmpty()) {
            fields.violation(
                    "it must say what it is about: 'prediction', or 'endpoint' and 'entity'");
        }
        return new About.OfEntity(endpoint.orElse(""), entity.orElse(""));
    }

    private static Optional<Instant> instant(Fields fields, String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notATime) {
            fields.violation("at", "'at' is not a time like 2026-11-21T10:15:00Z");
            return Optional.empty();
        }
    }

    /// The form that is kept in the log: canonical, so that the same feedback has the same bytes.
    public JsonNode json() {
        var json = Json.object();
        json.put("id", id);
        switch (about) {
            case About.OfPrediction(var prediction, var endpoint) -> {
                json.put("prediction", prediction.toString());
                endpoint.ifPresent(name -> json.put("endpoint", name));
            }
            case About.OfEntity(var endpoint, var entity) -> {
                json.put("endpoint", endpoint);
                json.put("entity", entity);
            }
        }
        output.ifPresent(name -> json.put("output", name));
        switch (what) {
            case What.Truth(var value, var source) -> {
                json.set("truth", value);
                source.ifPresent(name -> json.put("source", name));
            }
            case What.Judgement(var value, var by, var saw, var instructions) -> {
                json.set("judgement", value);
                json.put("by", by);
                saw.ifPresent(flag -> json.put("saw-answer", flag.booleanValue()));
                instructions.ifPresent(version -> json.put("instructions", version));
            }
            case What.Event(var event, var value) -> {
                json.put("event", event);
                value.ifPresent(number -> json.put("value", number));
            }
        }
        at.ifPresent(time -> json.put("at", time.toString()));
        replaces.ifPresent(other -> json.put("replaces", other));
        return json;
    }

    /// `truth`, `judgement` or `event`.
    public String kind() {
        return switch (what) {
            case What.Truth _ -> "truth";
            case What.Judgement _ -> "judgement";
            case What.Event _ -> "event";
        };
    }
}
