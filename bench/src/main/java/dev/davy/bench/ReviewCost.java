package dev.davy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What partial automation costs a server for each request: halves of pairs, one at level full and
/// one at partial, in turn, on one server that is told over HTTP what to do.
final class ReviewCost {
    private static final double RATE = 1_000;
    private static final int CONNECTIONS = 16;
    private static final double MOST = 1.05;

    private final Place place;
    private final Plan plan;
    private long failures;

    /// @param unmeasured pairs before the others
    private record Plan(
            int pairs, int unmeasured, Duration warmUp, Duration settle, Duration half) {
        static final Plan FULL =
                new Plan(
                        12,
                        2,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5));
        static final Plan QUICK =
                new Plan(
                        3,
                        0,
                        Duration.ofSeconds(4),
                        Duration.ofMillis(300),
                        Duration.ofMillis(1_500));
    }

    ReviewCost(Place place) {
        this.place = place;
        plan = place.quick() ? Plan.QUICK : Plan.FULL;
    }

    /// One half of a pair.
    private enum Setting {
        /// The model decides everything, and nobody looks.
        FULL(""),
        /// It is sure of everything: what asking costs where the answer is always the same.
        SURE("  alone-when: confidence >= 0.1\n"),
        /// As above, and people see some of it, each of which becomes a case.
        SPOT_CHECKED("  alone-when: confidence >= 0.1\n  spot-check: 2%\n");

        private final String section;

        Setting(String section) {
            this.section = section;
        }

        String declared() {
            return "kind: Endpoint\nname: mlp\nmodel: mlp/1\n"
                    + (section.isEmpty()
                            ? ""
                            : "automation:\n  level: partial\n"
                                    + section
                                    + "  queue: {at-most: 1000000, when-full: model}\n"
                                    + "  step-down: never\n");
        }
    }

    List<Target> run() throws Exception {
        try (var server = Switches.start(place);
                var calls = new ReviewCalls(server::port)) {
            calls.push("mlp", "application/zip", LogRequests.bundle(place));
            calls.apply(Setting.FULL.declared());
            warmUp(server);
            var table =
                    new Table(
                            "CPU of the server, µs a request",
                            "pairs",
                            "full",
                            "partial",
                            "ratio, median",
                            "95 % interval");
            var targets = new ArrayList<Target>();
            if (!place.quick())
                targets.add(
                        Target.atMost(
                                "CPU of the server for a request, sure of everything over full",
                                pairs(server, calls, Setting.SURE, table, "sure of everything")
                                        .median(),
                                MOST));
            var seen = pairs(server, calls, Setting.SPOT_CHECKED, table, "2 % go to people");
            place.out().println(table);
            targets.add(Target.atLeast("pairs of full and partial", seen.count(), plan.pairs()));
            targets.add(
                    Target.atMost(
                            "CPU of the server for a request, partial with 2 % of cases over full",
                            seen.median(), MOST));
            targets.add(Target.atMost("requests that failed meanwhile", (double) failures, 0));
            return targets;
        }
    }

    /// What is compiled when it is done for the first time is no part of what a request costs.
    private void warmUp(ServerProcess server) throws InterruptedException {
        place.progress("warming up");
        ClosedLoop.run(
                server.port(),
                Requests.mlpJson(),
                CONNECTIONS,
                plan.warmUp(),
                Duration.ofMillis(1));
    }

    private Pairs pairs(
            ServerProcess server, ReviewCalls calls, Setting with, Table table, String what)
            throws IOException, InterruptedException {
        calls.apply(with.declared());
        warmUp(server);
        var ratios = new Pairs();
        var samples = new Samples();
        for (int i = -plan.unmeasured(); i < plan.pairs(); i++) {
            if (i >= 0) place.progress("%s, pair %d of %d".formatted(what, i + 1, plan.pairs()));
            // The first half of a pair has the colder machine: that is each one's turn.
            boolean first = i % 2 == 0;
            double one = half(server, calls, first ? with : Setting.FULL);
            double other = half(server, calls, first ? Setting.FULL : with);
            if (i < 0) continue;
            double partial = first ? one : other;
            double full = first ? other : one;
            ratios.add(partial / full);
            samples.add("full", full);
            samples.add("partial", partial);
        }
        table.row(
                what,
                ratios.count(),
                samples.median("full"),
                samples.median("partial"),
                ratios.median(),
                ratios.interval());
        return ratios;
    }

    /// CPU of the server for each request, in microseconds.
    private double half(ServerProcess server, ReviewCalls calls, Setting setting)
            throws IOException, InterruptedException {
        calls.apply(setting.declared());
        OpenLoop.run(server.port(), Requests.mlpJson(), CONNECTIONS, RATE, plan.settle());
        double before = server.cpuSeconds();
        var load = OpenLoop.run(server.port(), Requests.mlpJson(), CONNECTIONS, RATE, plan.half());
        double used = server.cpuSeconds() - before;
        failures += load.failures();
        return used / Math.max(1, load.replies() + load.failures()) * 1e6;
    }
}
