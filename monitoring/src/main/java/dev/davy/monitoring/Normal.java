package dev.davy.monitoring;

import dev.davy.stats.alarm.CategoryColumn;
import dev.davy.stats.alarm.Column;
import dev.davy.stats.alarm.Evidence;
import dev.davy.stats.alarm.Extremes;
import dev.davy.stats.alarm.MeanColumn;
import dev.davy.stats.alarm.NumberColumn;
import dev.davy.stats.alarm.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// What is normal for an endpoint: the windows of its reference, one by one and together. What is
/// learned of a column is kept for the next window; for many threads.
final class Normal {
    /// From so many windows on it is learned how windows differ when nothing is wrong.
    static final int HISTORY_LEAST = 15;

    private final List<Seen> windows;
    private final Seen whole;
    private final Map<String, Learned> learned = new ConcurrentHashMap<>();
    private final Map<String, Optional<Extremes>> extremes = new ConcurrentHashMap<>();
    private final Calibration calibration;

    /// @param resolution of what it was learned: how coarse the ranges of numbers are, or from
    ///   which rank on texts are one
    private record Learned(long resolution, Column column) {}

    /// A column that knows what is normal, and what windows tell of it.
    ///
    /// @param missing the reference says nothing of it
    record Watched(Column column, List<dev.davy.stats.alarm.Window> recent) {}

    Normal(List<Seen> windows) {
        this.windows = List.copyOf(windows);
        whole = windows.stream().reduce(Seen::merge).orElseThrow();
        calibration = Calibration.of(whole.quality().confidences());
    }

    Seen whole() {
        return whole;
    }

    List<Seen> windows() {
        return windows;
    }

    int size() {
        return windows.size();
    }

    Calibration calibration() {
        return calibration;
    }

    /// Empty where the reference tells nothing of what is watched.
    Optional<Watched> watched(Metric metric, List<Seen> recent) {
        return switch (metric) {
            case Metric.Column column -> column(column, recent);
            case Metric.Errors _ -> errors(metric, recent);
            case Metric.Figure figure -> figure(figure, recent);
            case Metric.Surprise _ -> surprise(metric, recent);
            case Metric.Missing _,
                    Metric.Share _,
                    Metric.Mean _,
                    Metric.Quantile _,
                    Metric.Extreme _,
                    Metric.Requests _,
                    Metric.Told _,
                    Metric.DecidedBy _ ->
                    Optional.empty();
        };
    }

    /// Whether a single number of a window is too far out; empty where that can't be told.
    Optional<Extremes> extremes(Metric.Column column) {
        return extremes.computeIfAbsent(
                column.text(),
                _ -> {
                    var deviation = whole.measure(column).map(Measure::deviation);
                    if (deviation.isEmpty() || deviation.get().isEmpty()) return Optional.empty();
                    var ranges = new ArrayList<Extremes.Range>();
                    for (var each : windows)
                        each.measure(column).flatMap(Normal::range).ifPresent(ranges::add);
                    return Extremes.of(ranges, deviation.get().getAsDouble());
                });
    }

    static Optional<Extremes.Range> range(Measure measure) {
        var moments = measure.moments();
        return moments.count() == 0
                ? Optional.empty()
                : Optional.of(new Extremes.Range(moments.min(), moments.max(), moments.count()));
    }

    private Optional<Watched> column(Metric.Column column, List<Seen> recent) {
        var reference = whole.measure(column);
        if (reference.isEmpty()) return Optional.empty();
        long numbers = reference.get().moments().count();
        long texts = reference.get().texts().count();
        if (Math.max(numbers, texts) < 2) return Optional.empty();
        return Optional.of(numbers >= texts ? numbers(column, recent) : texts(column, recent));
    }

    private Watched numbers(Metric.Column column, List<Seen> recent) {
        int level = whole.measure(column).orElseThrow().numbers().level();
        for (var each : all(recent))
            level = Math.max(level, measure(each, column).numbers().level());
        int at = level;
        Function<Seen, Sketch.Counted> counted =
                seen -> measure(seen, column).numbers().coarser(at).counted();
        var normal =
                (NumberColumn)
                        learned(
                                column,
                                at,
                                () -> {
                                    var all = counted.apply(whole);
                                    return NumberColumn.of(
                                            all.numbers(),
                                            all.counts(),
                                            absent(measure(whole, column)));
                                },
                                (of, seen) ->
                                        evidence(
                                                (NumberColumn) of,
                                                counted.apply(seen),
                                                measure(seen, column)));
        return new Watched(
                normal,
                windows(
                        recent,
                        seen -> evidence(normal, counted.apply(seen), measure(seen, column))));
    }

    private static Evidence evidence(NumberColumn of, Sketch.Counted counted, Measure measure) {
        return of.evidence(counted.numbers(), counted.counts(), absent(measure));
    }

    private static long absent(Measure measure) {
        return measure.count() - measure.moments().count();
    }

    private Watched texts(Metric.Column column, List<Seen> recent) {
        long limit = whole.measure(column).orElseThrow().texts().limit();
        for (var each : all(recent)) limit = Math.min(limit, measure(each, column).texts().limit());
        long at = limit;
        Function<Seen, Map<String, Long>> counts = seen -> measure(seen, column).texts().below(at);
        var normal =
                (CategoryColumn)
                        learned(
                                column,
                                at,
                                () ->
                                        CategoryColumn.of(
                                                counts.apply(whole),
                                                measure(whole, column).missing()),
                                (of, seen) ->
                                        ((CategoryColumn) of)
                                                .evidence(
                                                        counts.apply(seen),
                                                        measure(seen, column).missing()));
        return new Watched(
                normal,
                windows(
                        recent,
                        seen ->
                                normal.evidence(
                                        counts.apply(seen), measure(seen, column).missing())));
    }

    private Optional<Watched> errors(Metric metric, List<Seen> recent) {
        return share(
                metric,
                "failed",
                Side.ABOVE,
                recent,
                seen -> new Share(seen.window().failed(), seen.window().predictions()));
    }

    /// Rows that are so, of all.
    private record Share(long some, long all) {}

    private Optional<Watched> share(
            Metric metric, String name, Side harm, List<Seen> recent, Function<Seen, Share> of) {
        var reference = of.apply(whole);
        if (reference.all() == 0) return Optional.empty();
        var normal =
                (CategoryColumn)
                        learned(
                                metric,
                                0,
                                () ->
                                        CategoryColumn.ofShare(
                                                name, reference.some(), reference.all(), harm),
                                (column, seen) ->
                                        evidence((CategoryColumn) column, of.apply(seen)));
        return Optional.of(
                new Watched(normal, windows(recent, seen -> evidence(normal, of.apply(seen)))));
    }

    private static Evidence evidence(CategoryColumn of, Share share) {
        return of.evidence(share.some(), share.all());
    }

    private Optional<Watched> figure(Metric.Figure figure, List<Seen> recent) {
        boolean weighted =
                whole.quality().weighted() > 0
                        || recent.stream().anyMatch(each -> each.quality().weighted() > 0);
        boolean share = figure.what() == Metric.What.ACCURACY;
        if (share && !weighted)
            return share(
                    figure,
                    "right",
                    Side.BELOW,
                    recent,
                    seen -> {
                        var score = output(figure, seen.quality()).score();
                        return new Share(Math.round(score.sum()), score.count());
                    });
        if (!share && figure.what() != Metric.What.MAE && figure.what() != Metric.What.SCORE)
            return Optional.empty();
        return means(
                figure,
                figure.what() == Metric.What.MAE ? Side.ABOVE : Side.BELOW,
                recent,
                seen -> {
                    var output = output(figure, seen.quality());
                    return figure.what() == Metric.What.MAE ? output.absolute() : output.score();
                });
    }

    private static OutputQuality output(Metric.Figure figure, Quality quality) {
        if (figure.output().isPresent()) return quality.output(figure.output().get());
        return quality.outputs().values().stream().findFirst().orElse(OutputQuality.NONE);
    }

    private Optional<Watched> means(
            Metric metric, Side harm, List<Seen> recent, Function<Seen, Sums> sums) {
        var reference = sums.apply(whole).mean();
        if (reference.count() < 2) return Optional.empty();
        var normal =
                (MeanColumn)
                        learned(
                                metric,
                                0,
                                () ->
                                        MeanColumn.of(
                                                Math.max(2, (long) reference.effective()),
                                                reference.mean(),
                                                reference.squares() / reference.weight(),
                                                harm),
                                (of, seen) -> evidence((MeanColumn) of, sums.apply(seen)));
        return Optional.of(
                new Watched(normal, windows(recent, seen -> evidence(normal, sums.apply(seen)))));
    }

    /// Weighted outcomes count as so many as would say as much.
    private static Evidence evidence(MeanColumn of, Sums sums) {
        var mean = sums.mean();
        long rows = (long) mean.effective();
        return of.evidence(rows, mean.mean() * rows);
    }

    private Optional<Watched> surprise(Metric metric, List<Seen> recent) {
        if (!calibration.isKnown()) return Optional.empty();
        var reference = calibration.expected(whole.quality().confidences());
        Function<Seen, double[]> told =
                seen -> {
                    double right = 0;
                    for (var cell : seen.quality().confidences().cells().values())
                        right += cell.right();
                    var expected = calibration.expected(seen.quality().confidences());
                    return new double[] {expected.weight(), right - expected.right()};
                };
        var normal =
                (MeanColumn)
                        learned(
                                metric,
                                0,
                                () ->
                                        MeanColumn.of(
                                                Math.max(2, (long) reference.weight()),
                                                0,
                                                reference.variance() / reference.weight(),
                                                Side.EITHER),
                                (of, seen) -> evidence((MeanColumn) of, told.apply(seen)));
        return Optional.of(
                new Watched(normal, windows(recent, seen -> evidence(normal, told.apply(seen)))));
    }

    private static Evidence evidence(MeanColumn of, double[] told) {
        return of.evidence((long) told[0], told[1]);
    }

    private interface Making {
        Column made();
    }

    private interface Telling {
        Evidence of(Column column, Seen seen);
    }

    private Column learned(Metric metric, long resolution, Making making, Telling telling) {
        var known = learned.get(metric.text());
        if (known != null && known.resolution == resolution) return known.column;
        var bare = making.made();
        var column =
                windows.size() < HISTORY_LEAST
                        ? bare
                        : bare.withHistory(windows(windows, seen -> telling.of(bare, seen)));
        learned.put(metric.text(), new Learned(resolution, column));
        return column;
    }

    private static List<dev.davy.stats.alarm.Window> windows(
            List<Seen> seen, Function<Seen, Evidence> evidence) {
        var windows = new ArrayList<dev.davy.stats.alarm.Window>();
        for (var each : seen) {
            var told = evidence.apply(each);
            if (told.rows() > 0) windows.add(new dev.davy.stats.alarm.Window(each.from(), told));
        }
        return windows;
    }

    private static Measure measure(Seen seen, Metric.Column column) {
        return seen.measure(column).orElse(Measure.none(Measure.BINS, Measure.TEXTS));
    }

    private List<Seen> all(List<Seen> recent) {
        if (windows.size() < HISTORY_LEAST) return recent;
        var all = new ArrayList<>(windows);
        all.addAll(recent);
        return all;
    }
}
