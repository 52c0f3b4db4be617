package dev.davy.bench;

import dev.davy.stats.alarm.Column;
import dev.davy.stats.alarm.Decision;
import dev.davy.stats.alarm.Price;
import dev.davy.stats.alarm.Watch;
import dev.davy.stats.alarm.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// How often an endpoint of 20 columns wakes somebody for nothing in a month of hourly windows, and
/// how soon it sees what did change; and how often real tables ring that are replayed shuffled.
final class Alarms implements Measurement {
    private static final int COLUMNS = 20;
    private static final int HOURS = 720;
    private static final int HISTORY = 14 * 24;
    private static final int REFERENCE = 2_000;
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<Integer> SIZES = List.of(50, 100, 200, 500, 1_000);
    private static final List<AlarmColumns> KINDS =
            List.of(
                    AlarmColumns.NORMAL,
                    AlarmColumns.LOGNORMAL,
                    AlarmColumns.MISSING,
                    AlarmColumns.FIVE,
                    AlarmColumns.RARE);

    @Override
    public String name() {
        return "alarms";
    }

    @Override
    public String about() {
        return "drift alarms: false ones in a month, and shifts seen, beside other tools' defaults";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        var targets = new ArrayList<Target>();
        targets.addAll(falseAlarms(place, "steady", KINDS, SIZES, Weather.STEADY));
        for (var weather : List.of(Weather.WANDERING, Weather.DAILY))
            targets.addAll(
                    falseAlarms(
                            place,
                            weather.name,
                            List.of(AlarmColumns.NORMAL),
                            List.of(100, 1_000),
                            weather));
        targets.addAll(power(place));
        var past = Pipeline.data(place.root());
        if (past.isPresent()) targets.addAll(new PastShuffled(place).run(past.get()));
        else
            place.out()
                    .println(
                            "Skipped: the real tables; ../shared/data is not beside this checkout.");
        return targets;
    }

    /// How the middle of a column moves from hour to hour while nothing is wrong.
    ///
    /// @param wander deviation of an hour's middle; hours resemble their neighbours by 0.8 (AR 1)
    /// @param wave of a day, in deviations
    private record Weather(String name, double wander, double wave) {
        static final Weather STEADY = new Weather("steady", 0, 0);
        static final Weather WANDERING = new Weather("wandering by 0.1, AR(0.8)", 0.1, 0);
        static final Weather DAILY = new Weather("daily wave of 0.3, wandering by 0.05", 0.05, 0.3);

        boolean steady() {
            return wander == 0 && wave == 0;
        }

        double[] middles(RandomGenerator random, int hours) {
            var middles = new double[hours];
            double at = random.nextGaussian(0, wander);
            double phase = random.nextDouble() * 2 * Math.PI;
            for (int i = 0; i < hours; i++) {
                at = 0.8 * at + random.nextGaussian(0, 0.6 * wander);
                middles[i] = at + wave * Math.sin(2 * Math.PI * i / 24 + phase);
            }
            return middles;
        }
    }

    private static List<Target> falseAlarms(
            Place place,
            String what,
            List<AlarmColumns> kinds,
            List<Integer> sizes,
            Weather weather) {
        var table =
                new Table(
                        what + ": no drift",
                        "rows",
                        "ours: alarms a month",
                        "endpoints over three, %",
                        "windows that ring: ours, %",
                        "Evidently, %",
                        "NannyML, %");
        double highest = 0;
        double above = 0;
        for (var kind : kinds)
            for (int rows : sizes) {
                place.progress(what + ", " + kind.name() + ", " + rows + " rows");
                int endpoints = place.quick() ? (rows > 200 ? 2 : 6) : 30;
                var months =
                        IntStream.range(0, endpoints)
                                .parallel()
                                .mapToObj(i ->
                                        month(
                                                kind,
                                                rows,
                                                weather,
                                                Chance.of(kind.name().hashCode() + rows, i)))
                                .toList();
                var alarms = months.stream().mapToDouble(Month::alarms).toArray();
                double mean = Arrays.stream(alarms).average().orElseThrow();
                int noisy = (int) Arrays.stream(alarms).filter(each -> each > 3).count();
                double squares =
                        Arrays.stream(alarms).map(each -> (each - mean) * (each - mean)).sum();
                // Of a mean of few counts; where none came, the error is that of one.
                double error =
                        Math.sqrt(Math.max(squares / (endpoints - 1), 1.0 / endpoints) / endpoints);
                highest = Math.max(highest, mean - 2.576 * error);
                above = Math.max(above, Chance.lowerBound(noisy, endpoints));
                double[] tools = tools(kind, rows, weather, place.quick() ? 2 : 10);
                table.row(
                        kind.name(),
                        rows,
                        mean,
                        100.0 * noisy / endpoints,
                        100
                                * months.stream()
                                        .mapToDouble(each -> (double) each.ringing() / HOURS)
                                        .average()
                                        .orElseThrow(),
                        100 * tools[0],
                        100 * tools[1]);
            }
        place.out().println(table);
        return List.of(
                Target.atMost(
                        what + ": false alarms a month, highest lower end of a 99 % interval",
                        highest,
                        1),
                Target.atMost(
                        what + ": share of endpoints with more than three, lower end",
                        above,
                        0.07));
    }

    /// @param alarms that began
    /// @param ringing windows in which at least one column was said to have drifted
    private record Month(int alarms, int ringing) {}

    private static Month month(
            AlarmColumns kind, int rows, Weather weather, RandomGenerator random) {
        var price = Price.oneAMonth(COLUMNS);
        int alarms = 0;
        var ringing = new boolean[HOURS];
        for (int c = 0; c < COLUMNS; c++) {
            var middles = weather.middles(random, HISTORY + HOURS);
            var column = column(kind, rows, weather, middles, random);
            var watch = Watch.of(column, price);
            for (int hour = 0; hour < HOURS; hour++) {
                boolean rang = watch.decision() instanceof Decision.Drifted;
                watch = watch.after(window(kind, column, rows, middles, HISTORY + hour, random));
                boolean rings = watch.decision() instanceof Decision.Drifted;
                if (rings && !rang) alarms++;
                ringing[hour] |= rings;
            }
        }
        int rung = 0;
        for (boolean each : ringing) if (each) rung++;
        return new Month(alarms, rung);
    }

    /// From 2,000 rows; where traffic wobbles, from two weeks of hours.
    private static Column column(
            AlarmColumns kind,
            int rows,
            Weather weather,
            double[] middles,
            RandomGenerator random) {
        if (weather.steady()) return kind.column(kind.draw(random, REFERENCE, 0));
        int kept = Math.min(rows, 20);
        var sample = new double[HISTORY * kept];
        var all = new ArrayList<double[]>();
        for (int hour = 0; hour < HISTORY; hour++) {
            var values = kind.draw(random, rows, middles[hour]);
            System.arraycopy(values, 0, sample, hour * kept, kept);
            all.add(values);
        }
        var column = kind.column(sample);
        var windows = new ArrayList<Window>();
        for (int hour = 0; hour < HISTORY; hour++)
            windows.add(new Window(at(hour), kind.evidence(column, all.get(hour))));
        return column.withHistory(windows);
    }

    private static Window window(
            AlarmColumns kind,
            Column column,
            int rows,
            double[] middles,
            int hour,
            RandomGenerator random) {
        return new Window(at(hour), kind.evidence(column, kind.draw(random, rows, middles[hour])));
    }

    private static Instant at(int hour) {
        return START.plus(HOUR.multipliedBy(hour));
    }

    /// Share of windows in which at least one of 20 columns is called drifted: Evidently, NannyML.
    private static double[] tools(AlarmColumns kind, int rows, Weather weather, int endpoints) {
        int windows = 20;
        var fired = new double[2];
        for (int e = 0; e < endpoints; e++) {
            var random = Chance.of(4_000 + rows, e);
            var any = new boolean[2][windows];
            for (int c = 0; c < COLUMNS; c++) {
                // Days of the reference, then the windows.
                var middles = weather.middles(random, HISTORY + windows);
                var reference = new double[REFERENCE];
                for (int i = 0; i < REFERENCE; i++)
                    reference[i] =
                            kind.draw()
                                    .value(random, middles[(int) ((long) i * HISTORY / REFERENCE)]);
                var nannyml = new ToolRules.Nannyml(kind, reference, rows);
                for (int w = 0; w < windows; w++) {
                    var values = kind.draw(random, rows, middles[HISTORY + w]);
                    any[0][w] |= ToolRules.evidently(kind, reference, values);
                    any[1][w] |= nannyml.alarms(values);
                }
            }
            for (int t = 0; t < 2; t++)
                for (boolean each : any[t]) if (each) fired[t] += 1.0 / windows / endpoints;
        }
        return fired;
    }

    private static List<Target> power(Place place) {
        var table =
                new Table(
                        "one column of 20 moves, seen within 3 windows",
                        "shift",
                        "n = 50",
                        "100",
                        "200",
                        "500",
                        "1,000",
                        "Evidently, 1,000",
                        "NannyML, 1,000");
        int runs = place.quick() ? 50 : 400;
        double asked = Double.NaN;
        for (var kind : KINDS) {
            boolean share = kind.category() || kind.equals(AlarmColumns.MISSING);
            for (double shift :
                    share ? List.of(1.0, 2.0, 5.0, 10.0) : List.of(0.1, 0.2, 0.5, 1.0)) {
                place.progress(kind.name() + " moved by " + shift);
                var cells = new ArrayList<Object>();
                cells.add(kind.name());
                cells.add(Target.number(shift) + (share ? " points" : " deviations"));
                for (int rows : SIZES) cells.add(100 * seen(kind, rows, shift, runs));
                if (kind.equals(AlarmColumns.NORMAL) && shift == 0.2)
                    asked = seen(kind, 1_000, shift, 2_000);
                for (double each : toolsSee(kind, shift, runs / 4)) cells.add(100 * each);
                table.row(cells.toArray());
            }
        }
        place.out().println(table);
        return List.of(
                Target.atLeast(
                        "a shift of 0.2 deviations of one of 20 columns, 1,000 rows, seen within 3"
                                + " windows",
                        asked,
                        0.95));
    }

    private static double seen(AlarmColumns kind, int rows, double shift, int runs) {
        return IntStream.range(0, runs)
                        .parallel()
                        .filter(run -> {
                            var random = Chance.of(rows + Math.round(shift * 10), run);
                            var column = kind.column(kind.draw(random, REFERENCE, 0));
                            var watch = Watch.of(column, Price.oneAMonth(COLUMNS));
                            for (int hour = 0; hour < 3; hour++) {
                                var values = kind.draw(random, rows, shift);
                                watch =
                                        watch.after(
                                                new Window(
                                                        at(hour), kind.evidence(column, values)));
                                if (watch.decision() instanceof Decision.Drifted) return true;
                            }
                            return false;
                        })
                        .count()
                / (double) runs;
    }

    private static double[] toolsSee(AlarmColumns kind, double shift, int runs) {
        var seen = new double[2];
        for (int run = 0; run < runs; run++) {
            var random = Chance.of(8_000 + Math.round(shift * 10), run);
            var reference = kind.draw(random, REFERENCE, 0);
            var nannyml = new ToolRules.Nannyml(kind, reference, 1_000);
            boolean evidently = false;
            boolean nanny = false;
            for (int w = 0; w < 3; w++) {
                var values = kind.draw(random, 1_000, shift);
                evidently |= ToolRules.evidently(kind, reference, values);
                nanny |= nannyml.alarms(values);
            }
            if (evidently) seen[0] += 1.0 / runs;
            if (nanny) seen[1] += 1.0 / runs;
        }
        return seen;
    }
}
