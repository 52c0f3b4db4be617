package dev.davy.monitoring;

import dev.davy.stats.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// How an endpoint is, with the evidence.
///
/// @param reference what is normal; empty while there is none
/// @param judged up to where traffic was judged
/// @param drift whether the inputs or their meaning changed
/// @param alarms that are not resolved
/// @param quality of each output in the stretch that was asked for
/// @param deciders who decided the rows of that stretch
/// @param orphans truth that waits for a prediction which has not come
public record Health(
        Instant from,
        Instant to,
        Optional<Stretch> reference,
        Optional<Instant> judged,
        Drift drift,
        List<Alarm> alarms,
        List<Output> quality,
        Deciders deciders,
        long orphans) {

    /// A stretch of event time.
    public record Stretch(Instant from, Instant to) {}

    /// What moved: what comes in, what it means, both, or neither.
    public enum Drift {
        NEITHER,
        DATA,
        CONCEPT,
        BOTH,
        /// Nothing says whether what comes in still means the same.
        NOT_ENOUGH_TRUTH;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /// How right an output was.
    ///
    /// @param figure `accuracy`, `mae` or `score`
    /// @param realised on the outcomes that have come
    /// @param weighted whether some outcomes stand for others that were not looked at; else it is
    ///   of the labelled cases only, where not all are
    /// @param normal what it was in the reference
    /// @param estimated of all predictions, by their confidence; empty without a calibration
    /// @param estimatedOnMatured the same of the predictions whose truth has come, to be held
    ///   against what is realised
    /// @param unchanged the figure of whoever says what was true just before
    /// @param commonest of whoever always says the commonest class
    /// @param predictions of the stretch
    /// @param outcomes of them whose truth has come
    /// @param delay until nine of ten truths had come
    public record Output(
            String name,
            String figure,
            OptionalDouble realised,
            Optional<Interval> interval,
            boolean weighted,
            OptionalDouble normal,
            OptionalDouble estimated,
            OptionalDouble estimatedOnMatured,
            OptionalDouble unchanged,
            OptionalDouble commonest,
            long predictions,
            long outcomes,
            Optional<Duration> delay) {
        /// The share whose truth has come.
        public double matured() {
            return predictions == 0 ? 0 : Math.min(1, (double) outcomes / predictions);
        }
    }

    static Drift drift(List<Alarm> open, boolean truth) {
        boolean data = false;
        boolean concept = false;
        for (var alarm : open) {
            if (!alarm.rings()) continue;
            data |= alarm.watch().startsWith("input.");
            concept |= alarm.watch().equals("quality.surprise");
        }
        if (data && concept) return Drift.BOTH;
        if (concept) return Drift.CONCEPT;
        if (data) return Drift.DATA;
        return truth ? Drift.NEITHER : Drift.NOT_ENOUGH_TRUTH;
    }

    /// @param normal the reference; empty while there is none
    static List<Output> quality(Seen seen, Optional<Normal> normal) {
        var outputs = new ArrayList<Output>();
        seen.quality()
                .outputs()
                .forEach((name, quality) -> outputs.add(output(name, quality, seen, normal)));
        return outputs;
    }

    private static Output output(
            String name, OutputQuality quality, Seen seen, Optional<Normal> normal) {
        var what =
                quality.absolute().count() > 0
                        ? Metric.What.MAE
                        : quality.pairs().cells().isEmpty()
                                ? Metric.What.SCORE
                                : Metric.What.ACCURACY;
        var word = what.name().toLowerCase(java.util.Locale.ROOT);
        var figure =
                new Metric.Figure(
                        "quality." + name + "." + word, Optional.of(name), what, Optional.empty());
        var realised = Figures.of(figure, seen.quality());
        var usual =
                normal.map(of -> Figures.value(figure, of.whole().quality()))
                        .orElse(OptionalDouble.empty());
        var estimated = OptionalDouble.empty();
        var onMatured = OptionalDouble.empty();
        if (what == Metric.What.ACCURACY
                && normal.isPresent()
                && normal.get().calibration().isKnown()) {
            estimated = estimated(normal.get(), seen.window().confidences());
            onMatured = estimated(normal.get(), seen.quality().confidences());
        }
        var delay = seen.quality().delay().quantile(0.9);
        return new Output(
                name,
                word,
                realised.map(of -> OptionalDouble.of(of.value())).orElse(OptionalDouble.empty()),
                realised.flatMap(Figures.Of::interval),
                seen.quality().weighted() > 0,
                usual,
                estimated,
                onMatured,
                mean(quality.unchanged()),
                commonest(quality),
                seen.window().predictions(),
                quality.count(),
                delay.isPresent()
                        ? Optional.of(Duration.ofMillis((long) (1_000 * delay.getAsDouble())))
                        : Optional.empty());
    }

    private static OptionalDouble estimated(Normal normal, Confidences answers) {
        var expected = normal.calibration().expected(answers);
        return expected.weight() > 0
                ? OptionalDouble.of(expected.accuracy())
                : OptionalDouble.empty();
    }

    private static OptionalDouble mean(Sums sums) {
        var mean = sums.mean();
        return mean.count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(mean.mean());
    }

    private static OptionalDouble commonest(OutputQuality quality) {
        double all = quality.pairs().all().weight();
        if (!(all > 0)) return OptionalDouble.empty();
        double most = 0;
        for (var name : quality.pairs().classes())
            most = Math.max(most, quality.pairs().truths(name).weight());
        return OptionalDouble.of(most / all);
    }
}
