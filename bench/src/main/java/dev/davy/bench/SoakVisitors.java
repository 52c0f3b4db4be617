package dev.davy.bench;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// People and programs that look: at all pages in turn, at single predictions, and at the archive,
/// over HTTP and with `davy query`.
final class SoakVisitors {
    private static final String ENDPOINT = "/endpoints/" + SoakModels.NAME;
    private static final String JUDGED = "/endpoints/" + SoakModels.JUDGED;
    private static final List<String> PAGES =
            List.of(
                    "/",
                    ENDPOINT,
                    ENDPOINT + "?last=1h",
                    ENDPOINT + "/series?last=1h",
                    ENDPOINT + "/rollout",
                    ENDPOINT + "/diff?with=soak/2&since=10m",
                    ENDPOINT + "/monitoring",
                    ENDPOINT + "/metric?watch=errors",
                    ENDPOINT + "/automation",
                    ENDPOINT + "/predictions?from=FROM&to=TO",
                    JUDGED,
                    JUDGED + "/automation",
                    "/review",
                    "/review/" + SoakModels.JUDGED,
                    "/models",
                    "/models/" + SoakModels.NAME,
                    "/models/pushed",
                    "/jobs",
                    "/login",
                    "/metrics",
                    "/api/v1/endpoints",
                    "/api/v1/alarms",
                    "/api/v1/rollouts",
                    "/api/v1/reviews?state=open&limit=50",
                    "/api/v1/events?limit=50",
                    "/api/v1/log/status",
                    "/api/v1" + ENDPOINT + "/monitoring",
                    "/v2/health/ready",
                    "/v2/models/" + SoakModels.NAME);

    private static final String COUNT = "select count(*) from predictions";
    private static final Duration CLI_PATIENCE = Duration.ofMinutes(1);

    private final Place place;
    private final Whereabouts where;
    private final Tally tally;
    private final SoakRecent recent;
    private long counted;

    SoakVisitors(Place place, Whereabouts where, Tally tally, SoakRecent recent) {
        this.place = place;
        this.where = where;
        this.tally = tally;
        this.recent = recent;
    }

    /// @param pages between two pages; queries are rarer, and the command rarer still
    void start(Crew crew, Duration pages) {
        var visitor = new Client(where::port, tally.of("pages"));
        crew.start(
                "pages",
                () -> {
                    var at = new int[1];
                    where.every(pages, () -> page(visitor, PAGES.get(at[0]++ % PAGES.size())));
                    visitor.close();
                });
        var asker = new Client(where::port, tally.of("single predictions"));
        crew.start(
                "single predictions",
                () -> {
                    where.every(pages, () -> single(asker));
                    asker.close();
                });
        var analyst = new Client(where::port, tally.of("queries"));
        crew.start(
                "queries",
                () -> {
                    where.every(pages.multipliedBy(12), () -> query(analyst));
                    analyst.close();
                });
        crew.start("davy query", () -> where.every(pages.multipliedBy(120), this::command));
    }

    private void page(Client client, String path) {
        try {
            var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            var from = now.minus(Duration.ofMinutes(5));
            var reply = client.get(path.replace("FROM", "" + from).replace("TO", "" + now));
            if (reply.status() >= 500) return;
            // Before the first rollout there is none to look at.
            if (reply.status() == 404 && path.endsWith("/rollout")) return;
            if (reply.status() != 200 || reply.body().length == 0)
                tally.wrong("pages", path + " says " + reply.status() + " " + reply.text());
        } catch (IOException broken) {
            // Whoever witnessed it has counted it.
        }
    }

    /// What was acknowledged is there at once, whatever happened since.
    private void single(Client client) {
        var id = recent.any();
        if (id.isEmpty()) return;
        try {
            var reply = client.get("/api/v1/predictions/" + id.get());
            if (reply.status() >= 500) return;
            var said = reply.status() == 200 ? Json.read(reply.body(), Limits.DEFAULT) : null;
            if (said == null || !said.path("id").asString("").equals(id.get().toString()))
                tally.wrong("single predictions", id.get() + " says " + reply.text());
        } catch (IOException broken) {
            // Whoever witnessed it has counted it.
        }
    }

    private void query(Client client) {
        try {
            var body = Json.write(Json.object().put("sql", COUNT));
            var reply = client.post("/api/v1/query", "application/json", body);
            if (reply.status() >= 500) return;
            if (reply.status() != 200) tally.wrong("queries", reply.text());
            else counted(Json.read(reply.body(), Limits.DEFAULT).at("/rows/0/0").asLong());
        } catch (IOException broken) {
            // Whoever witnessed it has counted it.
        }
    }

    /// What the archive has once held does not become less.
    private void counted(long rows) {
        if (rows < counted)
            tally.wrong("queries", rows + " predictions, after there had been " + counted);
        counted = Math.max(counted, rows);
    }

    private void command() throws InterruptedException {
        long asked = System.nanoTime();
        int port = where.port();
        if (port == 0) return;
        try {
            var command = Candidate.Davy.cli(place, port, "query", COUNT);
            var builder = new ProcessBuilder(command.words()).redirectErrorStream(true);
            builder.environment().putAll(command.environment());
            var output = place.work().resolve("query.output").toFile();
            var process = builder.redirectOutput(output).start();
            boolean ended = process.waitFor(CLI_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended) process.destroyForcibly();
            if (ended && process.exitValue() == 0) tally.answered("davy query");
            else
                tally.failed(
                        "davy query", Files.readString(output.toPath()), asked, System.nanoTime());
        } catch (IOException broken) {
            tally.failed("davy query", String.valueOf(broken), asked, System.nanoTime());
        }
    }
}
