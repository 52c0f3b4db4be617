package dev.davy.stats.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every statistic that can be checked, by name.
public final class Offered {
    private static final List<Map<String, Statistic>> FAMILIES =
            List.of(
                    DriftVectors.STATISTICS,
                    StreamVectors.STATISTICS,
                    QualityVectors.STATISTICS,
                    AgreementVectors.STATISTICS);

    private static final Map<String, Statistic> ALL = joined();

    private Offered() {}

    public static Map<String, Statistic> statistics() {
        return ALL;
    }

    private static Map<String, Statistic> joined() {
        var all = new LinkedHashMap<String, Statistic>();
        for (var family : FAMILIES)
            family.forEach((name, statistic) -> {
                if (all.put(name, statistic) != null)
                    throw new IllegalStateException("two statistics are called " + name);
            });
        return Map.copyOf(all);
    }
}
