package dev.davy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a rollout costs a server that goes on answering: halves of pairs, one with it and one
/// without, in turn, on one server that is told over HTTP what to do.
final class Overhead {
    private static final double RATE = 1_000;

    /// At which the answer's time is compared with a shadow and without.
    private static final double SHADOW_RATE = 500;

    private static final int CONNECTIONS = 16;
    private static final double CANARY_MOST = 1.03;
    private static final double SHADOW_CPU_MOST = 1.10;
    private static final double SHADOW_P99_MOST = 1.20;

    private final Place place;
    private final ServerProcess server;
    private final RolloutCalls calls;
    private final Plan plan;

    Overhead(Place place, ServerProcess server, RolloutCalls calls) {
        this.place = place;
        this.server = server;
        this.calls = calls;
        plan = place.quick() ? Plan.QUICK : Plan.FULL;
    }

    /// @param unmeasured pairs before the others: what the server compiles when it does something
    ///   for the first time is no part of what a request costs
    /// @param warmUp of a candidate that was just loaded into a process of its own
    /// @param settle under the load that is measured: where arms come or go the compiler works anew
    ///   for seconds, which is no part of what a request costs
    private record Plan(
            int pairs,
            int otherPairs,
            int unmeasured,
            Duration warmUp,
            Duration settle,
            Duration half) {
        static final Plan FULL =
                new Plan(
                        12,
                        10,
                        2,
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(5));
        static final Plan QUICK =
                new Plan(
                        2,
                        1,
                        0,
                        Duration.ofMillis(800),
                        Duration.ofMillis(200),
                        Duration.ofMillis(1_500));
    }

    /// One half: CPU time for each request, in microseconds.
    ///
    /// @param all of the server and its children
    /// @param loops of the server's event loops
    /// @param setting CPU seconds that it took to get there, the load and the warm-up included
    private record Half(double all, double loops, double setting, Load load) {}

    /// Ratios of the half with something to the half without it.
    private record Measured(String what, Pairs all, Pairs loops, Pairs p99, Samples samples) {}

    private interface Setting {
        void set() throws IOException, InterruptedException;
    }

    List<Target> targets() throws Exception {
        var measured = new ArrayList<Measured>();
        for (int percent : List.of(1, 5, 50)) {
            calls.declare(
                    1, "steps: [%d%% for 24h, 100%%]\n".formatted(percent) + RolloutCalls.GUARDS);
            measured.add(
                    pairs(
                            "canary at " + percent + " %",
                            percent == 1 ? plan.pairs() : plan.otherPairs(),
                            RATE,
                            calls::rollBack,
                            this::canary));
        }
        calls.declare(1, "steps: [shadow for 24h, 100%]\n" + RolloutCalls.GUARDS);
        var shadow =
                pairs("shadow at 100 %", plan.pairs(), SHADOW_RATE, calls::rollBack, this::shadow);
        measured.add(shadow);
        calls.rollBack();
        calls.declare(1, "strategy: immediate\nbake: 0s");
        measured.add(
                pairs("after the bake", plan.otherPairs(), RATE, () -> calls.live(1), this::baked));
        print(measured);
        long failures = 0;
        for (var each : measured) failures += Math.round(each.samples().sum("failures"));
        return List.of(
                Target.atLeast("pairs", measured.getFirst().all().count(), plan.pairs()),
                Target.atMost(
                        "CPU of server and children for a request, canary at 1 % over plain",
                        measured.getFirst().all().median(), CANARY_MOST),
                Target.atMost(
                        "CPU of the event loops for a request, shadow at 100 % over plain",
                        shadow.loops().median(), SHADOW_CPU_MOST),
                Target.atMost(
                        "p99 at 500 a second, shadow at 100 % over plain",
                        shadow.p99().median(), SHADOW_P99_MOST),
                Target.atMost("failed requests, all halves", (double) failures, 0));
    }

    private void canary() throws IOException, InterruptedException {
        calls.rollBack();
        calls.begin(2);
        // What a process compiles in its first seconds is no part of what a request costs.
        ClosedLoop.run(
                server.port(),
                RolloutCalls.pinned(),
                CONNECTIONS,
                plan.warmUp(),
                Duration.ofMillis(1));
    }

    private void shadow() throws IOException, InterruptedException {
        calls.rollBack();
        calls.begin(2);
        OpenLoop.run(server.port(), Requests.mlpJson(), CONNECTIONS, RATE, plan.warmUp());
    }

    private void baked() throws IOException, InterruptedException {
        calls.live(1);
        calls.begin(2);
        var ended = RolloutCalls.state(calls.awaitOver(Duration.ofSeconds(30)));
        if (!ended.equals("finished"))
            throw new Unmeasurable("A rollout without guards ended as: " + ended);
    }

    private Measured pairs(String what, int count, double rate, Setting without, Setting with)
            throws IOException, InterruptedException {
        var measured = new Measured(what, new Pairs(), new Pairs(), new Pairs(), new Samples());
        for (int i = 0; i < plan.unmeasured(); i++) {
            half(without, rate);
            half(with, rate);
        }
        for (int i = 0; i < count; i++) {
            place.progress("%s, pair %d of %d".formatted(what, i + 1, count));
            // The first half of a pair has the colder machine: that is each one's turn.
            boolean first = i % 2 == 0;
            var one = half(first ? without : with, rate);
            var other = half(first ? with : without, rate);
            var plain = first ? one : other;
            var loaded = first ? other : one;
            measured.all().add(loaded.all() / plain.all());
            measured.loops().add(loaded.loops() / plain.loops());
            measured.p99().add(loaded.load().millisAt(99) / plain.load().millisAt(99));
            measured.samples().add("plain", plain.all());
            measured.samples().add("with", loaded.all());
            measured.samples().add("setting", loaded.setting());
            measured.samples().add("plain p99", plain.load().millisAt(99));
            measured.samples().add("with p99", loaded.load().millisAt(99));
            measured.samples()
                    .add("failures", (double) plain.load().failures() + loaded.load().failures());
        }
        // The whole takes most of an hour: who stops it knows this much.
        place.progress(
                "%s: CPU %.2f of plain, event loops %.2f, p99 %.2f"
                        .formatted(
                                what,
                                measured.all().median(),
                                measured.loops().median(),
                                measured.p99().median()));
        return measured;
    }

    private Half half(Setting setting, double rate) throws IOException, InterruptedException {
        var first = server.cpuSecondsByProcess();
        setting.set();
        double load = seconds(first);
        OpenLoop.run(server.port(), Requests.mlpJson(), CONNECTIONS, rate, plan.settle());
        var before = server.cpuSecondsByProcess();
        double loops = server.eventLoopSeconds();
        var answers =
                OpenLoop.run(server.port(), Requests.mlpJson(), CONNECTIONS, rate, plan.half());
        loops = server.eventLoopSeconds() - loops;
        double all = seconds(before);
        double requests = Math.max(1, answers.replies() + answers.failures());
        return new Half(all / requests * 1e6, loops / requests * 1e6, load, answers);
    }

    /// CPU time since then, of the server and all processes that live.
    private double seconds(Map<Long, Double> before) {
        double all = 0;
        for (var each : server.cpuSecondsByProcess().entrySet())
            all += each.getValue() - before.getOrDefault(each.getKey(), 0.0);
        return all;
    }

    private void print(List<Measured> measured) {
        var table =
                new Table(
                        "CPU of server and children",
                        "pairs",
                        "plain, µs a request",
                        "with it",
                        "ratio, median",
                        "95 % interval",
                        "event loops, ratio",
                        "95 % interval",
                        "to load and warm it, CPU s");
        for (var each : measured)
            table.row(
                    each.what(),
                    each.all().count(),
                    each.samples().median("plain"),
                    each.samples().median("with"),
                    each.all().median(),
                    each.all().interval(),
                    each.loops().median(),
                    each.loops().interval(),
                    each.samples().median("setting"));
        place.out().println(table);
        var times =
                new Table(
                        "open loop",
                        "requests a second",
                        "plain p99, ms",
                        "with it",
                        "ratio, median",
                        "95 % interval");
        for (var each : measured)
            times.row(
                    each.what(),
                    each.what().startsWith("shadow") ? SHADOW_RATE : RATE,
                    each.samples().median("plain p99"),
                    each.samples().median("with p99"),
                    each.p99().median(),
                    each.p99().interval());
        place.out().println(times);
    }
}
