package dev.davy.web;

import dev.davy.archive.Archives;
import dev.davy.archive.Queries;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.feedback.Feedbacks;
import dev.davy.storage.Log;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;

/// The predictions behind a point of a chart, from the archive.
final class PastPages {
    private static final int SHOWN = 60;
    private static final Queries.Bounds BOUNDS = new Queries.Bounds(SHOWN, Duration.ofSeconds(10));

    private final Endpoints endpoints;
    private final Archives archives;
    private final Feedbacks feedbacks;
    private final Log log;
    private final InstantSource clock;

    PastPages(
            Endpoints endpoints,
            Archives archives,
            Feedbacks feedbacks,
            Log log,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.archives = archives;
        this.feedbacks = feedbacks;
        this.log = log;
        this.clock = clock;
    }

    Response of(Request request) {
        var name = request.parameter("name");
        endpoints.one(name); // 404 for what is not there
        var from = instant(request, "from");
        var to = instant(request, "to");
        var where =
                " FROM predictions WHERE endpoint = '%s' AND event_time >= '%s' AND event_time < '%s'"
                        .formatted(name.replace("'", "''"), from, to);
        long all =
                archives.queries()
                        .answer("SELECT count(*)" + where, BOUNDS)
                        .rows()
                        .path(0)
                        .path(0)
                        .asLong();
        // In the order of a hash: a fair sample, and the same one each time.
        var rows =
                archives.queries()
                        .answer("SELECT id" + where + " ORDER BY hash(id) LIMIT " + SHOWN, BOUNDS)
                        .rows();
        var found = new ArrayList<Prediction>();
        for (var row : rows) find(UUID.fromString(row.path(0).asString())).ifPresent(found::add);
        found.sort((a, b) -> a.eventTime().compareTo(b.eventTime()));
        var recent = new ArrayList<RecentView>();
        for (var prediction : found)
            recent.add(
                    RecentView.of(
                            prediction,
                            endpoints.schema(prediction.schema()),
                            feedbacks.truth(prediction),
                            clock.instant()));
        return Html.page(
                "past",
                new PastView(
                        new Chrome(
                                "Predictions of " + name + " · Davy",
                                "monitor",
                                Pages.who(request),
                                false),
                        name,
                        Monitor.href(name),
                        sentence(all, recent.size(), from, to),
                        recent));
    }

    private static String sentence(long all, int shown, Instant from, Instant to) {
        var when = "from %s to %s".formatted(Figures.time(from), Figures.time(to));
        if (all == 0)
            return "The archive holds no predictions "
                    + when
                    + ". What came in the last minutes is not in it yet.";
        return "%s %s%s"
                .formatted(
                        Figures.of(all, "prediction"),
                        when,
                        shown < all ? "; %d of them, drawn by chance.".formatted(shown) : ".");
    }

    private Optional<Prediction> find(UUID id) {
        return log.find(id, PredictionReader::isPrediction)
                .map(PredictionReader::read)
                .or(() -> archives.archived().find(id));
    }

    private static Instant instant(Request request, String name) {
        return request.time(name)
                .orElseThrow(() ->
                        new Problem(
                                Problem.Kind.MALFORMED,
                                "stretch-missing",
                                "'" + name + "' is missing.",
                                "The stretch has a beginning and an end.",
                                "Write it like 2026-11-21T14:05:00Z."));
    }
}
