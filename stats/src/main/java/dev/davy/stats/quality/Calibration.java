package dev.davy.stats.quality;

import dev.davy.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Whether what the model says with 80 % is right in 80 %: probabilities in bins of equal width,
/// against what came.
///
/// The bins are fixed beforehand, so evidence merges. Bins of equal count, which other tools use,
/// depend on all the data and do not.
public final class Calibration {
    /// How many bins where nothing else is said.
    public static final int BINS = 10;

    private final Bin[] bins;
    private final WeightedMean brier;
    private final WeightedMean logLoss;

    /// Examples whose probability fell into one range.
    ///
    /// @param said the weighted sum of their probabilities
    private record Bin(Cell positives, Cell negatives, double said) {
        private static final Bin NONE = new Bin(Cell.NONE, Cell.NONE, 0);

        private Bin merge(Bin that) {
            return new Bin(
                    positives.merge(that.positives),
                    negatives.merge(that.negatives),
                    said + that.said);
        }

        private Cell all() {
            return positives.merge(negatives);
        }
    }

    /// A line of the reliability table.
    ///
    /// @param said the mean probability that the model gave
    /// @param came what share was positive, with Wilson's interval
    public record Reliability(
            double low, double high, long count, double said, double came, Interval interval) {}

    private Calibration(Bin[] bins, WeightedMean brier, WeightedMean logLoss) {
        this.bins = bins;
        this.brier = brier;
        this.logLoss = logLoss;
    }

    /// Of no examples.
    public static Calibration none(int bins) {
        if (bins < 2 || bins > 1_000)
            throw new IllegalArgumentException("bins is " + bins + "; it is 2 to 1,000");
        var empty = new Bin[bins];
        Arrays.fill(empty, Bin.NONE);
        return new Calibration(empty, WeightedMean.NONE, WeightedMean.NONE);
    }

    /// Takes examples one by one; not for several threads.
    public static final class Builder {
        private final Calibration built;
        private WeightedMean brier = WeightedMean.NONE;
        private WeightedMean logLoss = WeightedMean.NONE;

        public Builder(int bins) {
            this.built = none(bins);
        }

        /// @param probability that the example is positive: 0 to 1
        public Builder add(double probability, boolean positive, double weight) {
            if (!(probability >= 0 && probability <= 1))
                throw new IllegalArgumentException(
                        "probability is " + probability + "; it lies between 0 and 1");
            int at = Math.min(built.bins.length - 1, (int) (probability * built.bins.length));
            var one = Cell.NONE.plus(weight);
            built.bins[at] =
                    built.bins[at].merge(
                            new Bin(
                                    positive ? one : Cell.NONE,
                                    positive ? Cell.NONE : one,
                                    weight * probability));
            double off = probability - (positive ? 1 : 0);
            brier = brier.plus(off * off, weight);
            double given = positive ? probability : 1 - probability;
            logLoss = logLoss.plus(-Math.log(Math.max(given, LEAST)), weight);
            return this;
        }

        public Calibration build() {
            return new Calibration(built.bins.clone(), brier, logLoss);
        }
    }

    // Or one sure mistake would make the loss infinite; the step of doubles at 1, as scikit-learn.
    private static final double LEAST = Math.ulp(1.0);

    public Calibration merge(Calibration that) {
        if (bins.length != that.bins.length)
            throw new IllegalArgumentException(
                    bins.length + " bins cannot be merged with " + that.bins.length);
        var both = new Bin[bins.length];
        for (int b = 0; b < both.length; b++) both[b] = bins[b].merge(that.bins[b]);
        return new Calibration(both, brier.merge(that.brier), logLoss.merge(that.logLoss));
    }

    /// The mean squared distance of probability and outcome (Brier 1950).
    public Figure brier(double confidence) {
        return brier.figureFromZero("brier", confidence, "mean (probability - outcome)²");
    }

    /// The mean surprise, in nats (Good 1952).
    public Figure logLoss(double confidence) {
        return logLoss.figureFromZero(
                "log_loss",
                confidence,
                "mean -ln(probability given to what came), at least 2.2e-16");
    }

    /// The lines of the reliability table; bins without weight are left out.
    public List<Reliability> reliability(double confidence) {
        var lines = new ArrayList<Reliability>();
        for (int b = 0; b < bins.length; b++) {
            var all = bins[b].all();
            if (all.weight() == 0) continue;
            double came = Math.min(1, bins[b].positives.weight() / all.weight());
            double n = all.effective();
            lines.add(
                    new Reliability(
                            (double) b / bins.length,
                            (b + 1.0) / bins.length,
                            all.count(),
                            bins[b].said / all.weight(),
                            came,
                            Proportion.wilson(came * n, n, confidence)));
        }
        return lines;
    }

    /// Expected calibration error (Naeini, Cooper and Hauskrecht 2015): the mean distance of what
    /// was said and what came, by weight. It is above 0 for a perfect model too: see [#ofPerfect].
    public Figure expectedCalibrationError(Bootstrap bootstrap) {
        var definition =
                "mean |said - came| over "
                        + bins.length
                        + " bins of equal width, by weight; biased upward";
        long count = brier.count();
        if (brier.weight() == 0) return Figure.undefined("ece", count, definition);
        return Figure.of("ece", error(null), bootstrap.interval(this::error), count, definition);
    }

    /// The expected calibration error that a perfectly calibrated model would show with as many
    /// examples: the mean over draws of the outcomes from what was said.
    public double ofPerfect(Bootstrap bootstrap) {
        var random = new SplittableRandom(bootstrap.seed());
        double sum = 0;
        for (int i = 0; i < bootstrap.replicates(); i++) {
            double all = 0;
            double off = 0;
            for (var bin : bins) {
                double weight = bin.all().weight();
                if (weight == 0) continue;
                double p = bin.said / weight;
                double deviation = Math.sqrt(p * (1 - p) / bin.all().effective());
                off += weight * Math.abs(deviation * random.nextGaussian());
                all += weight;
            }
            sum += all == 0 ? 0 : off / all;
        }
        return sum / bootstrap.replicates();
    }

    private double error(@Nullable RandomGenerator random) {
        double all = 0;
        double off = 0;
        for (var bin : bins) {
            double before = bin.all().weight();
            if (before == 0) continue;
            double positives =
                    random == null ? bin.positives.weight() : bin.positives.redrawn(random);
            double negatives =
                    random == null ? bin.negatives.weight() : bin.negatives.redrawn(random);
            // What was said varies little within a bin, so its mean is kept.
            off += Math.abs((positives + negatives) * (bin.said / before) - positives);
            all += positives + negatives;
        }
        return all == 0 ? Double.NaN : off / all;
    }

    /// All figures of it.
    public List<Figure> figures(Bootstrap bootstrap) {
        return List.of(
                brier(bootstrap.confidence()),
                logLoss(bootstrap.confidence()),
                expectedCalibrationError(bootstrap));
    }

    /// The largest distance of what was said and what came, of bins with at least so many examples.
    public Optional<Reliability> worst(long countMin) {
        Reliability worst = null;
        for (var line : reliability(Interval.USUAL))
            if (line.count() >= countMin
                    && (worst == null
                            || Math.abs(line.said() - line.came())
                                    > Math.abs(worst.said() - worst.came()))) worst = line;
        return Optional.ofNullable(worst);
    }
}
