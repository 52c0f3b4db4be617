package dev.davy.monitoring;

import dev.davy.serving.LoggedInput;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a column looked like to training and to serving, row by row: of the same predictions. In
/// the making; for one thread.
final class Skew {
    /// Numbers that are nearer to each other, as a part of the larger one or of 1, are the same: a
    /// float on the way is no skew.
    private static final double NEAR = 1e-6;

    private static final Set<String> MISSING =
            Set.of("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None");

    private final String column;
    private long rows;
    private long differ;
    private long missingInTraining;
    private long missingInServing;
    private long numbers;
    private double difference;
    private double largest;
    private @Nullable Example example;

    Skew(String column) {
        this.column = column;
    }

    /// The row that differs most; of texts the first that does.
    record Example(UUID prediction, String training, String serving) {}

    /// What was found.
    ///
    /// @param rows that were compared
    /// @param differ of these, those without a value on one side among them
    /// @param meanDifference of the numbers that differ: training's less serving's
    /// @param largest of the differences, without its sign; 0 where numbers don't differ
    record Found(
            String column,
            long rows,
            long differ,
            long missingInTraining,
            long missingInServing,
            OptionalDouble meanDifference,
            double largest,
            Optional<Example> example) {}

    /// @param cell what training saw, as a table has it
    /// @param logged what serving saw; null: no value
    void add(UUID prediction, String cell, @Nullable Object logged) {
        rows++;
        boolean absent = MISSING.contains(cell);
        if (absent && logged == null) return;
        if (absent) missingInTraining++;
        if (logged == null) missingInServing++;
        if (absent || logged == null) {
            differs(prediction, cell, logged, 0);
            return;
        }
        var number = logged instanceof Number ? number(cell) : OptionalDouble.empty();
        if (number.isEmpty()) {
            if (!isSame(cell, logged)) differs(prediction, cell, logged, 0);
            return;
        }
        double serving = ((Number) logged).doubleValue();
        double away = number.getAsDouble() - serving;
        double scale = Math.max(1, Math.max(Math.abs(serving), Math.abs(number.getAsDouble())));
        if (Math.abs(away) <= NEAR * scale || number.getAsDouble() == serving) return;
        numbers++;
        difference += away;
        differs(prediction, cell, logged, Math.abs(away));
    }

    private void differs(UUID prediction, String cell, @Nullable Object logged, double away) {
        differ++;
        if (example == null || away > largest)
            example = new Example(prediction, cell, logged == null ? "" : LoggedInput.text(logged));
        largest = Math.max(largest, away);
    }

    private static OptionalDouble number(String cell) {
        try {
            return OptionalDouble.of(Double.parseDouble(cell));
        } catch (NumberFormatException notANumber) {
            return OptionalDouble.empty();
        }
    }

    private static boolean isSame(String cell, Object logged) {
        if (logged instanceof Instant at)
            try {
                return Instant.parse(cell).equals(at);
            } catch (DateTimeParseException notATime) {
                return false;
            }
        if (logged instanceof Boolean is)
            return cell.equalsIgnoreCase(is.toString()) || cell.equals(is ? "1" : "0");
        return cell.equals(LoggedInput.text(logged));
    }

    Found found() {
        return new Found(
                column,
                rows,
                differ,
                missingInTraining,
                missingInServing,
                numbers == 0 ? OptionalDouble.empty() : OptionalDouble.of(difference / numbers),
                largest,
                Optional.ofNullable(example));
    }
}
