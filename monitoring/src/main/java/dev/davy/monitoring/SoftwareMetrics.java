package dev.davy.monitoring;

import dev.davy.serving.RoutingTable;
import dev.davy.serving.Statistics;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;

/// How busy the machine and the models are, for Prometheus: the only label is the endpoint. What
/// Java and its process do is told beside it, by Prometheus' own names.
final class SoftwareMetrics {
    /// Upper bounds of the rows of a run.
    private static final int[] BATCHES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024};

    private static final Map<String, String> MACHINE =
            Map.of(
                    Load.MACHINE_CPU, "Share of all processors that is used, by whomever.",
                    Load.MACHINE_LOAD,
                            "Tasks that run or want to, a processor: the mean of a minute.",
                    Load.MACHINE_MEMORY, "Share of the machine's memory that is used, by whomever.",
                    Load.PROCESS_CPU, "Share of all processors that this process uses.");

    private SoftwareMetrics() {}

    static void addTo(List<MetricSnapshot> all, RoutingTable table, Software software) {
        var batches =
                HistogramSnapshot.builder()
                        .name("davy_batch_rows")
                        .help("Rows that a model was run on at once.");
        var waits =
                CounterSnapshot.builder()
                        .name("davy_queue_waits")
                        .help("Calls that came to a model.");
        var seconds =
                CounterSnapshot.builder()
                        .name("davy_queue_wait_seconds")
                        .help("Time that calls waited before a model took them.");
        var queue =
                GaugeSnapshot.builder()
                        .name("davy_queue_rows")
                        .help("Rows that wait for a model now.");
        table.routes()
                .forEach((name, routing) -> {
                    var labels = Labels.of("endpoint", name);
                    var statistics = routing.statistics();
                    batches.dataPoint(batches(labels, statistics));
                    waits.dataPoint(counter(labels, (double) statistics.queue.count()));
                    seconds.dataPoint(counter(labels, statistics.queue.nanos() / 1e9));
                    queue.dataPoint(gauge(labels, (double) software.waiting(routing)));
                });
        all.add(batches.build());
        all.add(waits.build());
        all.add(seconds.build());
        all.add(queue.build());
        var now = software.now();
        MACHINE.forEach((name, help) -> {
            var value = now.get(name);
            if (value != null)
                all.add(
                        GaugeSnapshot.builder()
                                .name("davy_" + name.replace('.', '_'))
                                .help(help)
                                .dataPoint(gauge(Labels.EMPTY, value))
                                .build());
        });
    }

    private static HistogramSnapshot.HistogramDataPointSnapshot batches(
            Labels labels, Statistics statistics) {
        var bounds = new double[BATCHES.length + 1];
        for (int i = 0; i < BATCHES.length; i++) bounds[i] = BATCHES[i];
        bounds[BATCHES.length] = Double.POSITIVE_INFINITY;
        var counts = new long[bounds.length];
        double rows = 0;
        for (var each : statistics.sizes().entrySet()) {
            long runs = each.getValue().infer.count();
            int at = 0;
            while (at < BATCHES.length && each.getKey() > BATCHES[at]) at++;
            counts[at] += runs;
            rows += (double) each.getKey() * runs;
        }
        return HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(rows)
                .build();
    }

    private static CounterSnapshot.CounterDataPointSnapshot counter(Labels labels, double value) {
        return CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot gauge(Labels labels, double value) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
