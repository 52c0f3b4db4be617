package dev.davy.web;

import dev.davy.monitoring.Board;
import dev.davy.monitoring.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/// A metric over time, ready to be drawn on a field of 1,000 by 100.
///
/// @param lines points of SVG polylines; a window without a value is a gap
/// @param dashed the same of what was expected
/// @param dots windows that have no neighbour, and those that can be opened
/// @param band of what is normal; empty where nothing is known
/// @param alarms stretches in which it rang
/// @param reference the stretch that is normal, as far as it is in sight
/// @param high the label of the field's upper end
/// @param low the label of its lower end
public record TrackDrawing(
        List<String> lines,
        List<String> dashed,
        List<Dot> dots,
        Optional<Box> band,
        List<Box> alarms,
        Optional<Box> reference,
        String high,
        String low) {

    private static final double WIDE = 1_000;
    private static final double HIGH = 100;

    /// Room above and below the line.
    private static final double MARGIN = 6;

    /// @param href what lies behind it; empty: nothing
    public record Dot(double x, double y, String label, String href, boolean bad) {}

    public record Box(double x, double y, double width, double height) {}

    /// Whether there is nothing to be drawn.
    public boolean isEmpty() {
        return lines.isEmpty() && dots.isEmpty();
    }

    /// A value at a time.
    record Value(Instant at, OptionalDouble value, String label, String href, boolean bad) {}

    static TrackDrawing of(
            Board board,
            Board.Track track,
            List<Value> values,
            List<Value> expected,
            boolean allDots) {
        var scale = scale(board.from(), board.to(), values, expected, track.low(), track.high());
        var lines = new ArrayList<String>();
        var dots = new ArrayList<Dot>();
        draw(scale, values, board.plan().window(), lines, dots, allDots);
        var dashed = new ArrayList<String>();
        draw(scale, expected, board.plan().window(), dashed, new ArrayList<>(), false);
        Optional<Box> band = Optional.empty();
        if (track.low().isPresent() && track.high().isPresent()) {
            double top = scale.y(track.high().getAsDouble());
            double bottom = scale.y(track.low().getAsDouble());
            band = Optional.of(new Box(0, round(top), WIDE, round(Math.max(1, bottom - top))));
        }
        var alarms = new ArrayList<Box>();
        for (var alarm : track.alarms())
            scale.stretch(alarm.since(), alarm.until()).ifPresent(alarms::add);
        return new TrackDrawing(
                lines,
                dashed,
                dots,
                band,
                alarms,
                board.reference().flatMap(scale::reference),
                scale.label(scale.high),
                scale.label(scale.low));
    }

    /// Of a metric that nobody judges, and that is never below nothing.
    ///
    /// @param said how a number of it is told
    static TrackDrawing plain(
            Instant from,
            Instant to,
            Duration step,
            List<Value> values,
            List<Value> expected,
            DoubleFunction<String> said) {
        var scale = scale(from, to, values, expected, OptionalDouble.of(0), OptionalDouble.empty());
        var lines = new ArrayList<String>();
        var dots = new ArrayList<Dot>();
        draw(scale, values, step, lines, dots, false);
        var dashed = new ArrayList<String>();
        draw(scale, expected, step, dashed, new ArrayList<>(), false);
        return new TrackDrawing(
                lines,
                dashed,
                dots,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                said.apply(scale.high),
                said.apply(scale.low));
    }

    private static void draw(
            Scale scale,
            List<Value> values,
            Duration window,
            List<String> lines,
            List<Dot> dots,
            boolean allDots) {
        var line = new StringBuilder();
        int inLine = 0;
        Instant before = Instant.MIN;
        Dot last = null;
        for (var each : values) {
            if (each.value().isEmpty() || !Double.isFinite(each.value().getAsDouble())) continue;
            boolean gap = before.equals(Instant.MIN) || before.plus(window).isBefore(each.at());
            if (gap) {
                if (inLine > 1) lines.add(line.toString());
                else if (inLine == 1 && last != null && !allDots) dots.add(last);
                line.setLength(0);
                inLine = 0;
            }
            double x = round(scale.x(each.at().plus(window.dividedBy(2))));
            double y = round(scale.y(each.value().getAsDouble()));
            line.append(inLine == 0 ? "" : " ").append(x).append(',').append(y);
            last = new Dot(x, y, each.label(), each.href(), each.bad());
            if (allDots) dots.add(last);
            inLine++;
            before = each.at();
        }
        if (inLine > 1) lines.add(line.toString());
        else if (inLine == 1 && last != null && !allDots) dots.add(last);
    }

    private static Scale scale(
            Instant from,
            Instant to,
            List<Value> values,
            List<Value> expected,
            OptionalDouble least,
            OptionalDouble most) {
        double low = Double.MAX_VALUE;
        double high = -Double.MAX_VALUE;
        var all = new ArrayList<>(values);
        all.addAll(expected);
        for (var each : all)
            if (each.value().isPresent() && Double.isFinite(each.value().getAsDouble())) {
                low = Math.min(low, each.value().getAsDouble());
                high = Math.max(high, each.value().getAsDouble());
            }
        if (least.isPresent()) low = Math.min(low, least.getAsDouble());
        if (most.isPresent()) high = Math.max(high, most.getAsDouble());
        if (low > high) {
            low = 0;
            high = 1;
        }
        if (!(high > low)) {
            double by = low == 0 ? 1 : Math.abs(low) / 2;
            // Of what is never below nothing, nothing is the lowest.
            low = low == 0 ? 0 : low - by;
            high += by;
        }
        return new Scale(from, to, low, high);
    }

    private record Scale(Instant from, Instant to, double low, double high) {
        double x(Instant at) {
            double all = Math.max(1, Duration.between(from, to).toMillis());
            return Math.clamp(WIDE * Duration.between(from, at).toMillis() / all, 0, WIDE);
        }

        double y(double value) {
            return HIGH - MARGIN - (HIGH - 2 * MARGIN) * (value - low) / (high - low);
        }

        Optional<Box> stretch(Instant since, Instant until) {
            double x = x(since);
            double width = x(until) - x;
            return until.isBefore(from) || since.isAfter(to)
                    ? Optional.empty()
                    : Optional.of(new Box(round(x), 0, round(Math.max(3, width)), HIGH));
        }

        Optional<Box> reference(Health.Stretch stretch) {
            if (!stretch.to().isAfter(from)) return Optional.empty();
            double x = x(stretch.from());
            return Optional.of(new Box(round(x), HIGH - 2, round(x(stretch.to()) - x), 2));
        }

        String label(double value) {
            return Figures.number(value);
        }
    }

    /// Labels of the time axis, at most five.
    static List<WatchView.Axis> axis(Instant from, Instant to) {
        var length = Duration.between(from, to);
        var format =
                java.time.format.DateTimeFormatter.ofPattern(
                                length.toDays() >= 300
                                        ? "MMM yyyy"
                                        : length.toDays() >= 2 ? "d MMM" : "HH:mm",
                                Locale.ENGLISH)
                        .withZone(java.time.ZoneOffset.UTC);
        var labels = new ArrayList<WatchView.Axis>();
        for (int i = 0; i < 5; i++)
            labels.add(
                    new WatchView.Axis(
                            25.0 * i,
                            format.format(from.plus(length.multipliedBy(i).dividedBy(4)))));
        return labels;
    }

    private static double round(double number) {
        return Math.round(number * 10) / 10.0;
    }
}
