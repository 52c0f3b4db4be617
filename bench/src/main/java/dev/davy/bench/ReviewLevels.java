package dev.davy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import tools.jackson.databind.JsonNode;

/// Each data set on a running server, from human only to full: callers ask, simulated reviewers
/// decide as separate clients, a threshold is chosen from what they said.
final class ReviewLevels {
    private static final int REVIEWERS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final double SURELY = 0.999;

    private final Place place;
    private final IntSupplier port;
    private final ReviewCalls calls;
    private final Table table =
            new Table(
                    "data set, level",
                    "asked",
                    "decided by people",
                    "shown the answer, %",
                    "decided alone",
                    "of these wrong",
                    "people wrong",
                    "recommended then");
    private final List<Target> targets = new ArrayList<>();
    private int levels;
    private int open;
    private int shownBlind;
    private int odd;

    ReviewLevels(Place place, IntSupplier port, ReviewCalls calls) {
        this.place = place;
        this.port = port;
        this.calls = calls;
    }

    List<Target> run(List<ReviewSet> sets) throws Exception {
        for (var set : sets) run(set);
        place.out().println(table);
        var all = new ArrayList<Target>();
        all.add(
                Target.atLeast(
                        "levels run through, %d data sets".formatted(sets.size()),
                        levels,
                        5.0 * sets.size()));
        all.add(Target.atMost("cases for people left undecided", open, 0));
        all.add(Target.atMost("cases with other than the judgements asked for", odd, 0));
        all.add(
                Target.atMost(
                        "answers of the model shown at human-only and shadow", shownBlind, 0));
        all.addAll(targets);
        return all;
    }

    private static String declared(ReviewSet set) {
        return """
        kind: Endpoint
        name: %1$s
        model: %1$s/1
        automation:
          level: human-only
          alone-when: {target: "%2$s"}
          spot-check: 5%%
          while-in-review: {answer: {%3$s: "%4$s"}}
          reviewers: 3
          hidden: 10%%
          instructions: {version: "1", text: Say what it is.}
          queue: {at-most: 100000, when-full: refuse}
          step-down: never
        """
                .formatted(set.name(), set.error(), set.output(), set.classes().getFirst());
    }

    private void run(ReviewSet set) throws Exception {
        calls.apply(declared(set));
        Map<UUID, String> truths = new ConcurrentHashMap<>();
        try (var desk =
                new ReviewDesk(
                        () -> new ReviewCalls(port),
                        set.name(),
                        set.output(),
                        set.classes(),
                        truths,
                        0,
                        true)) {
            // From 1 to 4 % of what they say is wrong.
            for (int i = 0; i < REVIEWERS; i++) desk.sits(0.01 + 0.006 * i, i + 1);
            int few = place.quick() ? 30 : 100;
            int many = place.quick() ? 250 : Math.min(1_500, set.items().size() - 3 * few);
            int next = 0;
            for (var level : List.of("human-only", "shadow", "assist", "partial", "full")) {
                place.progress(set.name() + " at " + level);
                if (!level.equals("human-only")) calls.level(set.name(), level);
                int asks = level.equals("assist") || level.equals("partial") ? many : few;
                stage(set, level, desk, truths, next, asks);
                // A data set that is small is asked again.
                next = (next + asks) % set.items().size();
                if (level.equals("assist")) awaitThreshold(set.name());
            }
        }
    }

    private void stage(
            ReviewSet set,
            String level,
            ReviewDesk desk,
            Map<UUID, String> truths,
            int from,
            int asks)
            throws Exception {
        var toPeople = new ArrayList<UUID>();
        var alone = new HashMap<UUID, String>();
        int wrongAlone = 0;
        for (int i = 0; i < asks; i++) {
            var item = set.items().get((from + i) % set.items().size());
            var predicted =
                    calls.predict(set.name(), item.type(), item.body())
                            .orElseThrow(() -> new Unmeasurable("Davy broke off a prediction."));
            truths.put(predicted.id(), item.truth());
            if (predicted.said().has("review")) toPeople.add(predicted.id());
            else {
                alone.put(predicted.id(), item.truth());
                if (!predicted
                        .said()
                        .at("/output/" + set.output())
                        .asString("")
                        .equals(item.truth())) wrongAlone++;
            }
        }
        awaitNobodyWaits(set.name(), toPeople, desk);
        int wrongPeople = 0;
        int shown = 0;
        for (var each : toPeople) {
            var review = review(each);
            if (!review.path("state").asString("").equals("decided")) open++;
            if (review.path("judgements").asInt() != review.path("wanted").asInt()) odd++;
            if (!review.at("/decision/output/" + set.output())
                    .asString("")
                    .equals(truths.get(each))) wrongPeople++;
            if (desk.shown.containsKey(each)) shown++;
        }
        boolean blind = level.equals("human-only") || level.equals("shadow");
        if (blind) shownBlind += shown;
        boolean ranThrough =
                switch (level) {
                    case "partial" -> !alone.isEmpty() && !toPeople.isEmpty();
                    case "full" -> toPeople.isEmpty();
                    default -> alone.isEmpty();
                };
        if (ranThrough) levels++;
        table.row(
                set.name() + ", " + level,
                asks,
                toPeople.size(),
                toPeople.isEmpty() ? "-" : Target.number(100.0 * shown / toPeople.size()),
                alone.size(),
                wrongAlone,
                wrongPeople,
                calls.automation(set.name()).at("/recommendation/level").asString(""));
        if (level.equals("partial")) {
            double limit = limit(set.error());
            targets.add(
                    Target.atMost(
                            "%s: wrong of %,d decided alone, where %s was asked for"
                                    .formatted(set.name(), alone.size(), set.error()),
                            wrongAlone,
                            alone.isEmpty()
                                    ? 0
                                    : BinomialDistribution.of(alone.size(), limit)
                                            .inverseSurvivalProbability(1 - SURELY)));
        }
    }

    private static double limit(String error) {
        return Double.parseDouble(error.replaceAll("[^0-9.]", "")) / 100;
    }

    private JsonNode review(UUID id) throws IOException {
        var said = calls.get("/api/v1/reviews/" + id);
        return said.status() == 404 ? said.json() : said.expect(200);
    }

    /// Until all of them are decided, and no spot-check is open either.
    private void awaitNobodyWaits(String endpoint, List<UUID> cases, ReviewDesk desk)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        int decided = 0;
        while (System.nanoTime() < until) {
            desk.check();
            while (decided < cases.size()
                    && review(cases.get(decided)).path("state").asString("").equals("decided"))
                decided++;
            if (decided == cases.size()
                    && calls.automation(endpoint).at("/queue/open").asInt() == 0) return;
            Thread.sleep(POLL);
        }
    }

    /// Until what people said is enough for one, or a while has passed.
    private void awaitThreshold(String endpoint) throws IOException, InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        JsonNode threshold;
        do {
            Thread.sleep(POLL);
            threshold = calls.automation(endpoint).at("/thresholds/0");
        } while (!threshold.has("threshold") && System.nanoTime() < until);
        place.progress(threshold.path("says").asString("no threshold was chosen"));
    }
}
