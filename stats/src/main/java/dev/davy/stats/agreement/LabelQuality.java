package dev.davy.stats.agreement;

/// How believable a given label is beside a model's probabilities: 1 is surely right, 0 surely
/// wrong (cleanlab; Kuan and Mueller 2022).
public enum LabelQuality {
    /// The probability of the given label.
    SELF_CONFIDENCE,
    /// That minus the highest of the others, brought to 0 to 1.
    NORMALIZED_MARGIN,
    /// The spread of the probabilities over that of the given label, brought to 0 to 1.
    CONFIDENCE_WEIGHTED_ENTROPY;

    private static final double LEAST = 1e-6;

    /// @param label the position of the given label
    /// @param probabilities of each label, ideally from a model that has not seen this example
    public double of(int label, double[] probabilities) {
        double own = probabilities[label];
        return switch (this) {
            case SELF_CONFIDENCE -> own;
            case NORMALIZED_MARGIN -> {
                double other = Double.NEGATIVE_INFINITY;
                for (int k = 0; k < probabilities.length; k++)
                    if (k != label) other = Math.max(other, probabilities[k]);
                yield (own - other + 1) / 2;
            }
            case CONFIDENCE_WEIGHTED_ENTROPY -> {
                double entropy = 0;
                for (double p : probabilities) if (p > 0) entropy -= p * Math.log(p);
                double spread = entropy / Math.log(probabilities.length) / Math.max(own, LEAST);
                yield Math.log1p(spread) / Math.max(spread, LEAST);
            }
        };
    }
}
