package dev.davy.monitoring;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Proportion;
import dev.davy.stats.quality.WeightedMean;
import java.util.Optional;
import java.util.OptionalDouble;

/// Figures of quality of a window.
final class Figures {
    static final double CONFIDENCE = 0.95;

    private Figures() {}

    /// A figure with what it stands on.
    ///
    /// @param outcomes that count in it
    /// @param weighted whether some count more than others
    record Of(double value, Optional<Interval> interval, long outcomes, boolean weighted) {}

    static OptionalDouble value(Metric.Figure figure, Quality quality) {
        var of = of(figure, quality);
        return of.isPresent() ? OptionalDouble.of(of.get().value()) : OptionalDouble.empty();
    }

    /// Empty where no outcome says anything of it.
    static Optional<Of> of(Metric.Figure figure, Quality quality) {
        var output = output(figure, quality);
        if (output.isEmpty()) return Optional.empty();
        boolean weighted = quality.weighted() > 0;
        var is = output.get();
        return switch (figure.what()) {
            case ACCURACY, SCORE ->
                    mean(is.score(), weighted, figure.what() == Metric.What.ACCURACY);
            case MAE -> mean(is.absolute(), weighted, false);
            case BIAS -> mean(is.signed(), weighted, false);
            case RMSE -> rmse(is.absolute(), weighted);
            case RECALL -> {
                var cells = is.pairs();
                var name = figure.of().orElse("");
                yield share(cells.cell(name, name), cells.truths(name), weighted);
            }
            case PRECISION -> {
                var cells = is.pairs();
                var name = figure.of().orElse("");
                yield share(cells.cell(name, name), cells.predictions(name), weighted);
            }
            case F1 -> {
                var cells = is.pairs();
                var name = figure.of().orElse("");
                double both = cells.truths(name).weight() + cells.predictions(name).weight();
                yield both == 0
                        ? Optional.empty()
                        : Optional.of(
                                new Of(
                                        2 * cells.cell(name, name).weight() / both,
                                        Optional.empty(),
                                        cells.truths(name).count(),
                                        weighted));
            }
        };
    }

    private static Optional<OutputQuality> output(Metric.Figure figure, Quality quality) {
        if (figure.output().isPresent())
            return Optional.ofNullable(quality.outputs().get(figure.output().get()));
        return quality.outputs().values().stream().findFirst();
    }

    private static Optional<Of> mean(Sums sums, boolean weighted, boolean share) {
        var mean = sums.mean();
        if (mean.count() == 0) return Optional.empty();
        return Optional.of(new Of(mean.mean(), interval(mean, share), mean.count(), weighted));
    }

    /// Of a share Wilson's, by the number of cases of one weight that would say as much.
    private static Optional<Interval> interval(WeightedMean mean, boolean share) {
        if (!share) return mean.interval(CONFIDENCE);
        double n = mean.effective();
        return n > 0
                ? Optional.of(Proportion.wilson(Math.clamp(mean.mean(), 0, 1) * n, n, CONFIDENCE))
                : Optional.empty();
    }

    private static Optional<Of> rmse(Sums absolute, boolean weighted) {
        if (absolute.count() <= 0 || !(absolute.weight() > 0)) return Optional.empty();
        return Optional.of(
                new Of(
                        Math.sqrt(Math.max(0, absolute.squares() / absolute.weight())),
                        Optional.empty(),
                        absolute.count(),
                        weighted));
    }

    private static Optional<Of> share(
            dev.davy.stats.quality.Cell right, dev.davy.stats.quality.Cell all, boolean weighted) {
        if (!(all.weight() > 0)) return Optional.empty();
        double share = right.weight() / all.weight();
        double n = all.effective();
        return Optional.of(
                new Of(
                        share,
                        Optional.of(Proportion.wilson(Math.clamp(share, 0, 1) * n, n, CONFIDENCE)),
                        all.count(),
                        weighted));
    }
}
