package dev.davy.serving;

import dev.davy.schema.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row and what an arm said of it, as conditions name them.
///
/// @param said of each component; none: nothing was asked yet, or at all
record RowAsking(Arm arm, Row row, List<Program.Said> said) implements Automation.Asking {
    @Override
    public String version() {
        return arm.program().version();
    }

    @Override
    public boolean answered() {
        return !said.isEmpty() && Program.problem(said) == null;
    }

    @Override
    public @Nullable Object at(String path) {
        if (path.startsWith("input.")) return comparable(row.at(path.substring(6)));
        if (!answered()) return null;
        var program = arm.program();
        if (path.startsWith("output."))
            return comparable(program.decide(said).get(path.substring(7)));
        return switch (path) {
            case "confidence" -> {
                var confidence = program.confidence(said);
                yield confidence.isPresent() ? (Double) confidence.getAsDouble() : null;
            }
            case "margin" -> margin(program.scores(said));
            default -> null;
        };
    }

    /// What can be compared; null for what can't.
    static @Nullable Object comparable(@Nullable Object value) {
        return switch (value) {
            case Double _, Long _, String _, Boolean _, Instant _ -> value;
            case Float number -> number.doubleValue();
            case Integer number -> number.longValue();
            case null, default -> null;
        };
    }

    /// How much more likely the first class is than the second, where there are scores.
    static @Nullable Double margin(Map<String, double[]> scores) {
        if (scores.isEmpty()) return null;
        double first = Double.NEGATIVE_INFINITY;
        double second = Double.NEGATIVE_INFINITY;
        for (double score : scores.values().iterator().next()) {
            if (score > first) {
                second = first;
                first = score;
            } else if (score > second) second = score;
        }
        double margin = first - second;
        return Double.isFinite(margin) ? (Double) margin : null;
    }
}
