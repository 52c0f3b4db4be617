package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.monitoring.Backfills;
import dev.davy.monitoring.Usage;
import dev.davy.monitoring.Usages;
import dev.davy.serving.Endpoints;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;

/// The page of what metrics were worth: which of them ever said anything?
final class MetricsPages {
    private static final Duration LONG = Duration.ofDays(90);

    private final Endpoints endpoints;
    private final Usages usages;
    private final Backfills backfills;

    MetricsPages(Endpoints endpoints, Usages usages, Backfills backfills) {
        this.endpoints = endpoints;
        this.usages = usages;
        this.backfills = backfills;
    }

    Response all(Request request) {
        var name = request.parameter("name");
        endpoints.one(name); // 404 for what is not there
        return Html.page("metrics", view(name, Pages.who(request)));
    }

    private MetricsView view(String name, String who) {
        var all = usages.of(name);
        var rows = new ArrayList<MetricsView.Row>();
        for (var each : all.usages()) rows.add(row(name, each, all.now()));
        var filled = new ArrayList<String>();
        for (var each : backfills.of(name))
            filled.add(
                    "metric.%s was counted over %s to %s later, on %s, by %s: nothing rang for it."
                            .formatted(
                                    each.metric(),
                                    Figures.time(each.from()),
                                    Figures.time(each.to()),
                                    Figures.time(each.at()),
                                    each.who()));
        return new MetricsView(
                new Chrome(
                        "What are the metrics of " + name + " worth? · Davy", "monitor", who, true),
                name,
                Monitor.href(name),
                sentence(all),
                rows,
                filled);
    }

    private static String sentence(Usages.All all) {
        int silent = all.silentFor(LONG).size();
        long young =
                all.usages().stream().filter(each -> each.isYoungerThan(LONG, all.now())).count();
        long spoke = all.usages().stream().filter(each -> each.alarms() > 0).count();
        var said =
                "%s: %s rang so far, and %s had nothing to say in 90 days."
                        .formatted(
                                Figures.of(all.usages().size(), "metric"),
                                Figures.count(spoke),
                                Figures.count(silent));
        return young == 0
                ? said
                : said + " Of %s it is too early to say that.".formatted(Figures.count(young));
    }

    private static MetricsView.Row row(String name, Usage usage, Instant now) {
        return new MetricsView.Row(
                usage.monitor(),
                WatchPages.metricHref(name, usage.monitor()),
                usage.declared() ? "declared" : "by itself",
                Figures.count(usage.windows()),
                Figures.count(usage.bad()),
                Figures.count(usage.alarms()),
                usage.lastBad().map(Figures::time).orElse("never"),
                usage.bytesADay() == 0 ? "–" : Figures.bytes(usage.bytesADay()),
                String.format(Locale.ROOT, "%,.0f µs", usage.microsAWindow()),
                usage.priceShare() == 0 ? "–" : Figures.share(usage.priceShare()),
                usage.isSilentFor(LONG, now));
    }
}
