package dev.davy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Davy behind HTTP against the bare server: how much it serves, how soon it answers, what it
/// costs, and how soon it is there.
///
/// Every figure comes from a fresh process with a fresh data folder; the two servers take turns, so
/// that a slow minute of the machine hits both; tables show medians over the rounds. The load
/// generator runs on the same cores.
final class Serving implements Measurement {
    private static final double OPEN_RATE = 1_000;
    private static final int OPEN_CONNECTIONS = 16;
    private static final int STARTS = 5;
    private static final Duration CATCH_UP = Duration.ofMinutes(2);

    private final List<Candidate> candidates = List.of(new Candidate.Bare(), new Candidate.Davy());
    private final Samples samples = new Samples();
    private final ServingFigures figures = new ServingFigures(samples);

    @Override
    public String name() {
        return "serving";
    }

    @Override
    public String about() {
        return "Davy behind HTTP against a bare server: throughput, latency, CPU, memory, start";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        var plan = place.quick() ? ServingPlan.QUICK : ServingPlan.FULL;
        var prepared = prepare(place);
        // The first load of this process would measure its own compilation.
        warmGenerator();
        for (int round = 1; round <= plan.rounds(); round++) {
            place.progress("round %d of %d".formatted(round, plan.rounds()));
            if (plan.freshForEachTraffic())
                for (var each : Traffic.values())
                    for (var candidate : candidates)
                        saturate(place, plan, prepared, candidate, EnumSet.of(each));
            else
                for (var candidate : candidates)
                    saturate(place, plan, prepared, candidate, EnumSet.allOf(Traffic.class));
            for (var candidate : candidates)
                if (plan.latencyOf(candidate, round)) latency(place, plan, prepared, candidate);
        }
        starts(place, plan, prepared);
        figures.tables().forEach(place.out()::println);
        return figures.targets();
    }

    /// Models and endpoints are brought in once; every run begins with a copy.
    private static Path prepare(Place place) throws IOException, InterruptedException {
        var davy = new Candidate.Davy();
        var data = place.work().resolve("prepared");
        try (var server = start(place, davy, data, true)) {
            server.awaitReady();
            davy.prepare(place, server.port());
        }
        return data;
    }

    private static void warmGenerator() throws InterruptedException {
        var channel = BareServer.start(0, BareServer::echo);
        int port = ((java.net.InetSocketAddress) channel.localAddress()).getPort();
        ClosedLoop.run(
                port, Requests.mlpJson(), 64, Duration.ofMillis(500), Duration.ofMillis(1500));
        OpenLoop.run(
                port, Requests.mlpJson(), OPEN_CONNECTIONS, 5 * OPEN_RATE, Duration.ofSeconds(1));
        channel.close().sync();
    }

    private static ServerProcess start(
            Place place, Candidate candidate, Path data, boolean aotCache) throws IOException {
        int port = ServerProcess.freePort();
        return ServerProcess.start(
                candidate.command(place, data, port, aotCache),
                port,
                place.work().resolve(candidate.name() + ".output"));
    }

    private void saturate(
            Place place, ServingPlan plan, Path prepared, Candidate candidate, Set<Traffic> traffic)
            throws Exception {
        if (candidate instanceof Candidate.Bare) traffic.removeIf(each -> each.onBare() != each);
        if (traffic.isEmpty()) return;
        var data = copy(place, prepared);
        try (var server = start(place, candidate, data, true)) {
            server.awaitReady();
            for (var each : traffic) {
                var warmUp = each == Traffic.MLP_JSON ? plan.warmUp() : plan.imageWarmUp();
                double cpu = server.cpuSeconds();
                var load =
                        ClosedLoop.run(
                                server.port(),
                                each.request(),
                                each.connections(),
                                warmUp,
                                plan.measured());
                cpu = server.cpuSeconds() - cpu;
                var name = each.label() + " " + candidate.name();
                samples.add(name, load.perSecond());
                samples.add(name + " p50", load.millisAt(50));
                samples.add(name + " p99", load.millisAt(99));
                samples.add(
                        name + " cores",
                        cpu / (warmUp.toNanos() + plan.measured().toNanos()) * 1e9);
                samples.add(name + " resident", server.residentMegabytes());
                samples.add(candidate.name() + " failures", (double) load.failures());
            }
        }
        Place.delete(data);
    }

    private void latency(Place place, ServingPlan plan, Path prepared, Candidate candidate)
            throws Exception {
        var data = copy(place, prepared);
        try (var server = start(place, candidate, data, true)) {
            server.awaitReady();
            var first = open(server, plan.first());
            open(server, plan.settle());
            var steady = open(server, plan.steady());
            ClosedLoop.run(
                    server.port(), Requests.mlpJson(), 64, plan.warmUp(), Duration.ofMillis(1));
            if (candidate instanceof Candidate.Davy) catchUp(server);
            open(server, Duration.ofSeconds(1));
            double cpu = server.cpuSeconds();
            var warm = open(server, plan.steady());
            cpu = server.cpuSeconds() - cpu;
            record(candidate.name() + " first", first);
            record(candidate.name() + " steady", steady);
            record(candidate.name() + " warm", warm);
            samples.add(candidate.name() + " warm cores", cpu / warm.seconds());
        }
        Place.delete(data);
    }

    /// How far the readers of the log were left behind by full load, and how soon they were back. A
    /// server is warm when they are: what they have not read costs until then.
    private void catchUp(ServerProcess server) throws Exception {
        var behind = Readers.of(server.port());
        samples.add("davy lag", behind.seconds());
        samples.add("davy lag megabytes", behind.bytes() / 1e6);
        long begun = System.nanoTime();
        while (Readers.of(server.port()).bytes() > 1_000_000) {
            if (System.nanoTime() - begun > CATCH_UP.toNanos())
                throw new Unmeasurable(
                        "The readers of the log did not catch up within " + CATCH_UP + ".");
            Thread.sleep(100);
        }
        samples.add("davy catch up", (System.nanoTime() - begun) / 1e9);
    }

    private static Load open(ServerProcess server, Duration duration) throws InterruptedException {
        return OpenLoop.run(
                server.port(), Requests.mlpJson(), OPEN_CONNECTIONS, OPEN_RATE, duration);
    }

    private void record(String name, Load load) {
        samples.add(name + " p50", load.millisAt(50));
        samples.add(name + " p99", load.millisAt(99));
        samples.add(name + " p99.9", load.millisAt(99.9));
        samples.add(name + " max", load.millisMax());
        samples.add(name.split(" ")[0] + " failures", (double) load.failures());
    }

    private void starts(Place place, ServingPlan plan, Path prepared) throws Exception {
        for (int i = 0; i < Math.min(STARTS, plan.starts()); i++)
            for (var candidate : candidates)
                for (boolean aotCache : new boolean[] {true, false}) {
                    if (candidate instanceof Candidate.Bare && aotCache) continue;
                    var data = copy(place, prepared);
                    try (var server = start(place, candidate, data, aotCache)) {
                        samples.add(
                                candidate.name() + (aotCache ? " start cached" : " start"),
                                server.awaitReady().toNanos() / 1e9);
                    }
                    Place.delete(data);
                }
    }

    private static Path copy(Place place, Path prepared) throws IOException {
        var data = place.work().resolve("data");
        Place.delete(data);
        Place.copy(prepared, data);
        return data;
    }
}
