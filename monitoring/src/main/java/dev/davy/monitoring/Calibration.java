package dev.davy.monitoring;

import dev.davy.stats.quality.Calibrator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/// How often an answer of some confidence was right before: learned from outcomes, by class where a
/// class has enough of them. Between the ranges it rises in a straight line (isotonic regression).
///
/// An estimate of quality without truth stands on it (Białek et al. 2024, "CBPE"): it sees what a
/// change of inputs does to quality, and is blind to a change of what the inputs mean.
final class Calibration {
    /// A class with fewer outcomes is taken together with all others.
    private static final double ENOUGH = 100;

    private final Map<String, Calibrator> byClass;
    private final Calibrator all;
    private final double outcomes;

    private Calibration(Map<String, Calibrator> byClass, Calibrator all, double outcomes) {
        this.byClass = byClass;
        this.all = all;
        this.outcomes = outcomes;
    }

    /// Without outcomes a confidence is taken at its word.
    static Calibration of(Confidences matured) {
        var weights = new HashMap<String, Double>();
        matured.cells()
                .forEach((key, cell) -> weights.merge(key.said(), cell.weight(), Double::sum));
        var byClass = new HashMap<String, Calibrator>();
        weights.forEach((said, weight) -> {
            if (weight >= ENOUGH) byClass.put(said, learned(matured, said));
        });
        double outcomes = matured.weight();
        return new Calibration(
                byClass,
                outcomes >= ENOUGH ? learned(matured, "") : new Calibrator.None(),
                outcomes);
    }

    private static Calibrator learned(Confidences matured, String said) {
        var cells = new ArrayList<Confidences.Cell>();
        matured.cells()
                .forEach((key, cell) -> {
                    boolean wanted = said.isEmpty() || key.said().equals(said);
                    if (wanted && cell.weight() > 0) cells.add(cell);
                });
        return Calibrator.isotonic(
                cells.stream().mapToDouble(cell -> cell.confidence() / cell.weight()).toArray(),
                cells.stream().mapToDouble(cell -> cell.right() / cell.weight()).toArray(),
                cells.stream().mapToDouble(Confidences.Cell::weight).toArray());
    }

    /// Outcomes that it was learned from.
    double outcomes() {
        return outcomes;
    }

    boolean isKnown() {
        return outcomes >= ENOUGH;
    }

    double apply(String said, double confidence) {
        return byClass.getOrDefault(said, all).apply(confidence);
    }

    /// What is expected of some answers.
    ///
    /// @param weight of all answers
    /// @param right the expected weight of those that are
    /// @param variance of that weight, as far as chance makes it
    record Expected(double weight, double right, double variance) {
        double accuracy() {
            return right / weight;
        }
    }

    Expected expected(Confidences answers) {
        double weight = 0;
        double right = 0;
        double variance = 0;
        for (var each : answers.cells().entrySet()) {
            var cell = each.getValue();
            if (!(cell.weight() > 0)) continue;
            double p = apply(each.getKey().said(), cell.confidence() / cell.weight());
            weight += cell.weight();
            right += cell.weight() * p;
            variance += cell.weight() * p * (1 - p);
        }
        return new Expected(weight, right, variance);
    }
}
