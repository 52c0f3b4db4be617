package dev.davy.monitoring;

import dev.davy.serving.RoutingTable;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The metrics of endpoints, each labelled with `endpoint` and `origin`.
///
/// They follow the log, and so come a second or two after the predictions; each counts exactly
/// once, but for those that are still counted when the process ends.
final class EndpointMetrics {
    private final CounterSnapshot.Builder predictions =
            counter("davy_predictions", "Rows that were asked, by who answered.");
    private final CounterSnapshot.Builder errors =
            counter("davy_prediction_errors", "Rows that got no answer, by code.");
    private final CounterSnapshot.Builder notFinite =
            counter(
                    "davy_predictions_not_finite",
                    "Rows whose answer held a number that is infinite or none.");
    private final CounterSnapshot.Builder inputs =
            counter("davy_input_values", "Values that came in, by column.");
    private final CounterSnapshot.Builder missing =
            counter("davy_input_missing", "Rows without a value, by column.");
    private final CounterSnapshot.Builder outputs =
            counter("davy_outputs", "Answers, by output and class; numbers have no class.");
    private final CounterSnapshot.Builder feedback =
            counter("davy_feedback", "Feedback that came, by kind.");
    private final HistogramSnapshot.Builder latency =
            HistogramSnapshot.builder()
                    .name("davy_prediction_seconds")
                    .help("Time that the components of a row took together.");

    private final LabelValues values;

    private EndpointMetrics(LabelValues values) {
        this.values = values;
    }

    private static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder().name(name).help(help);
    }

    /// Of the endpoints that there are: those that were deleted are no longer shown.
    static void addTo(
            List<MetricSnapshot> all,
            Map<Totals.Of, Totals> totals,
            RoutingTable table,
            LabelValues values) {
        var metrics = new EndpointMetrics(values);
        totals.forEach((of, total) -> {
            if (table.route(of.endpoint()).isPresent()) metrics.add(of, total);
        });
        for (var each :
                List.of(
                        metrics.predictions,
                        metrics.errors,
                        metrics.notFinite,
                        metrics.inputs,
                        metrics.missing,
                        metrics.outputs,
                        metrics.feedback)) all.add(each.build());
        all.add(metrics.latency.build());
        readiness(all, table);
    }

    private static void readiness(List<MetricSnapshot> all, RoutingTable table) {
        var ready =
                GaugeSnapshot.builder()
                        .name("davy_endpoint_ready")
                        .help("1 while an endpoint answers, else 0.");
        var lost = counter("davy_predictions_lost", "Predictions that could not be logged.");
        var instead =
                counter(
                        "davy_answered_instead",
                        "Calls that another arm answered too, because their own one failed.");
        var shadows =
                counter(
                        "davy_shadows_dropped",
                        "Rows that a shadow was not asked, because it could not keep up.");
        for (var routing : table.routes().values()) {
            var labels = Labels.of("endpoint", routing.endpoint().name());
            ready.dataPoint(
                    GaugeDataPointSnapshot.builder()
                            .labels(labels)
                            .value(routing.ready() ? 1 : 0)
                            .build());
            var statistics = routing.statistics();
            lost.dataPoint(point(labels, statistics.lost()));
            instead.dataPoint(point(labels, statistics.answeredInstead()));
            shadows.dataPoint(point(labels, statistics.shadowsDropped()));
        }
        all.add(ready.build());
        for (var each : List.of(lost, instead, shadows)) all.add(each.build());
    }

    private void add(Totals.Of of, Totals totals) {
        var labels = Labels.of("endpoint", of.endpoint(), "origin", of.origin().word());
        var window = totals.window();
        each(predictions, "predictions", labels, "arm", arms(window.arms()));
        each(errors, "errors", labels, "code", counts(window.errors()));
        notFinite.dataPoint(point(labels, window.notFinite()));
        each(feedback, "feedback", labels, "kind", counts(window.feedback()));
        var came = new HashMap<String, Long>();
        var absent = new HashMap<String, Long>();
        window.inputs()
                .forEach((column, measure) -> {
                    came.put(column, measure.count() - measure.missing());
                    absent.put(column, measure.missing());
                });
        // Of both the same columns keep their names.
        each(inputs, "inputs", labels, "column", came);
        each(missing, "inputs", labels, "column", absent);
        outputs(labels, window.outputs());
        latency(labels, totals);
    }

    private void outputs(Labels labels, Map<String, Measure> of) {
        var all = new HashMap<String, Long>();
        of.forEach((name, measure) -> all.put(name, measure.count()));
        var endpoint = labels.get("endpoint");
        var named = values.of(List.of("outputs", endpoint), all);
        of.forEach((name, measure) -> {
            if (!named.containsKey(name)) return;
            var output = labels.add("output", name);
            if (measure.texts().count() > 0)
                each(outputs, "classes of " + name, output, "class", counts(measure.texts()));
            long numbers = measure.moments().count();
            if (numbers > 0) outputs.dataPoint(point(output.add("class", ""), numbers));
        });
        long rest = 0;
        for (var each : of.entrySet())
            if (!named.containsKey(each.getKey())) rest += each.getValue().count();
        if (rest > 0)
            outputs.dataPoint(
                    point(labels.add("output", LabelValues.OTHER).add("class", ""), rest));
    }

    private void latency(Labels labels, Totals totals) {
        var millis = Totals.boundsMillis();
        var bounds = Arrays.copyOf(millis, millis.length + 1);
        for (int i = 0; i < millis.length; i++) bounds[i] /= 1_000;
        bounds[millis.length] = Double.POSITIVE_INFINITY;
        latency.dataPoint(
                HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .labels(labels)
                        .classicHistogramBuckets(
                                ClassicHistogramBuckets.of(bounds, totals.latency()))
                        .sum(totals.latencyMillis() / 1_000)
                        .build());
    }

    /// By role: versions come and go without end.
    private static Map<String, Long> arms(Shares shares) {
        var arms = new HashMap<String, Long>();
        shares.values()
                .forEach((arm, count) ->
                        arms.merge(arm.substring(0, arm.indexOf(' ')), count, Long::sum));
        if (shares.other() > 0) arms.merge(LabelValues.OTHER, shares.other(), Long::sum);
        return arms;
    }

    private static Map<String, Long> counts(Shares shares) {
        var counts = new HashMap<>(shares.values());
        if (shares.other() > 0) counts.merge(LabelValues.OTHER, shares.other(), Long::sum);
        return counts;
    }

    private void each(
            CounterSnapshot.Builder into,
            String metric,
            Labels labels,
            String name,
            Map<String, Long> counts) {
        values.of(List.of(metric, labels.get("endpoint")), counts)
                .forEach((value, count) -> into.dataPoint(point(labels.add(name, value), count)));
    }

    private static CounterDataPointSnapshot point(Labels labels, long value) {
        return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
    }
}
