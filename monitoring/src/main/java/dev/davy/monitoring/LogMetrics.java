package dev.davy.monitoring;

import dev.davy.serving.reading.Lag;
import dev.davy.storage.Log;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The metrics of the prediction log and its readers.
final class LogMetrics {
    private LogMetrics() {}

    static void addTo(List<MetricSnapshot> all, Log.Status status, Map<String, Lag> lags) {
        all.add(gauge("davy_log_bytes", "Bytes that the prediction log holds.", status.bytes()));
        all.add(gauge("davy_log_segments", "Files of the prediction log.", status.segments()));
        all.add(
                gauge(
                        "davy_log_failing",
                        "1 while records cannot be kept, else 0.",
                        status.failing().isPresent() ? 1 : 0));
        all.add(counter("davy_log_records", "Records kept since the start.", status.appended()));
        all.add(
                counter(
                        "davy_log_sync_failures",
                        "Syncs of the log that failed since the start.",
                        status.syncFailures()));
        var lost =
                CounterSnapshot.builder()
                        .name("davy_log_lost_records")
                        .help("Records that could not be kept since the start, by reason.");
        status.lost()
                .forEach((reason, count) ->
                        lost.dataPoint(
                                CounterDataPointSnapshot.builder()
                                        .value((double) count)
                                        .labels(
                                                Labels.of(
                                                        "reason",
                                                        reason.name().toLowerCase(Locale.ROOT)))
                                        .build()));
        all.add(lost.build());
        readers(all, lags);
    }

    private static void readers(List<MetricSnapshot> all, Map<String, Lag> lags) {
        var bytes =
                GaugeSnapshot.builder()
                        .name("davy_reader_lag_bytes")
                        .help("Bytes of the log that a reader has not committed yet.");
        var seconds =
                GaugeSnapshot.builder()
                        .name("davy_reader_lag_seconds")
                        .help("Age of the oldest record that a reader has not committed yet.");
        var records =
                CounterSnapshot.builder()
                        .name("davy_reader_records")
                        .help("Records that a reader took since the start.");
        var failures =
                CounterSnapshot.builder()
                        .name("davy_reader_failures")
                        .help("Times that a reader failed since the start and began again.");
        lags.forEach((reader, lag) -> {
            var labels = Labels.of("reader", reader);
            bytes.dataPoint(point(labels, (double) lag.bytes()));
            seconds.dataPoint(point(labels, lag.time().toNanos() / 1e9));
            records.dataPoint(
                    CounterDataPointSnapshot.builder()
                            .labels(labels)
                            .value((double) lag.records())
                            .build());
            failures.dataPoint(
                    CounterDataPointSnapshot.builder()
                            .labels(labels)
                            .value((double) lag.failures())
                            .build());
        });
        all.add(bytes.build());
        all.add(seconds.build());
        all.add(records.build());
        all.add(failures.build());
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private static GaugeSnapshot gauge(String name, String help, long value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(Labels.EMPTY, (double) value))
                .build();
    }

    private static CounterSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value((double) value).build())
                .build();
    }
}
