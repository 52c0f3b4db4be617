package dev.davy.bench;

import dev.davy.bench.PastSets.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Real tables whose rows are replayed in another order, one by one or by days or weeks: nothing
/// changes over time, and whatever rings rings falsely.
final class PastShuffled {
    private static final List<String> HOW = List.of("whole", "day", "week");

    private final Place place;
    private final int seeds;

    PastShuffled(Place place) {
        this.place = place;
        seeds = place.quick() ? 1 : 3;
    }

    List<Target> run(Path data) throws IOException, InterruptedException {
        var sets = new PastSets(data, place.work());
        var table =
                new Table(
                        "replayed, shuffled",
                        "rows move",
                        "replays",
                        "windows judged",
                        "alarms",
                        "alarms a month",
                        "paid for a month",
                        "they were of");
        var targets = new ArrayList<Target>();
        for (var source : Source.values()) {
            if (place.quick() && source != Source.MARKET) continue;
            if (!sets.has(source)) {
                place.out().println("Skipped: shared/data/" + source.folder + " is not here.");
                continue;
            }
            var set = sets.set(source);
            double months = 0;
            long all = 0;
            for (var how : HOW) {
                if (place.quick() && !how.equals("day")) continue;
                var of = new TreeMap<String, Integer>();
                for (int seed = 1; seed <= seeds; seed++) {
                    place.progress("%s shuffled, %s, seed %d".formatted(source.folder, how, seed));
                    count(set, how, seed, of);
                }
                long alarms = of.values().stream().mapToInt(each -> each).sum();
                double exposed =
                        (double) seeds
                                * Duration.between(set.judged(), set.end()).toSeconds()
                                / Duration.ofDays(30).toSeconds();
                table.row(
                        set.title(),
                        how.equals("whole") ? "one by one" : "by " + how + "s",
                        seeds,
                        seeds * Duration.between(set.judged(), set.end()).dividedBy(set.window()),
                        alarms,
                        alarms / exposed,
                        set.falseAlarmsAMonth(),
                        of.isEmpty() ? "-" : of.toString());
                months += exposed;
                all += alarms;
            }
            targets.add(
                    Target.atMost(
                            set.title()
                                    + " shuffled: false alarms a month, lower end of a 99.9 % interval",
                            Chance.rateLowerBound(all, months),
                            set.falseAlarmsAMonth()));
        }
        place.out().println(table);
        return targets;
    }

    private void count(PastSet set, String how, int seed, Map<String, Integer> of)
            throws IOException, InterruptedException {
        var folder = place.work().resolve("shuffled-" + set.endpoint());
        try (var replay =
                PastReplay.of(set, folder, "--shuffle", how, "--seed", Integer.toString(seed))) {
            for (var each : replay.rang()) of.merge(each.watch(), 1, Integer::sum);
        }
        Place.delete(folder);
    }
}
