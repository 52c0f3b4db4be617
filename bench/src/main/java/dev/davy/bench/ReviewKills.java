package dev.davy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Ten reviewers at work while callers ask, the server is killed, and reviewers die: is each case
/// decided as often as was asked, by different people, and none lost?
final class ReviewKills {
    private static final int REVIEWERS = 10;
    private static final int ASKED_OF_EACH = 2;
    private static final long SEED = 20_261_124;
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Place place;
    private final Path data;
    private final int items;
    private final int kills;
    private final Random random = new Random(SEED);
    private volatile int port;

    ReviewKills(Place place) {
        this.place = place;
        data = place.work().resolve("data");
        items = place.quick() ? 200 : 5_000;
        kills = place.quick() ? 1 : 8;
    }

    List<Target> run() throws Exception {
        var server = start();
        Map<UUID, String> truths = new ConcurrentHashMap<>();
        try (var calls = new ReviewCalls(() -> port)) {
            calls.push(LogRequests.ENDPOINT, "application/zip", LogRequests.bundle(place));
            calls.apply(declared());
            // Leases of who is gone for good last two minutes: that is for the full run.
            try (var desk =
                    new ReviewDesk(
                            () -> new ReviewCalls(() -> port),
                            LogRequests.ENDPOINT,
                            "label",
                            List.of("no", "yes"),
                            truths,
                            0.02,
                            place.quick())) {
                for (int i = 0; i < REVIEWERS; i++) desk.sits(0.05, i + 1);
                var caller = Thread.ofPlatform().name("caller").start(() -> ask(truths));
                for (int kill = 1; kill <= kills; kill++) {
                    long goal = (long) kill * ASKED_OF_EACH * items / (kills + 1);
                    await(desk, () -> desk.judged.sum() >= goal);
                    place.progress("kill %d, %,d judgements".formatted(kill, desk.judged.sum()));
                    port = 0;
                    server.kill();
                    Thread.sleep(random.nextInt(200));
                    server = start();
                }
                caller.join();
                place.progress("until all is decided");
                long until = System.nanoTime() + PATIENCE.toNanos();
                await(desk, () -> System.nanoTime() > until || open(calls) == 0);
                return told(calls, desk, truths);
            }
        } finally {
            server.close();
        }
    }

    private static String declared() {
        return """
        kind: Endpoint
        name: %1$s
        model: %1$s/1
        automation:
          level: assist
          while-in-review: {answer: {label: "no"}}
          reviewers: %2$d
          queue: {at-most: 100000, when-full: refuse}
        """
                .formatted(LogRequests.ENDPOINT, ASKED_OF_EACH);
    }

    private ServerProcess start() throws IOException, InterruptedException {
        int at = ServerProcess.freePort();
        var server =
                ServerProcess.start(
                        new Candidate.Davy().command(place, data, at, true),
                        at,
                        place.work().resolve("davy.output"));
        server.awaitReady();
        port = at;
        return server;
    }

    /// One caller, who asks again where the connection broke: what was not acknowledged may be
    /// there, and is a case all the same.
    private void ask(Map<UUID, String> truths) {
        var body =
                "{\"rows\":[{\"x\":[%s]}]}"
                        .formatted(numbers())
                        .getBytes(StandardCharsets.US_ASCII);
        var drawn = new Random(SEED + 1);
        try (var calls = new ReviewCalls(() -> port)) {
            while (truths.size() < items) {
                var predicted = calls.predict(LogRequests.ENDPOINT, "application/json", body);
                if (predicted.isPresent())
                    truths.put(predicted.get().id(), drawn.nextBoolean() ? "yes" : "no");
                else Thread.sleep(POLL);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static String numbers() {
        var list = new StringBuilder();
        for (float each : Requests.drawn(20)) list.append(list.isEmpty() ? "" : ",").append(each);
        return list.toString();
    }

    private interface Asked {
        boolean holds() throws InterruptedException;
    }

    private static void await(ReviewDesk desk, Asked until) throws InterruptedException {
        while (!until.holds()) {
            desk.check();
            Thread.sleep(POLL);
        }
    }

    private static int open(ReviewCalls calls) throws InterruptedException {
        return calls.insist("/api/v1/endpoints/" + LogRequests.ENDPOINT + "/automation")
                .expect(200)
                .at("/queue/open")
                .asInt();
    }

    private List<Target> told(ReviewCalls calls, ReviewDesk desk, Map<UUID, String> truths)
            throws Exception {
        int lost = 0;
        int open = 0;
        int otherwise = 0;
        int ties = 0;
        for (var id : truths.keySet()) {
            var said = calls.insist("/api/v1/reviews/" + id);
            if (said.status() == 404) {
                lost++;
                continue;
            }
            var review = said.expect(200);
            if (!review.path("state").asString("").equals("decided")) open++;
            int asked = review.path("wanted").asInt();
            if (asked > ASKED_OF_EACH) ties++;
            if (review.path("judgements").asInt() != asked) otherwise++;
        }
        place.progress("exporting");
        var audit = new Ledger().audit(new LogRequests(place));
        LogExport.read(place, port, audit::line);
        int missing = audit.judgementsMissing(desk.kept.keySet());
        int twice = audit.judgementsTwice();
        var table = new Table("ten reviewers, %d kills of the server".formatted(kills), "count");
        table.row("predictions acknowledged, each a case", truths.size());
        table.row("judgements acknowledged", desk.judged.sum());
        table.row("reviewers who died with a case before them", desk.died.sum());
        table.row("ties, for which one more was asked", ties);
        table.row("cases lost", lost);
        table.row("cases left open", open);
        table.row("cases with other than the judgements asked for", otherwise);
        table.row("acknowledged judgements missing in the log", missing);
        table.row("judgements twice in the log", twice);
        place.out().println(table);
        return List.of(
                Target.atLeast("cases", truths.size(), items),
                Target.atLeast("kills of the server under reviewers", kills, kills),
                Target.atLeast(
                        "deaths of reviewers",
                        (double) desk.died.sum(),
                        place.quick() ? 1 : REVIEWERS),
                Target.atMost("reviewers' requests refused", (double) desk.refused.sum(), 0),
                Target.atMost("cases lost", lost, 0),
                Target.atMost("cases left open after kills", open, 0),
                Target.atMost(
                        "cases with other than the judgements asked for, after kills",
                        otherwise,
                        0),
                Target.atMost("acknowledged judgements missing in the log", missing, 0),
                Target.atMost("judgements twice in the log", twice, 0));
    }
}
