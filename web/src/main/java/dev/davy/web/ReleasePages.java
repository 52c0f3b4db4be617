package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.rollout.RolloutDocuments;
import dev.davy.serving.Endpoints;
import dev.davy.web.ReleasesView.Row;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The page of what is on its way to live, and of what was.
final class ReleasePages {
    private static final int SHOWN = 100;

    private final RolloutDocuments rollouts;
    private final Endpoints endpoints;
    private final InstantSource clock;

    ReleasePages(RolloutDocuments rollouts, Endpoints endpoints, InstantSource clock) {
        this.rollouts = rollouts;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    Response all(Request request) {
        var now = clock.instant();
        var rows = new ArrayList<Row>();
        int going = 0;
        for (var rollout : rollouts.last(SHOWN)) {
            rows.add(row(rollout, now));
            if (!rollout.path("over").asBoolean(false)) going++;
        }
        var first = endpoints.all().stream().findFirst();
        return Html.page(
                "releases",
                new ReleasesView(
                        new Chrome("Releases · Davy", "release", Pages.who(request), true),
                        sentence(rows, going),
                        rows,
                        first.map(each -> each.get("name").asString()).orElse("")));
    }

    private static String sentence(List<Row> rows, int going) {
        if (rows.isEmpty()) return "Nothing was yet.";
        long waiting = rows.stream().filter(Row::waits).count();
        if (going == 0) return "No.";
        return "Yes: "
                + Figures.of(going, "version")
                + (waiting == 0
                        ? "."
                        : ", and " + Figures.count(waiting) + " of them wait for a person.");
    }

    private static Row row(JsonNode rollout, Instant now) {
        var endpoint = rollout.path("endpoint").asString("");
        var state = rollout.at("/state/is").asString("");
        return new Row(
                endpoint,
                "/endpoints/" + Figures.segment(endpoint) + "/rollout",
                rollout.path("candidate").asString(""),
                rollout.path("live").asString(""),
                state.replace('-', ' '),
                rollout.at("/state/why").asString(""),
                state.equals("paused"),
                Figures.share(rollout.path("share").asDouble()),
                RolloutPages.moment(rollout.path("created").asString(""), now));
    }
}
