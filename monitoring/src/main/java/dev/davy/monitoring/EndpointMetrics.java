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

    private EndpointMetrics() {}

    private static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder().name(name).help(help);
    }

    static void addTo(List<MetricSnapshot> all, Map<Totals.Of, Totals> totals, RoutingTable table) {
        var metrics = new EndpointMetrics();
        totals.forEach(metrics::add);
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
        each(predictions, labels, "arm", arms(window.arms()));
        each(errors, labels, "code", counts(window.errors()));
        notFinite.dataPoint(point(labels, window.notFinite()));
        each(feedback, labels, "kind", counts(window.feedback()));
        window.inputs()
                .forEach((name, measure) -> {
                    var column = labels.add("column", name);
                    inputs.dataPoint(point(column, measure.count() - measure.missing()));
                    missing.dataPoint(point(column, measure.missing()));
                });
        window.outputs()
                .forEach((name, measure) -> {
                    var output = labels.add("output", name);
                    if (measure.texts().count() > 0)
                        each(outputs, output, "class", counts(measure.texts()));
                    long numbers = measure.moments().count();
                    if (numbers > 0) outputs.dataPoint(point(output.add("class", ""), numbers));
                });
        latency(labels, totals);
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
        if (shares.other() > 0) arms.merge("other", shares.other(), Long::sum);
        return arms;
    }

    private static Map<String, Long> counts(Shares shares) {
        var counts = new HashMap<>(shares.values());
        if (shares.other() > 0) counts.merge("other", shares.other(), Long::sum);
        return counts;
    }

    private static void each(
            CounterSnapshot.Builder into, Labels labels, String name, Map<String, Long> counts) {
        counts.forEach((value, count) -> into.dataPoint(point(labels.add(name, value), count)));
    }

    private static CounterDataPointSnapshot point(Labels labels, long value) {
        return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
    }
}
