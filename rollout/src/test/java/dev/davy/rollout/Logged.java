package dev.davy.rollout;

import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.serving.Arm.Role;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.Prediction.ComponentAnswer;
import dev.davy.serving.Prediction.Decision;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Predictions of an endpoint `phones`, as they stand in the log.
final class Logged {
    static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
    static final Schema INPUT =
            new Schema(
                    List.of(
                            Column.of("line", ColumnType.CATEGORY),
                            Column.of("age", ColumnType.NUMBER)));
    static final List<Output> OUTPUTS =
            List.of(new Output("label", new OutputKind.Category(List.of("ok", "scratch"))));

    final long epoch;
    final int second;
    final boolean candidate;
    String entity = "";
    String line = "A";
    String label = "ok";
    double millis = 2;
    String failure = "";
    Map<String, String> extra = Map.of();
    Origin origin = Origin.LIVE;

    Logged(long epoch, int second, boolean candidate) {
        this.epoch = epoch;
        this.second = second;
        this.candidate = candidate;
    }

    static Optional<Schema> schema(long hash) {
        return hash == INPUT.hash() ? Optional.of(INPUT) : Optional.empty();
    }

    Prediction prediction() {
        var at = START.plusSeconds(second);
        var role = candidate ? Role.CANDIDATE : Role.LIVE;
        var version = candidate ? "phones/2" : "phones/1";
        Optional<String> failed = failure.isEmpty() ? Optional.empty() : Optional.of(failure);
        var values = new HashMap<String, Object>();
        var decided = new HashMap<String, @Nullable Object>();
        if (failed.isEmpty()) {
            values.put("label", label);
            decided.put("label", label);
        }
        return new Prediction(
                new UUID(epoch << 32 | second, candidate ? 1 : 0),
                "r",
                "phones",
                INPUT.hash(),
                epoch,
                entity.isEmpty() ? Optional.empty() : Optional.of(entity),
                at,
                at,
                origin,
                role,
                role,
                version,
                List.of(line, 31.0),
                1,
                List.of(
                        new ComponentAnswer(
                                "model",
                                version,
                                1,
                                (long) (millis * 1e6),
                                values,
                                Map.of(),
                                OptionalDouble.of(0.75),
                                false,
                                failed)),
                new Decision(
                        decided,
                        failed.isPresent() ? OptionalDouble.empty() : OptionalDouble.of(0.75),
                        role.word(),
                        "assigned",
                        failed),
                OptionalDouble.empty(),
                extra);
    }
}
