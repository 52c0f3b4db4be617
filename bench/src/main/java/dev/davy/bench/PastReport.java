package dev.davy.bench;

import dev.davy.bench.PastReplay.Rang;
import dev.davy.bench.PastSets.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What the monitors say of real tables that are replayed through endpoints whose models learnt on
/// the first part: how long until what changed rang, what rang before, and quality as it was
/// estimated, as it was, and as whoever knows nothing has it.
final class PastReport {
    private final Place place;
    private final Table alarms =
            new Table(
                    "set",
                    "what is to ring",
                    "rang in window after the change",
                    "it before, falsely",
                    "anything before",
                    "windows before",
                    "paid for");
    private final Table quality =
            new Table(
                    "set, after the change",
                    "figure",
                    "truths",
                    "estimated",
                    "realised",
                    "as just before",
                    "commonest",
                    "orphans");
    private final List<Target> targets = new ArrayList<>();

    PastReport(Place place) {
        this.place = place;
    }

    List<Target> run(Path data) throws IOException, InterruptedException {
        var sets = new PastSets(data, place.work());
        for (var source : Source.values()) {
            if (place.quick() && source != Source.MARKET) {
                place.out().println("Skipped in the quick run: " + source.folder + ".");
                continue;
            }
            if (!sets.has(source)) {
                place.out().println("Skipped: shared/data/" + source.folder + " is not here.");
                continue;
            }
            place.progress("replaying " + source.folder);
            var set = sets.set(source);
            var folder = place.work().resolve("replay-" + set.endpoint());
            try (var replay = PastReplay.of(set, folder)) {
                told(source, set, replay);
            }
            Place.delete(folder);
        }
        place.out().println();
        place.out().println(alarms);
        place.out().println(quality);
        return targets;
    }

    private void told(Source source, PastSet set, PastReplay replay) throws InterruptedException {
        var rang = replay.rang();
        long before = rang.stream().filter(each -> set.windows(each.since()) < 1).count();
        for (var watch : set.expected()) {
            var its = rang.stream().filter(each -> each.watch().equals(watch)).toList();
            long falsely = its.stream().filter(each -> set.windows(each.since()) < 1).count();
            var first = first(set, its);
            alarms.row(
                    set.title(),
                    watch,
                    first.map(Object::toString).orElse("never"),
                    falsely,
                    before,
                    set.quiet(),
                    set.paid(set.quiet()));
            if (set.within() > 0)
                targets.add(
                        Target.atMost(
                                set.title() + ": " + watch + " rings in window",
                                first.isPresent() ? first.get() : Double.NaN,
                                set.within()));
            targets.add(
                    Target.atMost(
                            set.title() + ": false alarms of " + watch + " before",
                            (double) falsely,
                            0));
        }
        var since = replay.since(set.change());
        row(set, since.at("/quality/0"), replay.orphans());
        story(set, rang);
        switch (source) {
            case WEATHER -> {
                var single = rang.stream().filter(Rang::single).toList();
                targets.add(
                        Target.atMost(
                                "NOAA: single values called out beside 5,504 millibars",
                                (double)
                                        single.stream()
                                                .filter(each -> !each.why().contains("5,504"))
                                                .count(),
                                0));
            }
            case HOTEL ->
                    targets.add(
                            Target.atMost(
                                    "hotel bookings: off the 125 truths without a booking",
                                    Math.abs(replay.orphans() - 125.0),
                                    0));
            case MARKET, BIKES, FLIGHTS, HOUSES -> {}
        }
    }

    private static Optional<Long> first(PastSet set, List<Rang> rang) {
        return rang.stream()
                .map(each -> set.windows(each.since()))
                .filter(each -> each >= 1)
                .findFirst();
    }

    private void row(PastSet set, JsonNode of, long orphans) {
        quality.row(
                set.title(),
                of.path("figure").asString("-"),
                of.path("outcomes").asLong(),
                number(of.path("estimated")),
                number(of.path("realised")),
                number(of.at("/baselines/unchanged")),
                number(of.at("/baselines/commonest")),
                orphans);
    }

    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }

    /// All that rang, monitor by monitor: how often, when first, and why then.
    private void story(PastSet set, List<Rang> rang) {
        record Told(int times, Instant since, String why) {}
        var all = new TreeMap<String, Told>();
        for (var each : rang)
            all.merge(
                    each.watch(),
                    new Told(1, each.since(), each.why()),
                    (old, _) -> new Told(old.times() + 1, old.since(), old.why()));
        place.out().printf("%n%s: %s from %s on.%n", set.title(), set.what(), set.change());
        all.forEach((watch, told) ->
                place.out()
                        .printf(
                                "  %s rang %d times, first of %s: %s%n",
                                watch, told.times(), told.since(), told.why()));
    }
}
