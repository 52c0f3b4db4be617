package dev.davy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What [Serving] measured, as tables and held against the targets.
final class ServingFigures {
    private final Samples samples;

    ServingFigures(Samples samples) {
        this.samples = samples;
    }

    List<Table> tables() {
        return List.of(throughputTable(), latencyTable(), readersTable(), startTable());
    }

    private Table throughputTable() {
        var table =
                new Table(
                        "at full load",
                        "bare, req/s",
                        "davy, req/s",
                        "davy / bare",
                        "bare p50 / p99, ms",
                        "davy p50 / p99, ms",
                        "bare, cores",
                        "davy, cores",
                        "bare, resident MB",
                        "davy, resident MB");
        for (var each : Traffic.values()) {
            var bare = each.onBare().label() + " bare";
            var davy = each.label() + " davy";
            table.row(
                    each.label(),
                    samples.median(bare),
                    samples.median(davy),
                    samples.medianRatio(davy, bare),
                    pair(bare, "p50", "p99"),
                    pair(davy, "p50", "p99"),
                    samples.median(bare + " cores"),
                    samples.median(davy + " cores"),
                    samples.max(bare + " resident"),
                    samples.max(davy + " resident"));
        }
        return table;
    }

    private Table latencyTable() {
        var table =
                new Table(
                        "MLP JSON, 1,000 requests per second",
                        "p50, ms",
                        "p99, ms",
                        "p99.9, ms",
                        "max, ms",
                        "server, cores");
        for (var server : List.of("bare", "davy"))
            for (var when : List.of("first", "steady", "warm")) {
                var name = server + " " + when;
                table.row(
                        server
                                + switch (when) {
                                    case "first" -> ", first seconds after readiness";
                                    case "steady" -> ", after those";
                                    default -> ", after full load, readers back";
                                },
                        samples.median(name + " p50"),
                        samples.median(name + " p99"),
                        samples.median(name + " p99.9"),
                        samples.median(name + " max"),
                        samples.median(name + " cores"));
            }
        return table;
    }

    private Table readersTable() {
        var table = new Table("archive and windows, after full load", "davy");
        table.row("behind, s", samples.median("davy lag"));
        table.row("behind, MB of the log", samples.median("davy lag megabytes"));
        table.row("back after, s", samples.median("davy catch up"));
        return table;
    }

    private Table startTable() {
        var table = new Table("start", "bare", "davy");
        table.row("start to ready with AOT cache, s", "-", samples.median("davy start cached"));
        table.row(
                "start to ready without, s",
                samples.median("bare start"),
                samples.median("davy start"));
        table.row("failed requests", samples.max("bare failures"), samples.max("davy failures"));
        return table;
    }

    private String pair(String name, String first, String second) {
        return Target.number(samples.median(name + " " + first))
                + " / "
                + Target.number(samples.median(name + " " + second));
    }

    List<Target> targets() {
        var targets = new ArrayList<Target>();
        for (var each : Traffic.values()) {
            if (each.ratioMin() == 0) continue;
            targets.add(
                    Target.atLeast(
                            each.label() + ", requests per second against bare",
                            samples.medianRatio(each.label() + " davy", each.label() + " bare"),
                            each.ratioMin()));
        }
        targets.addAll(
                List.of(
                        Target.atMost(
                                "p99 at 1,000 requests per second, ms",
                                samples.median("davy steady p99"),
                                2),
                        Target.atMost(
                                "p99.9 at 1,000 requests per second, ms",
                                samples.median("davy steady p99.9"),
                                10),
                        Target.atMost(
                                "p99 of the first 5 seconds after readiness, ms",
                                samples.median("davy first p99"),
                                20),
                        Target.atMost(
                                "cores at 1,000 requests per second once warm",
                                samples.median("davy warm cores"),
                                0.20),
                        Target.atMost(
                                "start to ready with AOT cache, s",
                                samples.median("davy start cached"),
                                1),
                        Target.atMost(
                                "start to ready without AOT cache, s",
                                samples.median("davy start"),
                                2),
                        Target.atMost("resident memory after saturation, MB", resident(), 450),
                        Target.atMost("failed requests", samples.max("davy failures"), 0)));
        return targets;
    }

    /// The most that any of the traffic with a target left behind. What the log maps of its files
    /// counts as resident, so keeping every image is another matter.
    private double resident() {
        return Arrays.stream(Traffic.values())
                .filter(each -> each.ratioMin() > 0)
                .mapToDouble(each -> samples.max(each.label() + " davy resident"))
                .max()
                .orElse(Double.NaN);
    }
}
