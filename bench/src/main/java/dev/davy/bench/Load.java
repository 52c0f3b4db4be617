package dev.davy.bench;

import org.HdrHistogram.Histogram;

/// What a load generator saw while it measured.
///
/// @param replies good replies (status 200) that came in time
/// @param failures replies of another status, broken connections, and requests never answered
/// @param seconds how long it measured
/// @param nanos latency of every reply, good or not; in an open loop counted from the moment at
///   which the request was due, so that a server that stalls cannot hide it
record Load(long replies, long failures, double seconds, Histogram nanos) {
    double perSecond() {
        return replies / seconds;
    }

    double millisAt(double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }

    double millisMax() {
        return nanos.getMaxValue() / 1e6;
    }

    static Histogram histogram() {
        return new Histogram(60_000_000_000L, 3);
    }
}
