package dev.davy.stats;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/// Count, mean, spread and range of finite numbers (Welford 1962; merged as Chan, Golub and LeVeque
/// 1979).
///
/// Merging commutes exactly, and associates to 1e-9 of the numbers' size: sums of floating point
/// depend on their order in the last digits.
///
/// @param mean 0 where there are none
/// @param squares the sum of squared distances from the mean; infinite where it is too large for a
///   double
/// @param min 0 where there are none
/// @param max 0 where there are none
public record Moments(long count, double mean, double squares, double min, double max) {
    /// Of no numbers.
    public static final Moments NONE = new Moments(0, 0, 0, 0, 0);

    public Moments {
        boolean none = count == 0 && mean == 0 && squares == 0 && min == 0 && max == 0;
        if (!none && !(count > 0 && squares >= 0 && min <= max && between(mean, min, max)))
            throw new IllegalArgumentException(
                    "count %d, mean %s, squares %s, min %s, max %s"
                            .formatted(count, mean, squares, min, max));
    }

    // The mean of equal numbers may be off by their last digit.
    private static boolean between(double mean, double min, double max) {
        double slack = Math.max(Math.abs(min), Math.abs(max)) * 1e-9;
        return Double.isFinite(mean) && mean >= min - slack && mean <= max + slack;
    }

    /// One more number, which must be finite.
    Moments plus(double number) {
        if (count == 0) return new Moments(1, number, 0, number, number);
        double distance = number - mean;
        double moved =
                Double.isInfinite(distance)
                        ? mean - mean / (count + 1) + number / (count + 1)
                        : mean + distance / (count + 1);
        double least = Math.min(min, number);
        double most = Math.max(max, number);
        return new Moments(
                count + 1,
                Math.clamp(moved, least, most),
                // Both factors have one sign, but for the last digit.
                squares + Math.max(0, distance * (number - moved)),
                least,
                most);
    }

    /// Both sets of numbers as one.
    public Moments merge(Moments other) {
        if (count == 0) return other;
        if (other.count == 0) return this;
        double total = (double) count + other.count;
        double here = count / total;
        double there = other.count / total;
        double distance = other.mean - mean;
        double least = Math.min(min, other.min);
        double most = Math.max(max, other.max);
        return new Moments(
                count + other.count,
                // Halves of the smallest doubles are rounded to nothing.
                Math.clamp(mean * here + other.mean * there, least, most),
                squares + other.squares + distance * distance * (here * there) * total,
                least,
                most);
    }

    /// The variance of the population that these are a sample of (divided by n - 1); empty for
    /// fewer than two numbers, infinite where it is too large for a double.
    public OptionalDouble variance() {
        return count < 2 ? OptionalDouble.empty() : OptionalDouble.of(squares / (count - 1));
    }

    ObjectNode json() {
        return Json.object()
                .put("count", count)
                .put("mean", mean)
                .put("squares", squares)
                .put("min", min)
                .put("max", max);
    }

    static Moments read(Fields fields) {
        long count = fields.integer("count", 1, Profile.ROWS_MAX);
        double mean = fields.number("mean");
        // Written as null where it is infinite.
        double squares = fields.optionalNumber("squares").orElse(Double.POSITIVE_INFINITY);
        double min = fields.number("min");
        double max = fields.number("max");
        if (squares >= 0 && min <= max && between(mean, min, max))
            return new Moments(count, mean, squares, min, max);
        fields.violation("mean", "does not fit min, max and squares");
        return NONE;
    }
}
