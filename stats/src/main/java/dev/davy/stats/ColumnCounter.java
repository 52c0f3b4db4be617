package dev.davy.stats;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A [ColumnProfile] in the making.
final class ColumnCounter {
    private static final double EXACT = 1L << 53;

    private long count;
    private long missing;
    private long nan;
    private long infinite;
    private Moments moments = Moments.NONE;
    private final Quantiles quantiles = new Quantiles();
    private Frequencies numbers = new Frequencies();
    private final Frequencies texts = new Frequencies();

    /// @param before rows that were counted before this column was first seen
    ColumnCounter(long before) {
        count = before;
        missing = before;
    }

    long count() {
        return count;
    }

    void add(@Nullable Object value) {
        count++;
        switch (value) {
            case null -> missing++;
            case Double number -> number(number);
            case Float number -> number(number);
            // A whole number keeps all its digits in its name, though not in the moments.
            case Number number -> number(number.doubleValue(), number.toString());
            case CharSequence text -> texts.add(text.toString());
            case Boolean flag -> texts.add(flag.toString());
            case Instant time -> number(time.getEpochSecond() + time.getNano() / 1e9);
            default -> {} // counted, no more
        }
    }

    private void number(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) <= EXACT;
        number(number, whole ? Long.toString((long) number) : Double.toString(number));
    }

    private void number(double number, String name) {
        if (Double.isFinite(number)) {
            moments = moments.plus(number);
            quantiles.add(number);
            numbers.add(name);
            numbers = numbers.allOrNone();
        } else {
            missing++;
            if (Double.isNaN(number)) nan++;
            else infinite++;
        }
    }

    ColumnProfile profile() {
        return new ColumnProfile(
                count,
                missing,
                nan,
                infinite,
                moments,
                quantiles.copy(),
                numbers.copy(),
                texts.copy());
    }
}
