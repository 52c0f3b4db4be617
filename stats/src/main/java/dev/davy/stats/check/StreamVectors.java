package dev.davy.stats.check;

import dev.davy.stats.stream.Adwin;
import dev.davy.stats.stream.Cusum;
import dev.davy.stats.stream.Ddm;
import dev.davy.stats.stream.Detector;
import dev.davy.stats.stream.Eddm;
import dev.davy.stats.stream.Kswin;
import dev.davy.stats.stream.PageHinkley;
import dev.davy.stats.stream.PageHinkley.Direction;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;

/// The statistics of `stream`, by the names that files of known answers have for them.
final class StreamVectors {
    static final Map<String, Statistic> STATISTICS =
            Map.of(
                    "adwin_detections",
                    (params, in) -> changes(adwin(params), in),
                    "adwin_detections_and_state",
                    StreamVectors::adwinDetections,
                    "adwin_state",
                    StreamVectors::adwinState,
                    "page_hinkley_detections",
                    (params, in) -> changes(new PageHinkley(pageHinkley(params)), in),
                    "ddm_detections",
                    (params, in) -> signals(ddm(params), in),
                    "eddm_detections",
                    (params, in) -> signals(eddm(params), in),
                    "kswin_detections",
                    (params, in) -> changes(kswin(params), in),
                    "cusum_detections",
                    (params, in) ->
                            changes(
                                    new Cusum(
                                            params.number("target"),
                                            params.number("slack", 0),
                                            params.number("threshold")),
                                    in));

    // Such as "i%7 for i in 0..199".
    private static final Pattern FORMULA =
            Pattern.compile("i\\s*%\\s*(\\d+) for i in (\\d+)\\.\\.(\\d+)");

    private StreamVectors() {}

    private static Object changes(Detector detector, Inputs in) {
        return Detector.watch(detector, stream(in)).changes();
    }

    private static Object signals(Detector detector, Inputs in) {
        var signals = Detector.watch(detector, stream(in));
        return Map.of("warnings", signals.warnings(), "drifts", signals.changes());
    }

    private static Adwin adwin(Inputs params) {
        if (params.text("variant", "").contains("skip"))
            throw new NotOffered(
                    "this variant leaves out cuts; ours tries every one, as the paper does");
        var none = Adwin.Settings.DEFAULT;
        boolean never = params.text("clock", "").equals("never");
        return new Adwin(
                new Adwin.Settings(
                        params.number("delta", none.delta()),
                        never ? 0 : params.integer("clock", none.clock()),
                        params.integer("max_buckets", none.bucketsMax()),
                        params.integer("min_window_length", none.windowMin()),
                        params.integer("grace_period", none.grace())));
    }

    private static Object adwinDetections(Inputs params, Inputs in) {
        var adwin = adwin(params);
        var detections = new ArrayList<Integer>();
        var widths = new ArrayList<Double>();
        var means = new ArrayList<Double>();
        var stream = stream(in);
        for (int i = 0; i < stream.length; i++)
            if (adwin.add(stream[i]) == Detector.Signal.CHANGE) {
                detections.add(i);
                widths.add(adwin.width());
                means.add(adwin.mean());
            }
        return Map.of(
                "detections",
                detections,
                "width_at_detection",
                widths,
                "mean_at_detection",
                means,
                "final_width",
                adwin.width(),
                "final_total",
                adwin.total(),
                "final_variance_sum_of_squares",
                adwin.squares());
    }

    private static Object adwinState(Inputs params, Inputs in) {
        var adwin = adwin(params);
        for (double number : stream(in)) adwin.add(number);
        return Map.of(
                "width", adwin.width(),
                "total", adwin.total(),
                "mean", adwin.mean(),
                "variance_sum_of_squares", adwin.squares());
    }

    private static PageHinkley.Settings pageHinkley(Inputs params) {
        var none = PageHinkley.Settings.DEFAULT;
        var direction =
                switch (params.text("mode", "both")) {
                    case "up" -> Direction.UP;
                    case "down" -> Direction.DOWN;
                    case "both" -> Direction.BOTH;
                    default -> throw new NotOffered("there is no mode " + params.text("mode"));
                };
        if (params.text("variant", "").contains("max(0")) direction = Direction.UP_FROM_ZERO;
        return new PageHinkley.Settings(
                params.integer("min_instances", none.countMin()),
                params.number("delta", none.delta()),
                params.number("threshold", none.threshold()),
                params.number("alpha", none.alpha()),
                direction);
    }

    private static Ddm ddm(Inputs params) {
        var none = Ddm.Settings.DEFAULT;
        return new Ddm(
                new Ddm.Settings(
                        params.integer("warm_start", none.warmStart()),
                        params.number("warning_threshold", none.warning()),
                        params.number("drift_threshold", none.change())));
    }

    private static Eddm eddm(Inputs params) {
        var none = Eddm.Settings.DEFAULT;
        return new Eddm(
                new Eddm.Settings(
                        params.integer("warm_start", none.warmStart()),
                        params.number("alpha", none.warning()),
                        params.number("beta", none.change())));
    }

    private static Kswin kswin(Inputs params) {
        var none = Kswin.Settings.DEFAULT;
        return new Kswin(
                new Kswin.Settings(
                        params.number("alpha", none.alpha()),
                        params.integer("window_size", none.window()),
                        params.integer("stat_size", none.newest()),
                        params.integer("seed", (int) none.seed())));
    }

    private static double[] stream(Inputs in) {
        if (in.has("stream")) return in.numbers("stream");
        var numbers = new ArrayList<Double>();
        if (in.has("runs")) {
            for (var run : in.table("runs")) for (int i = 0; i < run[1]; i++) numbers.add(run[0]);
        } else {
            var formula = FORMULA.matcher(in.text("formula"));
            if (!formula.matches())
                throw new NotOffered("the formula is not one of 'i%K for i in A..B'");
            for (int i = Integer.parseInt(formula.group(2));
                    i <= Integer.parseInt(formula.group(3));
                    i++) numbers.add((double) (i % Integer.parseInt(formula.group(1))));
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
