package dev.davy.monitoring;

import dev.davy.serving.Origin;

/// What was counted of an endpoint since the start, as Prometheus wants it: numbers that only grow.
///
/// @param window all of it
/// @param latency how many rows took at most each of [#BOUNDS_MILLIS], the last for all others; not
///   summed up
@SuppressWarnings("ArrayRecordComponent") // never compared, never given away
record Totals(Window window, long[] latency, double latencyMillis) {
    /// Of which endpoint, and where its predictions came from.
    record Of(String endpoint, Origin origin) {}

    /// Upper bounds of the latency histogram.
    private static final double[] BOUNDS_MILLIS = {
        0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000
    };

    static final Totals NONE = new Totals(Window.EMPTY, new long[BOUNDS_MILLIS.length + 1], 0);

    static double[] boundsMillis() {
        return BOUNDS_MILLIS.clone();
    }

    static int bucket(double millis) {
        int bucket = 0;
        while (bucket < BOUNDS_MILLIS.length && millis > BOUNDS_MILLIS[bucket]) bucket++;
        return bucket;
    }

    Totals plus(Window more, long[] latencies, double millis) {
        var sum = latency.clone();
        for (int i = 0; i < sum.length; i++) sum[i] += latencies[i];
        return new Totals(window.merge(more), sum, latencyMillis + millis);
    }
}
