package dev.davy.monitoring;

import dev.davy.stats.quality.WeightedMean;

/// A number per outcome, with weights, as sums: what was counted can be taken away again when truth
/// is corrected.
///
/// @param weight the sum of weights
/// @param weight2 of their squares
/// @param sum of weight times number
/// @param squares of weight times squared number
/// @param sum2 of squared weight times number
/// @param squares2 of squared weight times squared number
record Sums(
        long count,
        double weight,
        double weight2,
        double sum,
        double squares,
        double sum2,
        double squares2) {
    static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0);

    static Sums of(double number, double weight) {
        double weight2 = weight * weight;
        return new Sums(
                1,
                weight,
                weight2,
                weight * number,
                weight * number * number,
                weight2 * number,
                weight2 * number * number);
    }

    Sums merge(Sums that) {
        return plus(that, 1);
    }

    Sums minus(Sums that) {
        return plus(that, -1);
    }

    private Sums plus(Sums that, int sign) {
        return new Sums(
                count + sign * that.count,
                weight + sign * that.weight,
                weight2 + sign * that.weight2,
                sum + sign * that.sum,
                squares + sign * that.squares,
                sum2 + sign * that.sum2,
                squares2 + sign * that.squares2);
    }

    /// The mean with all that an interval needs; of nothing where nothing is left.
    WeightedMean mean() {
        if (count <= 0 || !(weight > 0)) return WeightedMean.NONE;
        double mean = sum / weight;
        double mean2 = weight2 > 0 ? sum2 / weight2 : 0;
        return new WeightedMean(
                count,
                weight,
                mean,
                Math.max(0, squares - sum * mean),
                weight2,
                mean2,
                Math.max(0, squares2 - sum2 * mean2));
    }

    void write(Bytes out) {
        out.number(Math.max(0, count));
        if (count <= 0) return;
        out.real(weight);
        out.real(weight2);
        out.real(sum);
        out.real(squares);
        out.real(sum2);
        out.real(squares2);
    }

    static Sums read(Bytes in) {
        long count = in.number();
        return count == 0
                ? NONE
                : new Sums(count, in.real(), in.real(), in.real(), in.real(), in.real(), in.real());
    }
}
