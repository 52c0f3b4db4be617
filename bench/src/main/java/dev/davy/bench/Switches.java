package dev.davy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Arms that are switched under load on a running server, and what a rollout costs meanwhile.
///
/// One server for all; what stands at its endpoint is changed over HTTP.
final class Switches implements Measurement {
    private static final double RATE = 1_000;
    private static final int CONNECTIONS = 16;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final double FLIP_MILLIS_MOST = 10;
    private static final String HALF = "steps: [50% for 24h, 100%]\n" + RolloutCalls.GUARDS;

    @Override
    public String name() {
        return "switch";
    }

    @Override
    public String about() {
        return "arms switched under load: failed and misrouted requests, time to flip, overhead";
    }

    /// @param rounds of a promotion and its rollback
    /// @param rest between the steps of a round
    private record Plan(int rounds, Duration rest, Duration warmUp) {
        static final Plan FULL = new Plan(100, Duration.ofMillis(300), Duration.ofSeconds(15));
        static final Plan QUICK = new Plan(5, Duration.ofMillis(150), Duration.ofSeconds(4));
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        var plan = place.quick() ? Plan.QUICK : Plan.FULL;
        var targets = new ArrayList<Target>();
        try (var server = start(place);
                var calls = RolloutCalls.at(server.port(), RolloutCalls.ENDPOINT)) {
            calls.push(place);
            calls.declare(1, HALF);
            place.progress("warming up");
            ClosedLoop.run(
                    server.port(),
                    Requests.mlpJson(),
                    CONNECTIONS,
                    plan.warmUp(),
                    Duration.ofMillis(1));
            targets.addAll(switched(place, plan, server, calls));
            targets.addAll(new Overhead(place, server, calls).targets());
        }
        if (place.quick())
            place.out().println("This is the quick run: few pairs, and figures that move.");
        return targets;
    }

    static ServerProcess start(Place place) throws IOException, InterruptedException {
        var davy = new Candidate.Davy();
        int port = ServerProcess.freePort();
        var server =
                ServerProcess.start(
                        davy.command(place, place.work().resolve("data"), port, true),
                        port,
                        place.work().resolve("davy.output"));
        try {
            server.awaitReady();
            return server;
        } catch (RuntimeException | IOException | InterruptedException failed) {
            server.close();
            throw failed;
        }
    }

    private static List<Target> switched(
            Place place, Plan plan, ServerProcess server, RolloutCalls calls) throws Exception {
        var heard = new Heard();
        var samples = new Samples();
        long start = System.nanoTime();
        var load =
                OpenLoop.start(server.port(), Requests.mlpJson(), CONNECTIONS, RATE, HOUR, heard);
        long liveSince = start;
        for (int round = 1; round <= plan.rounds(); round++) {
            if (round % 10 == 0)
                place.progress("switched %d of %d times".formatted(round, plan.rounds()));
            long begun = System.nanoTime();
            calls.begin(2);
            Thread.sleep(plan.rest());
            var promoted = calls.command("promote");
            Thread.sleep(plan.rest());
            heard.stood("mlp/1", liveSince, promoted.answered());
            flipped(samples, "promoted", heard, "mlp/1", promoted);
            var back = calls.command("rollback");
            Thread.sleep(plan.rest());
            liveSince = back.asked();
            heard.stood("mlp/2", begun, back.answered());
            flipped(samples, "rolled back", heard, "mlp/2", back);
            samples.add("sync", syncMillis(place));
        }
        heard.stood("mlp/1", liveSince, Long.MAX_VALUE);
        var all = load.stop();
        var table =
                new Table(
                        "switch",
                        "times",
                        "API call, ms: median",
                        "most",
                        "last answer of the arm that went, ms: median",
                        "95 %",
                        "most");
        for (var what : List.of("promoted", "rolled back"))
            table.row(
                    what,
                    samples.count(what),
                    samples.median(what + " call"),
                    samples.max(what + " call"),
                    samples.median(what),
                    samples.quantile(what, 0.95),
                    samples.max(what));
        place.out().println(table);
        place.out()
                .printf(
                        "%,d requests, %s a second, %,d answered by mlp/1 and %,d by mlp/2; p50 %s ms, p99 %s ms, longest %s ms.%n%n",
                        all.replies() + all.failures(),
                        Target.number(all.perSecond()),
                        heard.answers("mlp/1"),
                        heard.answers("mlp/2"),
                        Target.number(all.millisAt(50)),
                        Target.number(all.millisAt(99)),
                        Target.number(all.millisMax()));
        place.out()
                .printf(
                        "A sync of 4 kB to this disk, between the rounds: %s ms median, %s ms at 95 %%, %s ms longest.%n%n",
                        Target.number(samples.median("sync")),
                        Target.number(samples.quantile("sync", 0.95)),
                        Target.number(samples.max("sync")));
        return List.of(
                Target.atLeast("promotions", samples.count("promoted"), plan.rounds()),
                Target.atLeast("rollbacks", samples.count("rolled back"), plan.rounds()),
                Target.atLeast("answered by the candidate", heard.answers("mlp/2"), plan.rounds()),
                Target.atMost("failed requests", (double) all.failures(), 0),
                Target.atMost("answers of an arm that was not in the table", heard.impossible(), 0),
                Target.atMost(
                        "from the command to the last answer of the arm that went, most, ms",
                        Math.max(samples.max("promoted"), samples.max("rolled back")),
                        FLIP_MILLIS_MOST));
    }

    /// How long this disk takes to keep a page of 4 kB: each flip is kept before it is published.
    private static double syncMillis(Place place) throws IOException {
        var file = place.work().resolve("page");
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long began = System.nanoTime();
            channel.write(ByteBuffer.allocate(4_096));
            channel.force(false);
            return (System.nanoTime() - began) / 1e6;
        }
    }

    private static void flipped(
            Samples samples, String what, Heard heard, String gone, RolloutCalls.Said said) {
        samples.add(what + " call", (said.answered() - said.asked()) / 1e6);
        samples.add(what, (heard.last(gone, said.asked()) - said.asked()) / 1e6);
    }
}
