package dev.davy.bench;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import java.util.ArrayList;
import java.util.List;

/// People in the loop: all levels of automation on real data with simulated reviewers, thresholds
/// chosen again and again, kills under reviewers at work, and what it costs who is served.
final class Reviewing implements Measurement {
    @Override
    public String name() {
        return "review";
    }

    @Override
    public String about() {
        return "people in the loop: levels, thresholds, ten reviewers and kills, cost of a request";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        var data =
                Pipeline.data(place.root())
                        .orElseThrow(() ->
                                new Unmeasurable(
                                        "The data sets are not here: ../shared/data is not beside"
                                                + " this checkout."));
        var targets = new ArrayList<Target>();
        var sets =
                place.quick()
                        ? List.of(ReviewSet.income(data))
                        : List.of(
                                ReviewSet.mnist(data),
                                ReviewSet.income(data),
                                ReviewSet.words(data, place.root()));
        try (var server = Switches.start(place);
                var calls = new ReviewCalls(server::port)) {
            var answered = new ArrayList<List<ReviewThresholds.Answered>>();
            for (var set : sets) {
                place.progress("asking all of " + set.name());
                answered.add(asked(place, calls, set));
            }
            targets.addAll(thresholds(place, sets, answered));
            targets.addAll(new ReviewLevels(place, server::port, calls).run(sets));
        }
        targets.addAll(ReviewSmall.run(place, data));
        Place.delete(place.work().resolve("data"));
        targets.addAll(new ReviewKills(place).run());
        Place.delete(place.work().resolve("data"));
        targets.addAll(new ReviewCost(place).run());
        if (place.quick())
            place.out().println("This is the quick run: one data set, few pairs, one kill.");
        return targets;
    }

    /// What the model says of each item, as any caller hears it.
    private static List<ReviewThresholds.Answered> asked(
            Place place, ReviewCalls calls, ReviewSet set) throws Exception {
        calls.push(set.name(), "application/zip", set.bundle());
        calls.apply("kind: Endpoint\nname: %1$s\nmodel: %1$s/1\n".formatted(set.name()));
        var answered = new ArrayList<ReviewThresholds.Answered>();
        int most = place.quick() ? 1_500 : Integer.MAX_VALUE;
        for (var item : set.items().subList(0, Math.min(most, set.items().size()))) {
            var said =
                    calls.predict(set.name(), item.type(), item.body())
                            .orElseThrow(() -> new Unmeasurable("Davy broke off a prediction."))
                            .said();
            answered.add(
                    new ReviewThresholds.Answered(
                            said.path("output").path(set.output()).asString(""),
                            said.path("confidence").asDouble(),
                            item.truth()));
        }
        return answered;
    }

    private static List<Target> thresholds(
            Place place, List<ReviewSet> sets, List<List<ReviewThresholds.Answered>> answered) {
        var targets = new ArrayList<Target>();
        var table = ReviewThresholds.table();
        for (int i = 0; i < sets.size(); i++) {
            var set = sets.get(i);
            var outputs = List.of(new Output(set.output(), new OutputKind.Category(set.classes())));
            for (var text : List.of(set.error(), set.recall())) {
                place.progress("thresholds of " + set.name() + " for " + text);
                var runs =
                        new ReviewThresholds(
                                        answered.get(i),
                                        dev.davy.review.Target.of(text, outputs),
                                        set.of(),
                                        place.quick() ? 100 : 1_000,
                                        place.quick() ? 1_000 : set.cases())
                                .run(100 + i);
                runs.row(table, set.name());
                targets.addAll(runs.targets(set.name()));
            }
        }
        place.out().println(table);
        return targets;
    }
}
