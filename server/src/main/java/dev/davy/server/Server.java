package dev.davy.server;

import dev.davy.archive.ArchiveRoutes;
import dev.davy.batch.BatchRoutes;
import dev.davy.http.HttpServer;
import dev.davy.http.HttpSettings;
import dev.davy.http.Routes;
import dev.davy.jobs.JobRoutes;
import dev.davy.monitoring.IncidentRoutes;
import dev.davy.monitoring.MetricRoutes;
import dev.davy.monitoring.Metrics;
import dev.davy.monitoring.MonitoringRoutes;
import dev.davy.monitoring.SkewRoutes;
import dev.davy.monitoring.notify.DeliveryRoutes;
import dev.davy.monitoring.pipeline.AttributionRoutes;
import dev.davy.registry.EventRoutes;
import dev.davy.registry.ModelRoutes;
import dev.davy.review.ReviewDocuments;
import dev.davy.review.ReviewRoutes;
import dev.davy.review.explain.ExplanationRoutes;
import dev.davy.rollout.AskedAgainRoutes;
import dev.davy.rollout.LiveAt;
import dev.davy.rollout.RolloutRoutes;
import dev.davy.serving.ReplayRoutes;
import dev.davy.serving.ServingRoutes;
import dev.davy.serving.feedback.FeedbackRoutes;
import dev.davy.serving.oip.DataPath;
import dev.davy.serving.oip.OipRoutes;
import dev.davy.web.Pages;
import dev.davy.web.Story;
import dev.davy.web.report.IncidentPage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Davy on a port.
public final class Server implements AutoCloseable {
    private final Davy davy;
    private final HttpServer http;
    private final AtomicBoolean ready;
    private final Optional<Path> firstToken;
    private final Opened opened;

    private Server(
            Davy davy,
            HttpServer http,
            AtomicBoolean ready,
            Optional<Path> firstToken,
            Opened opened) {
        this.davy = davy;
        this.http = http;
        this.ready = ready;
        this.firstToken = firstToken;
        this.opened = opened;
    }

    /// Starts, and returns when it is ready to answer: every endpoint has been asked before, by the
    /// code that will answer callers.
    ///
    /// @throws dev.davy.strict.Problem `data-folder-in-use`, `address-not-available`
    public static Server start(Settings settings) {
        return start(settings, Story.NONE);
    }

    /// The same, with something to look at.
    public static Server start(Settings settings, Story story) {
        var opened = new Opened();
        try {
            var davy = opened.add(Davy.open(settings));
            // Whoever opens the door to others gets the key first.
            var adminToken = davy.folder().file("admin.token");
            boolean made = !isLoopback(settings.host()) && davy.tokens().createFirst(adminToken);
            Rehearsal.of(davy);
            var ready = new AtomicBoolean();
            var dataPath =
                    opened.add(new DataPath(davy.endpoints(), davy.predictor(), settings.limits()));
            var routes = routes(davy, story, ready::get);
            var http = opened.add(HttpServer.start(address(davy), routes, dataPath, davy.tokens()));
            dataPath.prepare();
            ready.set(true);
            return new Server(
                    davy, http, ready, made ? Optional.of(adminToken) : Optional.empty(), opened);
        } catch (Throwable failure) {
            opened.close();
            throw failure;
        }
    }

    private static HttpSettings address(Davy davy) {
        var settings = davy.settings();
        return HttpSettings.of(settings.host(), settings.port(), davy.folder().temporary())
                .allowing(settings.allowedHosts())
                .within(settings.limits())
                .draining(settings.drain());
    }

    static Routes routes(Davy davy, Story story, BooleanSupplier ready) {
        var routes = new Routes();
        var limits = davy.settings().limits();
        ModelRoutes.addTo(routes, davy.models());
        EventRoutes.addTo(routes, davy.events());
        TokenRoutes.addTo(routes, davy.tokens());
        JobRoutes.addTo(routes, davy.jobs(), InstantSource.system());
        BatchRoutes.addTo(routes, davy.inputs(), davy.jobs(), davy.batches());
        new ServingRoutes(davy.endpoints(), davy.predictor(), limits).addTo(routes);
        new ReplayRoutes(davy.predictor(), limits).addTo(routes);
        new FeedbackRoutes(
                        davy.feedbacks(),
                        davy.reports(),
                        davy.log(),
                        davy.endpoints(),
                        davy.predictor().decisions())
                .addTo(routes);
        new ReviewRoutes(davy.reviews(), davy.automations(), davy.endpoints()).addTo(routes);
        new ArchiveRoutes(davy.archives(), davy.readers(), davy.erasure()).addTo(routes);
        MonitoringRoutes.addTo(routes, davy.monitors(), davy.watching(), InstantSource.system());
        MetricRoutes.addTo(
                routes, davy.usages(), davy.backfills(), davy.jobs(), InstantSource.system());
        SkewRoutes.addTo(routes, davy.skews(), davy.monitors());
        IncidentRoutes.addTo(
                routes, davy.incidents(), incident -> new IncidentPage(incident).report().html());
        RolloutRoutes.addTo(routes, davy.rollouts(), new LiveAt(davy.events()));
        DeliveryRoutes.addTo(routes, davy.deliveries());
        AskedAgainRoutes.addTo(routes, davy.jobs(), InstantSource.system());
        AttributionRoutes.addTo(routes, davy.attributions(), InstantSource.system());
        ExplanationRoutes.addTo(routes, davy.explanations());
        new OipRoutes(davy.endpoints(), ready).addTo(routes);
        new Metrics(
                        davy.endpoints(),
                        davy.windows(),
                        davy.log(),
                        davy.readers()::lags,
                        davy.deliveries()::counts,
                        davy.software(),
                        limits.metricLabelValues())
                .addTo(routes);
        new Pages(
                        davy.endpoints(),
                        davy.models(),
                        davy.jobs(),
                        davy.rollouts(),
                        new ReviewDocuments(davy.reviews(), davy.automations()),
                        davy.windows(),
                        davy.monitors(),
                        davy.watching(),
                        davy.software(),
                        davy.usages(),
                        davy.backfills(),
                        davy.archives(),
                        davy.feedbacks(),
                        davy.events(),
                        davy.log(),
                        davy.tokens(),
                        story,
                        InstantSource.system())
                .addTo(routes);
        return routes;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // not an address of this machine: listening there will say so
            return false;
        }
    }

    public Davy davy() {
        return davy;
    }

    public int port() {
        return http.port();
    }

    /// Where the first administrator's token was written, if it was at this start.
    public Optional<Path> firstToken() {
        return firstToken;
    }

    /// Not ready any more, no new calls; those that run finish within the drain time; then what was
    /// logged is synced and everything closed.
    @Override
    public void close() {
        ready.set(false);
        davy.windows().close();
        opened.close();
    }
}
