package dev.davy.stats.check;

import java.util.Map;

/// The statistics of `drift`, by the names that files of known answers have for them.
final class DriftVectors {
    static final Map<String, Statistic> STATISTICS = Map.of();

    private DriftVectors() {}
}
