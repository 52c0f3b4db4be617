package dev.davy.archive;

import dev.davy.serving.feedback.Feedback;
import dev.davy.storage.Ids;
import dev.davy.storage.Position;
import dev.davy.strict.Json;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/// Feedback on its way into a file.
record FeedbackRow(Position at, Instant received, Feedback feedback) {
    /// `schema=1`: the columns below.
    static final long LAYOUT = 1;

    static final String COLUMNS =
            """
            id VARCHAR, prediction VARCHAR, entity VARCHAR, output VARCHAR, kind VARCHAR,
            value VARCHAR, source VARCHAR, judged_by VARCHAR, saw_answer BOOLEAN,
            instructions VARCHAR, event VARCHAR, event_value DOUBLE, known TIMESTAMPTZ,
            received TIMESTAMPTZ, replaces VARCHAR,
            log_node INTEGER, log_epoch BIGINT, log_offset BIGINT\
            """;

    Optional<UUID> prediction() {
        return feedback.about() instanceof Feedback.About.OfPrediction(var id, _)
                ? Optional.of(id)
                : Optional.empty();
    }

    /// As the sender said it.
    Optional<String> endpoint() {
        return switch (feedback.about()) {
            case Feedback.About.OfPrediction(_, var endpoint) -> endpoint;
            case Feedback.About.OfEntity(var endpoint, _) -> Optional.of(endpoint);
        };
    }

    /// The day of the prediction of which it tells truth, where that is an earlier one.
    Optional<LocalDate> lateFor() {
        if (!(feedback.what() instanceof Feedback.What.Truth)) return Optional.empty();
        return prediction()
                .filter(Ids::isOurs)
                .map(id -> LocalDate.ofInstant(Ids.time(id), ZoneOffset.UTC));
    }

    void write(Sheet sheet) throws SQLException {
        sheet.text(feedback.id());
        sheet.text(prediction().map(UUID::toString).orElse(null));
        sheet.text(
                feedback.about() instanceof Feedback.About.OfEntity(_, var entity) ? entity : null);
        sheet.text(feedback.output().orElse(null));
        sheet.text(feedback.kind());
        switch (feedback.what()) {
            case Feedback.What.Truth(var value, var source) -> {
                sheet.text(Json.text(value));
                sheet.text(source.orElse(null));
                for (int i = 0; i < 5; i++) sheet.missing();
            }
            case Feedback.What.Judgement(var value, var by, var saw, var instructions) -> {
                sheet.text(Json.text(value));
                sheet.missing();
                sheet.text(by);
                sheet.flag(saw.orElse(null));
                sheet.text(instructions.orElse(null));
                sheet.missing();
                sheet.missing();
            }
            case Feedback.What.Event(var event, var value) -> {
                for (int i = 0; i < 5; i++) sheet.missing();
                sheet.text(event);
                sheet.number(value);
            }
        }
        sheet.time(feedback.at().orElse(received));
        sheet.time(received);
        sheet.text(feedback.replaces().orElse(null));
        sheet.small(at.node());
        sheet.integer(at.epoch());
        sheet.integer(at.offset());
    }
}
