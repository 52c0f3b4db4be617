package dev.davy.stats.quality;

import dev.davy.stats.Interval;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;

/// The mean of a number per example, with weights, and how sure it is.
///
/// Two running means with squared distances (West 1979; merged as Chan, Golub and LeVeque 1979):
/// one by the weights, one by their squares, for the variance of a mean whose weights sum to its
/// denominator (Hájek 1971; linearised). Merging commutes exactly, associates to 1e-9.
///
/// @param count examples, of any weight
/// @param weight the sum of weights
/// @param mean by weight; 0 where there is no weight
/// @param squares by weight, the squared distances from the mean
/// @param weight2 the sum of squared weights
/// @param mean2 by squared weight
/// @param squares2 by squared weight, the squared distances from `mean2`
public record WeightedMean(
        long count,
        double weight,
        double mean,
        double squares,
        double weight2,
        double mean2,
        double squares2) {

    public static final WeightedMean NONE = new WeightedMean(0, 0, 0, 0, 0, 0, 0);

    /// One more example; its number must be finite.
    public WeightedMean plus(double number, double by) {
        if (!Double.isFinite(number))
            throw new IllegalArgumentException("a mean of " + number + " is none");
        double square = Cell.checked(by) * by;
        return merge(new WeightedMean(1, by, by == 0 ? 0 : number, 0, square, number, 0));
    }

    public WeightedMean merge(WeightedMean that) {
        if (count == 0) return that;
        if (that.count == 0) return this;
        double all = weight + that.weight;
        double all2 = weight2 + that.weight2;
        double distance = that.mean - mean;
        double distance2 = that.mean2 - mean2;
        return new WeightedMean(
                count + that.count,
                all,
                all == 0 ? 0 : mean * (weight / all) + that.mean * (that.weight / all),
                squares + that.squares + between(weight, that.weight, distance),
                all2,
                all2 == 0 ? 0 : mean2 * (weight2 / all2) + that.mean2 * (that.weight2 / all2),
                squares2 + that.squares2 + between(weight2, that.weight2, distance2));
    }

    private static double between(double here, double there, double distance) {
        return here + there == 0 ? 0 : distance * distance * here * (there / (here + there));
    }

    /// How many examples of one weight would say as much (Kish 1965).
    public double effective() {
        return weight2 == 0 ? 0 : weight * weight / weight2;
    }

    /// The standard error of the mean; NaN for fewer than two effective examples.
    public double error() {
        double n = effective();
        if (n < 2) return Double.NaN;
        double off = mean2 - mean;
        double sum = squares2 + weight2 * off * off;
        return Math.sqrt(sum * n / (n - 1)) / weight;
    }

    /// Student's interval, with one less than the effective number of examples as its degrees of
    /// freedom; empty for fewer than two.
    public Optional<Interval> interval(double confidence) {
        Interval.confident(confidence);
        double error = error();
        if (Double.isNaN(error)) return Optional.empty();
        double t =
                TDistribution.of(effective() - 1).inverseSurvivalProbability((1 - confidence) / 2);
        return Optional.of(
                new Interval(mean - t * error, mean + t * error, confidence, "Student's t"));
    }

    public Figure figure(String name, double confidence, String definition) {
        if (weight == 0) return Figure.undefined(name, count, definition);
        return Figure.of(name, mean, interval(confidence), count, definition);
    }

    /// The same, of a metric that is a mean of numbers not below 0: nor is its interval.
    Figure figureFromZero(String name, double confidence, String definition) {
        if (weight == 0) return Figure.undefined(name, count, definition);
        var interval =
                interval(confidence)
                        .map(i ->
                                new Interval(
                                        Math.max(0, i.low()), i.high(), confidence, i.method()));
        return Figure.of(name, mean, interval, count, definition);
    }
}
