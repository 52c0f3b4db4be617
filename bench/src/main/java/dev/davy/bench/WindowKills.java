package dev.davy.bench;

import dev.davy.cli.Main;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Kills a server at random moments of a replay, and holds its windows against those of another one
/// to which the same is replayed undisturbed: what the log of the first holds, row by row and truth
/// by truth.
final class WindowKills implements Measurement {
    private static final int KILLS = 20;
    private static final int ROWS = 200;
    private static final int BATCHES_LEAST = 80;

    /// From this one on something is heavier, and rings.
    private static final int HEAVIER = 70;

    private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(500);

    private static final String ENDPOINT =
            """
            kind: Endpoint
            name: press
            origin: replay
            window: 6h
            reference: first 7d
            truth-within: 0s
            input: {force: {type: number}}
            output: {label: {type: category, classes: [ok, bent]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.force > 2 then 'bent' else 'ok' end"}}
            """;

    /// What is compared of each window.
    private static final List<String> WATCHED =
            List.of(
                    "requests",
                    "input.force",
                    "input.force.p50",
                    "input.force.highest",
                    "output.label.share(bent)",
                    "quality.accuracy",
                    "quality.recall(bent)");

    private final Random random = new Random(20_261_121);

    @Override
    public String name() {
        return "windows";
    }

    @Override
    public String about() {
        return "kill -9 at random moments of a replay: its windows beside those of an undisturbed one";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        return run(place, place.quick() ? 4 : KILLS);
    }

    List<Target> run(Place place, int kills) throws IOException, InterruptedException {
        var data = place.work().resolve("killed");
        int batch = 0;
        for (int kill = 0; kill < kills; kill++) {
            place.progress("kill %d of %d".formatted(kill + 1, kills));
            batch = killed(place, data, batch);
        }
        try (var killed = start(place, data);
                var undisturbed = start(place, place.work().resolve("undisturbed"));
                var calls = new ReviewCalls(killed::port);
                var others = new ReviewCalls(undisturbed::port)) {
            for (; batch <= BATCHES_LEAST; batch++) send(calls, rows(batch));
            place.progress("the same, undisturbed");
            var log = logged(killed.port());
            others.apply(ENDPOINT);
            for (var some : log) send(others, some);
            return compared(place, kills, log, calls, others);
        }
    }

    private static ServerProcess start(Place place, Path data)
            throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        var server =
                ServerProcess.start(
                        Candidate.java(
                                Main.class,
                                List.of("-XX:TieredStopAtLevel=1"),
                                "serve",
                                "--port",
                                Integer.toString(port),
                                "--data",
                                data.toString()),
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

    /// Sends until the server dies.
    ///
    /// @return the batch that comes next
    private int killed(Place place, Path data, int batch) throws IOException, InterruptedException {
        int next = batch;
        try (var server = start(place, data);
                var calls = new ReviewCalls(server::port)) {
            calls.apply(ENDPOINT);
            int life = 500 + random.nextInt(2_500);
            var killer = Thread.ofPlatform().daemon().start(() -> kill(server, life));
            try {
                while (true) send(calls, rows(next++));
            } catch (IOException dead) {
                // What was on its way may be in the log or not; the log says.
            }
            killer.join();
        }
        return next;
    }

    private static void kill(ServerProcess server, int millis) {
        try {
            Thread.sleep(millis);
            server.kill();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what is sent

    /// @param truth of the row; empty: none comes
    private record Sent(Instant at, double force, String truth) {}

    /// Two hundred rows of a few hours, with the truth of half of them.
    private List<Sent> rows(int batch) {
        var rows = new ArrayList<Sent>();
        for (int i = 0; i < ROWS; i++)
            rows.add(
                    new Sent(
                            BEGIN.plus(Duration.ofHours(3L * batch)).plusSeconds(50L * i),
                            random.nextGaussian() + (batch < HEAVIER ? 0 : 1),
                            i % 2 == 1 ? "" : i % 20 == 0 ? "bent" : "ok"));
        return rows;
    }

    private static void send(ReviewCalls calls, List<Sent> batch) throws IOException {
        var body = Json.object();
        var rows = body.putArray("rows");
        for (var each : batch)
            rows.addObject()
                    .put("at", each.at.toString())
                    .putObject("input")
                    .put("force", each.force);
        var answered =
                calls.post("/api/v1/endpoints/press/replay", body).expect(200).path("predictions");
        var truths = Json.array();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i).truth.isEmpty()) continue;
            var id = answered.path(i).path("id").asString("");
            truths.addObject()
                    .put("id", "t-" + id)
                    .put("prediction", id)
                    .put("truth", batch.get(i).truth);
        }
        if (truths.isEmpty()) return;
        calls.call("POST", "/api/v1/feedback", "application/json", Json.write(truths))
                .expect(200, 201);
    }

    // ---- what the log holds

    /// In the order of the log, in lists that a call takes.
    private static List<List<Sent>> logged(int port) throws IOException, InterruptedException {
        var truths = new HashMap<String, String>();
        for (var line : lines(port, "type=feedback"))
            truths.putIfAbsent(
                    line.path("prediction").asString(""), line.path("truth").asString(""));
        var batches = new ArrayList<List<Sent>>();
        for (var line : lines(port, "endpoint=press")) {
            if (!line.path("type").asString("").equals("prediction")) continue;
            if (batches.isEmpty() || batches.getLast().size() == ROWS)
                batches.add(new ArrayList<>());
            batches.getLast()
                    .add(
                            new Sent(
                                    Instant.parse(line.path("event-time").asString("")),
                                    line.at("/input/force").asDouble(),
                                    truths.getOrDefault(line.path("id").asString(""), "")));
        }
        return batches;
    }

    private static List<JsonNode> lines(int port, String what)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port + "/api/v1/log?limit=1000000&" + what);
        try (var http = HttpClient.newHttpClient()) {
            var said =
                    http.send(
                            HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofLines());
            return said.body()
                    .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT))
                    .toList();
        }
    }

    // ---- what the windows hold

    private static List<Target> compared(
            Place place,
            int kills,
            List<List<Sent>> log,
            ReviewCalls killed,
            ReviewCalls undisturbed)
            throws InterruptedException {
        long rows = 0;
        long truths = 0;
        for (var batch : log)
            for (var each : batch) {
                rows++;
                if (!each.truth.isEmpty()) truths++;
            }
        for (var calls : List.of(killed, undisturbed)) awaitCounted(calls, rows, truths);
        long windows = 0;
        long other = 0;
        for (var watch : WATCHED) {
            var here = windows(killed, watch);
            var there = windows(undisturbed, watch);
            windows += there.size();
            if (!here.keySet().equals(there.keySet())) other++;
            for (var each : there.entrySet())
                if (!same(here.getOrDefault(each.getKey(), Json.object()), each.getValue()))
                    other++;
        }
        long rang = awaitRang(killed);
        var table = new Table("what", "");
        table.row("kills", kills);
        table.row("predictions in the log", rows);
        table.row("truths in the log", truths);
        table.row("figures of windows compared", windows);
        table.row("other than in the undisturbed replay", other);
        table.row("alarms of the one thing that changed", rang);
        place.out().println(table);
        return List.of(
                Target.atMost("figures of windows that the kills changed", (double) other, 0),
                Target.atLeast("figures of windows compared", (double) windows, 100),
                Target.atMost("alarms of the one thing that changed", (double) rang, 1));
    }

    private static boolean same(JsonNode one, JsonNode other) {
        double value = one.path("value").asDouble(Double.NaN);
        double is = other.path("value").asDouble(Double.NaN);
        // Sums of parts may differ in their last digit from the sum of all.
        return one.path("rows").asLong() == other.path("rows").asLong()
                && (Double.isNaN(value) ? Double.isNaN(is) : Math.abs(value - is) < 1e-9);
    }

    private static void awaitCounted(ReviewCalls calls, long rows, long truths)
            throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        long counted = 0;
        long known = 0;
        while (System.nanoTime() < until) {
            counted = 0;
            for (var each : windows(calls, "requests").values())
                counted += each.path("value").asLong();
            known = 0;
            for (var each : windows(calls, "quality.accuracy").values())
                known += each.path("rows").asLong();
            if (counted >= rows && known >= truths) return;
            Thread.sleep(POLL);
        }
        throw new Unmeasurable(
                "After %s the windows hold %,d of %,d predictions and %,d of %,d truths."
                        .formatted(PATIENCE, counted, rows, known, truths));
    }

    private static long awaitRang(ReviewCalls calls) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            long rang = 0;
            for (var alarm :
                    calls.insist("/api/v1/alarms?endpoint=press").expect(200).path("alarms"))
                if (alarm.path("watch").asString("").equals("input.force")) rang++;
            if (rang > 0) return rang;
            Thread.sleep(POLL);
        }
        throw new Unmeasurable("What became heavier did not ring.");
    }

    private static Map<Instant, JsonNode> windows(ReviewCalls calls, String watch)
            throws InterruptedException {
        var windows = new TreeMap<Instant, JsonNode>();
        for (var window :
                calls.insist("/api/v1/endpoints/press/metric?from=" + BEGIN + "&watch=" + watch)
                        .expect(200)
                        .path("windows"))
            windows.put(Instant.parse(window.path("from").asString("")), window);
        return windows;
    }
}
