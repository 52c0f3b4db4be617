package dev.davy.stats.quality;

import dev.davy.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How positives and negatives are spread over a score: all that ROC AUC and average precision
/// need.
///
/// Up to [#SCORES_MAX] different scores are kept apart and the figures are exact. With more, scores
/// are told apart by fewer binary digits, as many as fit; the figure then says how far it may be
/// off ([#slack]). The number of digits follows from the set of scores alone, so merging is
/// associative and commutative, and equals the one pass.
public final class Scores {
    /// How many different scores are kept apart.
    public static final int SCORES_MAX = 8_192;

    /// None at all.
    public static final Scores NONE = new Scores(0, new TreeMap<>());

    /// A range of scores that are taken for one.
    ///
    /// @param low the lowest score of the range
    public record Range(double low, Cell positives, Cell negatives) {
        Range merge(Range that) {
            return new Range(low, positives.merge(that.positives), negatives.merge(that.negatives));
        }
    }

    private final int dropped;
    private final NavigableMap<Long, Range> ranges;

    private Scores(int dropped, NavigableMap<Long, Range> ranges) {
        this.dropped = dropped;
        this.ranges = ranges;
    }

    /// Takes examples one by one; not for several threads.
    public static final class Builder {
        private Scores scores = new Scores(0, new TreeMap<>());

        /// @param score higher means surer that the example is positive; finite
        public Builder add(double score, boolean positive, double weight) {
            if (!Double.isFinite(score)) throw new IllegalArgumentException("score is " + score);
            var one = Cell.NONE.plus(weight);
            long key = key(score, scores.dropped);
            scores.ranges.merge(
                    key,
                    new Range(score(key), positive ? one : Cell.NONE, positive ? Cell.NONE : one),
                    Range::merge);
            if (scores.ranges.size() > SCORES_MAX) scores = scores.fitting();
            return this;
        }

        public Scores build() {
            return new Scores(scores.dropped, new TreeMap<>(scores.ranges));
        }
    }

    public Scores merge(Scores that) {
        int fewer = Math.max(dropped, that.dropped);
        var both = coarser(fewer).ranges;
        that.coarser(fewer).ranges.forEach((key, range) -> both.merge(key, range, Range::merge));
        return new Scores(fewer, both).fitting();
    }

    private Scores fitting() {
        var fitting = this;
        while (fitting.ranges.size() > SCORES_MAX) fitting = fitting.coarser(fitting.dropped + 1);
        return fitting;
    }

    private Scores coarser(int digits) {
        var fewer = new TreeMap<Long, Range>();
        for (var range : ranges.values()) {
            long key = key(range.low, digits);
            fewer.merge(key, new Range(score(key), range.positives, range.negatives), Range::merge);
        }
        return new Scores(digits, fewer);
    }

    // A double's bits, turned such that they rise with it; its last digits dropped.
    private static long key(double score, int dropped) {
        long bits = Double.doubleToLongBits(score + 0.0);
        long rising = bits >= 0 ? bits : bits ^ Long.MAX_VALUE;
        return rising >> dropped << dropped;
    }

    private static double score(long key) {
        return Double.longBitsToDouble(key >= 0 ? key : key ^ Long.MAX_VALUE);
    }

    /// From the lowest score to the highest.
    public List<Range> ranges() {
        return List.copyOf(ranges.values());
    }

    /// Whether every score is told apart from every other.
    public boolean exact() {
        return dropped == 0;
    }

    public Cell positives() {
        var sum = Cell.NONE;
        for (var range : ranges.values()) sum = sum.merge(range.positives);
        return sum;
    }

    public Cell negatives() {
        var sum = Cell.NONE;
        for (var range : ranges.values()) sum = sum.merge(range.negatives);
        return sum;
    }

    /// How far the AUC may be off, either way, because scores were taken for one; 0 where exact.
    public double slack() {
        if (exact()) return 0;
        double together = 0;
        for (var range : ranges.values())
            together += range.positives.weight() * range.negatives.weight();
        return together / (2 * positives().weight() * negatives().weight());
    }

    /// The chance that a positive has a higher score than a negative, ties half (Mann and Whitney
    /// 1947); interval after DeLong, DeLong and Clarke-Pearson 1988, on the scale of log odds.
    /// Where nothing varies (all positives above all negatives) it is Wilson's, for as many as the
    /// rarer kind has.
    public Figure rocAuc(double confidence) {
        var definition = "P(score of a positive > of a negative) + half of ties" + approximation();
        double p = positives().weight();
        double n = negatives().weight();
        long count = positives().count() + negatives().count();
        if (p == 0 || n == 0) return Figure.undefined("roc_auc", count, definition);
        double auc = area(p, n);
        return Figure.of("roc_auc", auc, delong(auc, p, n, confidence), count, definition);
    }

    private String approximation() {
        return exact() ? "" : String.format(Locale.ROOT, "; ±%.1e", slack());
    }

    private double area(double p, double n) {
        double below = 0;
        double area = 0;
        for (var range : ranges.values()) {
            area += range.positives.weight() * (below + range.negatives.weight() / 2);
            below += range.negatives.weight();
        }
        return Math.min(1, area / (p * n));
    }

    private Interval delong(double auc, double p, double n, double confidence) {
        double below = 0;
        double belowPositives = 0;
        double ofPositives = 0;
        double ofNegatives = 0;
        for (var range : ranges.values()) {
            double placed = (below + range.negatives.weight() / 2) / n;
            double beaten = 1 - (belowPositives + range.positives.weight() / 2) / p;
            ofPositives += range.positives.squares() * (placed - auc) * (placed - auc);
            ofNegatives += range.negatives.squares() * (beaten - auc) * (beaten - auc);
            below += range.negatives.weight();
            belowPositives += range.positives.weight();
        }
        double np = positives().effective();
        double nn = negatives().effective();
        double variance =
                ofPositives / (p * p) * (np / Math.max(1, np - 1))
                        + ofNegatives / (n * n) * (nn / Math.max(1, nn - 1));
        double rarer = Math.min(np, nn);
        if (!(variance > 0) || auc <= 0 || auc >= 1)
            return Proportion.wilson(auc * rarer, rarer, confidence);
        double half = Proportion.deviations(confidence) * Math.sqrt(variance) / (auc * (1 - auc));
        double odds = Math.log(auc / (1 - auc));
        return new Interval(
                Math.min(auc, 1 / (1 + Math.exp(half - odds))),
                Math.max(auc, 1 / (1 + Math.exp(-half - odds))),
                confidence,
                "DeLong, on log odds");
    }

    /// Precision at each score, weighted by how much recall grows there: the sum of `(R_n - R_n-1)
    /// P_n`, ties together, nothing interpolated (as scikit-learn does).
    public Figure averagePrecision(Bootstrap bootstrap) {
        var definition = "sum of (recall step × precision), ties together" + approximation();
        long count = positives().count() + negatives().count();
        if (positives().weight() == 0)
            return Figure.undefined("average_precision", count, definition);
        return Figure.of(
                "average_precision",
                precision(weights(null)),
                bootstrap.interval(random -> precision(weights(random))),
                count,
                definition);
    }

    // Positives and negatives in turn, highest score first.
    private double[] weights(@Nullable RandomGenerator random) {
        var weights = new double[2 * ranges.size()];
        int i = 0;
        for (var range : ranges.descendingMap().values()) {
            weights[i++] =
                    random == null ? range.positives.weight() : range.positives.redrawn(random);
            weights[i++] =
                    random == null ? range.negatives.weight() : range.negatives.redrawn(random);
        }
        return weights;
    }

    private static double precision(double[] weights) {
        double all = 0;
        for (int i = 0; i < weights.length; i += 2) all += weights[i];
        double found = 0;
        double said = 0;
        double sum = 0;
        for (int i = 0; i < weights.length; i += 2) {
            found += weights[i];
            said += weights[i] + weights[i + 1];
            if (weights[i] > 0) sum += weights[i] * (found / said);
        }
        return sum / all;
    }

    /// A point per range: what share of negatives and of positives lies at or above it, for a
    /// curve.
    ///
    /// @param falsePositives 0 to 1
    /// @param truePositives 0 to 1: the recall
    public record Point(
            double score, double falsePositives, double truePositives, double precision) {}

    /// From the highest score to the lowest; empty without positives or without negatives.
    public List<Point> curve() {
        double p = positives().weight();
        double n = negatives().weight();
        if (p == 0 || n == 0) return List.of();
        var points = new ArrayList<Point>();
        double found = 0;
        double wrong = 0;
        for (var range : ranges.descendingMap().values()) {
            found += range.positives.weight();
            wrong += range.negatives.weight();
            points.add(new Point(range.low, wrong / n, found / p, found / (found + wrong)));
        }
        return points;
    }

    /// The highest precision at a recall of at least so much; empty where no score reaches it.
    public Optional<Point> atRecall(double recall) {
        Point best = null;
        for (var point : curve())
            if (point.truePositives >= recall && (best == null || point.precision > best.precision))
                best = point;
        return Optional.ofNullable(best);
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof Scores scores
                && scores.dropped == dropped
                && scores.ranges.equals(ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }
}
