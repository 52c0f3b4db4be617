package dev.davy.stats.check;

import java.util.Map;

/// The statistics of `stream`, by the names that files of known answers have for them.
final class StreamVectors {
    static final Map<String, Statistic> STATISTICS = Map.of();

    private StreamVectors() {}
}
