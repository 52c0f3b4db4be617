package dev.davy.stats.drift;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/// A statistic of two samples, with everything that one must know to compute it again.
///
/// @param statistic its name: `psi`, `kolmogorov-smirnov`
/// @param value the statistic; NaN where the samples do not allow one, infinite where a part of it
///   is
/// @param pValue how often chance alone gives such a value or a greater one; empty for a mere
///   distance
/// @param reference how many values of the reference it was made of
/// @param current likewise
/// @param definition variant, bins, edges, base of logarithms, rule for zeros: whatever else the
///   value depends on, in plain words and numbers
public record Drift(
        String statistic,
        double value,
        OptionalDouble pValue,
        double reference,
        double current,
        Map<String, Object> definition) {

    public Drift {
        definition = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(definition));
        if (pValue.isPresent() && !(pValue.getAsDouble() >= 0 && pValue.getAsDouble() <= 1))
            throw new IllegalArgumentException(statistic + " has p-value " + pValue);
    }

    static Drift distance(
            String statistic, double value, Cells cells, Map<String, Object> definition) {
        var all = new LinkedHashMap<>(cells.definition());
        all.putAll(definition);
        return new Drift(
                statistic,
                value,
                OptionalDouble.empty(),
                cells.referenceTotal(),
                cells.currentTotal(),
                all);
    }

    static Drift test(
            String statistic,
            double value,
            double pValue,
            double reference,
            double current,
            Map<String, Object> definition) {
        return new Drift(
                statistic,
                value,
                Double.isNaN(pValue)
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Math.clamp(pValue, 0, 1)),
                reference,
                current,
                definition);
    }

    static Drift test(
            String statistic,
            double value,
            double pValue,
            Cells cells,
            Map<String, Object> definition) {
        var all = new LinkedHashMap<>(cells.definition());
        all.putAll(definition);
        return test(statistic, value, pValue, cells.referenceTotal(), cells.currentTotal(), all);
    }

    /// The same with more in its definition.
    Drift with(Map<String, Object> more) {
        var all = new LinkedHashMap<>(definition);
        all.putAll(more);
        return new Drift(statistic, value, pValue, reference, current, all);
    }

    /// The p-value, or NaN where there is none.
    public double p() {
        return pValue.orElse(Double.NaN);
    }
}
