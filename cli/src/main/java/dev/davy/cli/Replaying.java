package dev.davy.cli;

import dev.davy.strict.Json;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Plays rows against an endpoint, each when its time has come, and tells their truth when its time
/// has: in rounds, the truths of each in a few calls at the same time, its rows in their order.
final class Replaying {
    /// Rows of one call, and how many calls make a round: little enough that Ctrl-C is heeded at
    /// once.
    private static final int ROWS = 250;

    private static final int CALLS = 4;

    /// A busy server is asked again so often, so long apart.
    private static final int AGAIN_MOST = 50;

    private static final Duration PAUSE = Duration.ofMillis(200);

    /// At the latest after so long it looks whether somebody wants it to stop.
    private static final Duration LOOK = Duration.ofMillis(200);

    /// What to play.
    ///
    /// @param truths of a file of their own, by key
    /// @param output which one truth is about; empty where there is but one
    /// @param whole whether these are all rows of the table, so that truth without one is an orphan
    /// @param speed seconds of then in a second of now; infinite: as fast as it goes
    record Plan(
            String endpoint,
            List<PastRow> rows,
            Map<String, JsonNode> truths,
            Delay delay,
            Optional<String> output,
            double speed,
            boolean whole) {}

    /// Truth that waits for its time.
    ///
    /// @param prediction empty: about an entity that no row was about
    private record Due(
            Instant at, int afterRow, Optional<String> prediction, String entity, JsonNode truth) {}

    private final Client client;
    private final Plan plan;
    private final Replayed so;
    private final ArrayDeque<Due> due = new ArrayDeque<>();
    private final HashSet<String> keys = new HashSet<>();
    private volatile boolean stop;
    private volatile int next;

    Replaying(Client client, Plan plan, Replayed so) {
        this.client = client;
        this.plan = plan;
        this.so = so;
    }

    /// The share of the rows that were sent.
    double done() {
        return plan.rows.isEmpty() ? 1 : (double) next / plan.rows.size();
    }

    /// What was begun is finished, nothing more is begun.
    void stop() {
        stop = true;
    }

    /// To the end, or until it is stopped.
    void run() throws InterruptedException {
        long began = System.nanoTime();
        try (var calls = Executors.newFixedThreadPool(CALLS, Thread.ofVirtual().factory())) {
            while (!stop && next < plan.rows.size()) round(calls, began);
            orphans();
            while (!stop && !due.isEmpty()) round(calls, began);
        } finally {
            so.nanos = System.nanoTime() - began;
            so.stopped = next < plan.rows.size() || !due.isEmpty();
        }
    }

    private void round(ExecutorService calls, long began) throws InterruptedException {
        int until = Math.min(next + CALLS * ROWS, ripe(began));
        var known = truths(until, began);
        if (until == next && known.isEmpty()) {
            Thread.sleep(LOOK);
            return;
        }
        var tasks = new ArrayList<Callable<JsonNode>>();
        for (int from = 0; from < known.size(); from += ROWS) {
            var some = known.subList(from, Math.min(from + ROWS, known.size()));
            tasks.add(() -> tell(some));
        }
        int tellings = tasks.size();
        var rows = plan.rows.subList(next, until);
        if (!rows.isEmpty()) tasks.add(() -> inOrder(rows));
        var answers = calls.invokeAll(tasks);
        for (int i = 0; i < tasks.size(); i++) {
            var answer = said(answers.get(i));
            if (i < tellings) told(answer, Math.min(ROWS, known.size() - i * ROWS));
            else next = asked(answer, next);
        }
    }

    private static JsonNode said(java.util.concurrent.Future<JsonNode> call)
            throws InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e);
        }
    }

    /// Up to which row their time has come.
    private int ripe(long began) {
        var rows = plan.rows;
        if (Double.isInfinite(plan.speed)) return rows.size();
        var now = now(began);
        int ripe = next;
        int most = Math.min(rows.size(), next + CALLS * ROWS);
        while (ripe < most && !rows.get(ripe).at().isAfter(now)) ripe++;
        return ripe;
    }

    private Instant now(long began) {
        double nanos = (System.nanoTime() - began) * plan.speed;
        return plan.rows
                .getFirst()
                .at()
                .plusSeconds((long) (nanos / 1e9))
                .plusNanos((long) (nanos % 1e9));
    }

    /// The truth that has come to be known when the rows before this one have been asked.
    private List<Due> truths(int until, long began) {
        var known = new ArrayList<Due>();
        boolean over = next == plan.rows.size();
        while (!due.isEmpty() && known.size() < CALLS * ROWS) {
            var first = due.getFirst();
            boolean ripe =
                    Double.isInfinite(plan.speed)
                            ? over || !first.at.isAfter(plan.rows.get(until - 1).at())
                            : !first.at.isAfter(now(began));
            if (!(ripe && (over || first.afterRow <= until))) break;
            known.add(due.removeFirst());
        }
        return known;
    }

    // ---- asking

    /// Call by call: side by side, rows of a later window could come before those of an earlier
    /// one, which would then be judged without them.
    private JsonNode inOrder(List<PastRow> rows) throws InterruptedException {
        var predictions = Json.array();
        for (int from = 0; from < rows.size(); from += ROWS)
            for (var each : ask(rows.subList(from, Math.min(from + ROWS, rows.size()))))
                predictions.add(each);
        return predictions;
    }

    private JsonNode ask(List<PastRow> rows) throws InterruptedException {
        var path = "/api/v1/endpoints/" + Client.encoded(plan.endpoint) + "/replay";
        var predictions = Json.array();
        var answers = send(path, body(rows)).path("predictions");
        for (int i = 0; i < rows.size(); i++) {
            var answer = answers.path(i);
            for (int again = 0; isBusy(answer) && again < AGAIN_MOST && !stop; again++) {
                Thread.sleep(PAUSE);
                answer = send(path, body(rows.subList(i, i + 1))).path("predictions").path(0);
            }
            predictions.add(answer);
        }
        return predictions;
    }

    private static boolean isBusy(JsonNode answer) {
        return answer.path("refused").path("code").asString("").equals("too-busy");
    }

    private JsonNode send(String path, byte[] body) {
        return client.send("POST", path, "application/json", BodyPublishers.ofByteArray(body));
    }

    private static byte[] body(List<PastRow> rows) {
        var body = new ByteArrayOutputStream(rows.size() * 256);
        write(body, "{\"rows\":[");
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            write(body, (i > 0 ? "," : "") + "{\"at\":\"" + row.at() + "\"");
            if (row.what().entity().isPresent())
                write(body, ",\"entity\":" + Json.text(Json.tree(row.what().entity().get())));
            write(body, ",\"input\":");
            body.writeBytes(row.what().input());
            write(body, "}");
        }
        write(body, "]}");
        return body.toByteArray();
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @return the row after those
    private int asked(JsonNode answers, int from) {
        for (int i = 0; i < answers.size(); i++) {
            var row = plan.rows.get(from + i);
            so.rows++;
            if (so.first == null) so.first = row.at();
            so.last = row.at();
            var answer = answers.get(i);
            var refused = answer.path("refused");
            boolean good = refused.isMissingNode();
            if (good) so.answered++;
            else
                Replayed.count(
                        so.refused,
                        refused.path("code").asString(""),
                        "line " + row.line() + ": " + refused.path("why").asString(""));
            row.what().key().ifPresent(keys::add);
            var truth =
                    row.what().key().isPresent()
                            ? Optional.ofNullable(plan.truths.get(row.what().key().get()))
                            : row.what().truth();
            if (truth.isEmpty()) continue;
            if (good)
                due.add(
                        due(
                                row.at(),
                                from + i,
                                Optional.of(answer.path("id").asString("")),
                                "",
                                truth.get()));
            else so.lost++;
        }
        return from + answers.size();
    }

    private Due due(
            Instant at, int row, Optional<String> prediction, String entity, JsonNode truth) {
        return switch (plan.delay) {
            case Delay.After(var time) -> new Due(at.plus(time), 0, prediction, entity, truth);
            case Delay.Rows(int count) -> {
                long then = Math.min((long) row + count, plan.rows.size() - 1);
                // The row after which it is known says when that was.
                yield new Due(
                        plan.rows.get((int) then).at(), (int) then + 1, prediction, entity, truth);
            }
        };
    }

    /// Truth that no row was about came to be known at the end: the server keeps it, and nothing
    /// joins it.
    private void orphans() {
        if (plan.rows.isEmpty() || stop || !plan.whole) return;
        int end = plan.rows.size() - 1;
        plan.truths.forEach((key, truth) -> {
            if (keys.contains(key)) return;
            so.orphans++;
            due.add(due(plan.rows.get(end).at(), end, Optional.empty(), key, truth));
        });
    }

    // ---- telling

    private JsonNode tell(List<Due> truths) {
        var list = Json.array();
        for (var each : truths) list.add(json(each));
        return client.post("/api/v1/feedback", list);
    }

    private ObjectNode json(Due each) {
        var json = Json.object().put("id", UUID.randomUUID().toString());
        if (each.prediction.isPresent()) json.put("prediction", each.prediction.get());
        else json.put("endpoint", plan.endpoint).put("entity", each.entity);
        plan.output.ifPresent(name -> json.put("output", name));
        json.set("truth", each.truth);
        return json.put("at", each.at.toString()).put("source", "replay");
    }

    private void told(JsonNode answer, int count) {
        so.truths += count - answer.path("refused").size();
        for (var each : answer.path("refused"))
            Replayed.count(
                    so.truthRefused, each.path("code").asString(""), each.path("why").asString(""));
    }
}
