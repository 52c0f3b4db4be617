package dev.davy.monitoring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Puts together what is watched of an endpoint. Pure.
final class Boards {
    private static final double OUTER = 0.05;

    private Boards() {}

    static Board of(
            Plan plan,
            Instant from,
            Instant to,
            List<Seen> windows,
            Optional<References.Stretch> stretch,
            Optional<Normal> normal,
            List<Said> said,
            List<Alarm> alarms) {
        var whole =
                normal.map(Normal::whole)
                        .or(() -> windows.stream().reduce(Seen::merge))
                        .orElse(new Seen(from, Window.EMPTY, Quality.EMPTY));
        var lastSaid = new HashMap<String, Said>();
        for (var each : said) lastSaid.put(each.monitor(), each);
        var tracks = new ArrayList<Board.Track>();
        for (var monitor : Judge.monitors(plan, whole))
            tracks.add(
                    track(
                            plan,
                            monitor,
                            windows,
                            normal,
                            Optional.ofNullable(lastSaid.get(monitor.name())),
                            alarms));
        return new Board(
                plan,
                from,
                to,
                stretch.map(each -> new Health.Stretch(each.begin(), each.end())),
                tracks,
                expectations(plan, windows, normal));
    }

    private static Board.Track track(
            Plan plan,
            Monitor monitor,
            List<Seen> windows,
            Optional<Normal> normal,
            Optional<Said> said,
            List<Alarm> alarms) {
        var texts = normal.flatMap(of -> texts(monitor.watch(), of));
        var points = new ArrayList<Watching.Point>();
        for (var seen : windows)
            points.add(
                    new Watching.Point(
                            seen.from(),
                            seen.from().plus(plan.window()),
                            value(monitor.watch(), seen, texts, normal),
                            monitor.watch().isOfQuality()
                                    ? seen.quality().count()
                                    : seen.window().predictions()));
        var usual =
                normal.map(of ->
                                of.windows().stream()
                                        .map(seen -> value(monitor.watch(), seen, texts, normal))
                                        .filter(OptionalDouble::isPresent)
                                        .mapToDouble(OptionalDouble::getAsDouble)
                                        .sorted()
                                        .toArray())
                        .orElse(new double[0]);
        return new Board.Track(
                monitor,
                said,
                points,
                texts.isPresent(),
                quantile(usual, OUTER),
                quantile(usual, 1 - OUTER),
                alarms.stream().filter(each -> each.monitor().equals(monitor.name())).toList());
    }

    private static OptionalDouble value(
            Metric metric, Seen seen, Optional<Measure> texts, Optional<Normal> normal) {
        if (texts.isPresent() && metric instanceof Metric.Column column)
            return seen.measure(column)
                    .map(measure -> distance(measure, texts.get()))
                    .orElse(OptionalDouble.empty());
        if (metric instanceof Metric.Surprise && normal.isPresent()) {
            var expected = normal.get().calibration().expected(seen.quality().confidences());
            if (!(expected.weight() > 0) || !normal.get().calibration().isKnown())
                return OptionalDouble.empty();
            double right = 0;
            for (var cell : seen.quality().confidences().cells().values()) right += cell.right();
            return OptionalDouble.of((right - expected.right()) / expected.weight());
        }
        return metric.value(seen);
    }

    /// The reference of a column that holds texts.
    private static Optional<Measure> texts(Metric metric, Normal normal) {
        if (!(metric instanceof Metric.Column column)) return Optional.empty();
        return normal.whole()
                .measure(column)
                .filter(measure -> measure.texts().count() > measure.moments().count());
    }

    /// Half the sum of the differences of shares (total variation).
    private static OptionalDouble distance(Measure now, Measure normal) {
        double here = now.texts().count();
        double there = normal.texts().count();
        if (here == 0 || there == 0) return OptionalDouble.empty();
        long limit = Math.min(now.texts().limit(), normal.texts().limit());
        Map<String, Long> counts = now.texts().below(limit);
        Map<String, Long> usual = normal.texts().below(limit);
        var names = new HashSet<>(counts.keySet());
        names.addAll(usual.keySet());
        double sum = 0;
        for (var name : names)
            sum +=
                    Math.abs(
                            counts.getOrDefault(name, 0L) / here
                                    - usual.getOrDefault(name, 0L) / there);
        return OptionalDouble.of(sum / 2);
    }

    private static OptionalDouble quantile(double[] sorted, double share) {
        if (sorted.length < 5) return OptionalDouble.empty();
        return OptionalDouble.of(
                sorted[Math.clamp(Math.round(share * (sorted.length - 1)), 0, sorted.length - 1)]);
    }

    private static List<Board.Expectation> expectations(
            Plan plan, List<Seen> windows, Optional<Normal> normal) {
        var expectations = new ArrayList<Board.Expectation>();
        if (normal.isEmpty()) return expectations;
        var calibration = normal.get().calibration();
        for (var seen : windows) {
            var estimated = OptionalDouble.empty();
            if (calibration.isKnown()) {
                var expected = calibration.expected(seen.window().confidences());
                if (expected.weight() > 0) estimated = OptionalDouble.of(expected.accuracy());
            }
            var realised = OptionalDouble.empty();
            for (var output : seen.quality().outputs().values()) {
                var mean = output.score().mean();
                if (mean.count() > 0 && realised.isEmpty())
                    realised = OptionalDouble.of(mean.mean());
            }
            long predictions = seen.window().predictions();
            expectations.add(
                    new Board.Expectation(
                            seen.from(),
                            seen.from().plus(plan.window()),
                            estimated,
                            realised,
                            predictions == 0
                                    ? 0
                                    : Math.min(1, (double) seen.quality().count() / predictions)));
        }
        boolean none =
                expectations.stream()
                        .allMatch(each -> each.estimated().isEmpty() && each.realised().isEmpty());
        return none ? List.of() : expectations;
    }

    /// Whether a metric changed at once or little by little.
    sealed interface Change {
        /// @param at the first window after it
        record Sudden(Instant at, double before, double after) implements Change {}

        /// @param since when it began
        /// @param perDay by how much it moves in a day
        record Gradual(Instant since, double perDay) implements Change {}

        record None() implements Change {}
    }

    /// Fits a step and a ramp that goes on, each at the best place, by least squares, and takes the
    /// one that fits better, if it fits much better than no change at all (a fall of the Bayesian
    /// information criterion of ten).
    static Change change(List<Watching.Point> points) {
        var known = points.stream().filter(each -> each.value().isPresent()).toList();
        int n = known.size();
        if (n < 8) return new Change.None();
        var y = known.stream().mapToDouble(each -> each.value().getAsDouble()).toArray();
        var x =
                known.stream()
                        .mapToDouble(each -> each.from().getEpochSecond() / 86_400.0)
                        .toArray();
        double mean = Arrays.stream(y).average().orElse(0);
        double none = 0;
        for (double each : y) none += (each - mean) * (each - mean);
        if (!(none > 0)) return new Change.None();
        double tiny = none * 1e-9;
        int step = -1;
        double stepRest = Double.MAX_VALUE;
        int ramp = -1;
        double rampRest = Double.MAX_VALUE;
        double slope = 0;
        for (int at = 2; at <= n - 2; at++) {
            double rest = rest(y, 0, at) + rest(y, at, n);
            if (rest < stepRest) {
                stepRest = rest;
                step = at;
            }
            if (at > n - 4) continue;
            var fitted = ramp(x, y, at);
            if (fitted[0] < rampRest) {
                rampRest = fitted[0];
                ramp = at;
                slope = fitted[1];
            }
        }
        double noneBic = n * Math.log((none + tiny) / n) + 2 * Math.log(n);
        double stepBic = n * Math.log((stepRest + tiny) / n) + 4 * Math.log(n);
        double rampBic = n * Math.log((rampRest + tiny) / n) + 4 * Math.log(n);
        if (Math.min(stepBic, rampBic) > noneBic - 10) return new Change.None();
        if (stepBic <= rampBic)
            return new Change.Sudden(
                    known.get(step).from(), average(y, 0, step), average(y, step, n));
        return new Change.Gradual(known.get(ramp).from(), slope);
    }

    private static double average(double[] y, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) sum += y[i];
        return sum / (to - from);
    }

    private static double rest(double[] y, int from, int to) {
        double mean = average(y, from, to);
        double rest = 0;
        for (int i = from; i < to; i++) rest += (y[i] - mean) * (y[i] - mean);
        return rest;
    }

    /// A constant up to a place, and a line from there on that begins at it.
    private static double[] ramp(double[] x, double[] y, int at) {
        int n = y.length;
        double sx = 0;
        double sxx = 0;
        double sy = 0;
        double sxy = 0;
        for (int i = 0; i < n; i++) {
            double t = Math.max(0, x[i] - x[at]);
            sx += t;
            sxx += t * t;
            sy += y[i];
            sxy += t * y[i];
        }
        double slope = (n * sxy - sx * sy) / Math.max(1e-12, n * sxx - sx * sx);
        double level = (sy - slope * sx) / n;
        double rest = 0;
        for (int i = 0; i < n; i++) {
            double off = y[i] - level - slope * Math.max(0, x[i] - x[at]);
            rest += off * off;
        }
        return new double[] {rest, slope};
    }
}
