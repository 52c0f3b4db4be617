package dev.davy.monitoring;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.serving.Endpoints;
import dev.davy.serving.reading.Lag;
import dev.davy.storage.Log;
import dev.davy.strict.Problem;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Supplier;

/// `/metrics`, for Prometheus: endpoints, the log and its readers, the JVM.
///
/// What comes from callers is a label only where there is a bound to how many of it there are:
/// codes, columns, classes and kinds that the totals keep, never ids or texts, and of each endpoint
/// no more than the limit `metric-label-values`; the rest is `other`.
public final class Metrics {
    private final Endpoints endpoints;
    private final Windows windows;
    private final Log log;
    private final Supplier<Map<String, Lag>> lags;
    private final Supplier<Map<String, Long>> deliveries;
    private final Software software;
    private final PrometheusRegistry jvm = new PrometheusRegistry();
    private final LabelValues values;
    private final ExpositionFormats formats = ExpositionFormats.init();

    /// @param lags how far each reader of the log is behind
    /// @param labelValues most values of one label of a metric and endpoint
    /// @param deliveries how many there are in each state
    public Metrics(
            Endpoints endpoints,
            Windows windows,
            Log log,
            Supplier<Map<String, Lag>> lags,
            Supplier<Map<String, Long>> deliveries,
            Software software,
            int labelValues) {
        this.endpoints = endpoints;
        this.windows = windows;
        this.log = log;
        this.lags = lags;
        this.deliveries = deliveries;
        this.software = software;
        values = new LabelValues(labelValues);
        JvmMetrics.builder().register(jvm);
    }

    public void addTo(Routes routes) {
        routes.add(
                Route.get("/metrics", Permission.READ, this::metrics)
                        .about("Metrics for Prometheus, in its text format or OpenMetrics."));
    }

    /// A gauge: they are forgotten after a while.
    private GaugeSnapshot deliveries() {
        var gauge =
                GaugeSnapshot.builder()
                        .name("davy_deliveries")
                        .help("Messages about alarms, by state: waiting, sent, failed.");
        deliveries
                .get()
                .forEach((state, count) ->
                        gauge.dataPoint(
                                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                                        .labels(Labels.of("state", state))
                                        .value((double) count)
                                        .build()));
        return gauge.build();
    }

    private Response metrics(Request request) throws IOException {
        var all = new ArrayList<MetricSnapshot>();
        EndpointMetrics.addTo(all, windows.totals(), endpoints.table(), values);
        LogMetrics.addTo(all, log.status(), lags.get());
        SoftwareMetrics.addTo(all, endpoints.table(), software);
        boolean database = true;
        try {
            all.add(deliveries());
        } catch (Problem down) {
            // The rest is in memory, and wanted most when something is down.
            if (down.kind() != Problem.Kind.UNAVAILABLE) throw down;
            database = false;
        }
        all.add(
                GaugeSnapshot.builder()
                        .name("davy_database_up")
                        .help("Whether the database could be asked just now.")
                        .dataPoint(
                                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                                        .value(database ? 1 : 0)
                                        .build())
                        .build());
        jvm.scrape().forEach(all::add);
        var writer = formats.findWriter(request.headers().first("accept").orElse(""));
        var body = new ByteArrayOutputStream(16_384);
        writer.write(body, new MetricSnapshots(all));
        return Response.bytes(200, writer.getContentType(), body.toByteArray());
    }
}
