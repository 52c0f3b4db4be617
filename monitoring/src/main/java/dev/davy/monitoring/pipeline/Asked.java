package dev.davy.monitoring.pipeline;

import dev.davy.serving.Origin;

/// What is to be attributed.
///
/// @param stretch in which something may have become other
/// @param reference with which it is compared
/// @param origin of the predictions that are looked at
/// @param rows how many of each are asked again at most
/// @param seed of the drawing
public record Asked(
        String endpoint, Stretch stretch, Stretch reference, Origin origin, int rows, long seed) {
    /// Where nothing else is said.
    public static final int ROWS = 200;

    public static final int ROWS_MIN = 20;
    public static final int ROWS_MAX = 1_000;

    /// Of whose inputs and answers only what was logged is looked at, for each that is asked again.
    static final int MEASURED = 5;

    public Asked {
        if (rows < ROWS_MIN || rows > ROWS_MAX)
            throw new IllegalArgumentException(
                    "rows is " + rows + "; it must be " + ROWS_MIN + " to " + ROWS_MAX);
    }

    Sample sample() {
        return new Sample(seed, MEASURED * rows, rows);
    }
}
