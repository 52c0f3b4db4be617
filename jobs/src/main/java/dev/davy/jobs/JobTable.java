package dev.davy.jobs;

import dev.davy.jobs.Job.Failure;
import dev.davy.jobs.Job.Line;
import dev.davy.jobs.Job.Progress;
import dev.davy.jobs.Job.State;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The tables of jobs, and nothing but SQL. Times are microseconds since 1970, 0 for none.
final class JobTable {
    private static final String COLUMNS =
            "id, kind, about, arguments, state, node, done, total, unit, reached, result, failure,"
                    + " attempts, interruptions, started_done, who, created_at, started_at, ended_at";

    /// After all ids that begin with a digit or a to f.
    private static final String NEWEST = "g";

    private JobTable() {}

    static void insert(Handle handle, Job job) {
        bound(
                        handle,
                        "INSERT INTO jobs ("
                                + COLUMNS
                                + ") VALUES (:id, :kind, :about, :arguments, :state, :node, :done,"
                                + " :total, :unit, :reached, :result, :failure, :attempts,"
                                + " :interruptions, :startedDone, :who, :created, :started,"
                                + " :ended)",
                        job)
                .bind("kind", job.kind())
                .bind("about", job.about())
                .bind("arguments", Json.text(job.arguments()))
                .bind("node", job.node())
                .bind("who", job.who())
                .bind("created", micros(job.created()))
                .execute();
    }

    /// Everything of it that changes.
    static void update(Handle handle, Job job) {
        bound(
                        handle,
                        "UPDATE jobs SET state = :state, done = :done, total = :total, unit ="
                                + " :unit, reached = :reached, result = :result, failure = :failure,"
                                + " attempts = :attempts, interruptions = :interruptions, started_done"
                                + " = :startedDone, started_at = :started, ended_at = :ended WHERE id ="
                                + " :id",
                        job)
                .execute();
    }

    private static org.jdbi.v3.core.statement.Update bound(Handle handle, String sql, Job job) {
        return handle.createUpdate(sql)
                .bind("id", job.id().toString())
                .bind("state", job.state().name())
                .bind("done", job.progress().done())
                .bind("total", job.progress().total())
                .bind("unit", job.progress().unit())
                .bind("reached", job.reached().map(Json::text).orElse(""))
                .bind("result", job.result().map(Json::text).orElse(""))
                .bind("failure", job.failure().map(JobJson::failure).map(Json::text).orElse(""))
                .bind("attempts", job.attempts())
                .bind("interruptions", job.interruptions())
                .bind("startedDone", job.startedDone())
                .bind("started", job.started().map(JobTable::micros).orElse(0L))
                .bind("ended", job.ended().map(JobTable::micros).orElse(0L));
    }

    static void progress(Handle handle, UUID id, Progress progress) {
        handle.execute(
                "UPDATE jobs SET done = ?, total = ?, unit = ? WHERE id = ?",
                progress.done(),
                progress.total(),
                progress.unit(),
                id.toString());
    }

    static void reached(Handle handle, UUID id, JsonNode from, Progress progress) {
        progress(handle, id, progress);
        handle.execute("UPDATE jobs SET reached = ? WHERE id = ?", Json.text(from), id.toString());
    }

    static Optional<Job> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM jobs WHERE id = :id")
                .bind("id", id.toString())
                .map((row, _) -> job(row))
                .findOne();
    }

    /// The jobs of a kind that have a result.
    static List<UUID> withResult(Handle handle, String kind) {
        return handle.createQuery("SELECT id FROM jobs WHERE kind = :kind AND result <> ''")
                .bind("kind", kind)
                .map((row, _) -> UUID.fromString(row.getString("id")))
                .list();
    }

    static void result(Handle handle, UUID id, JsonNode result) {
        handle.execute("UPDATE jobs SET result = ? WHERE id = ?", Json.text(result), id.toString());
    }

    /// Newest first.
    static List<Job> list(
            Handle handle,
            Optional<State> state,
            Optional<String> kind,
            Optional<UUID> before,
            int limit) {
        return handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM jobs WHERE (state = :state OR :anyState)"
                                + " AND (kind = :kind OR :anyKind) AND id < :before"
                                + " ORDER BY id DESC LIMIT :limit")
                .bind("state", state.map(State::name).orElse(""))
                .bind("anyState", state.isEmpty())
                .bind("kind", kind.orElse(""))
                .bind("anyKind", kind.isEmpty())
                .bind("before", before.map(UUID::toString).orElse(NEWEST))
                .bind("limit", limit)
                .map((row, _) -> job(row))
                .list();
    }

    /// A node's jobs in a state, oldest first.
    static List<Job> inState(Handle handle, State state, int node, int limit) {
        return handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM jobs WHERE state = :state AND node = :node"
                                + " ORDER BY id LIMIT :limit")
                .bind("state", state.name())
                .bind("node", node)
                .bind("limit", limit)
                .map((row, _) -> job(row))
                .list();
    }

    static long count(Handle handle, State state, int node) {
        return handle.createQuery("SELECT COUNT(*) FROM jobs WHERE state = :state AND node = :node")
                .bind("state", state.name())
                .bind("node", node)
                .mapTo(Long.class)
                .one();
    }

    /// A node's jobs that ended before.
    static List<Job> endedBefore(Handle handle, Instant end, int node) {
        return handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM jobs WHERE ended_at > 0 AND ended_at < :end"
                                + " AND node = :node ORDER BY id LIMIT 1000")
                .bind("end", micros(end))
                .bind("node", node)
                .map((row, _) -> job(row))
                .list();
    }

    /// @return whether it was there
    static boolean delete(Handle handle, UUID id) {
        handle.execute("DELETE FROM job_log WHERE job = ?", id.toString());
        return handle.execute("DELETE FROM jobs WHERE id = ?", id.toString()) > 0;
    }

    static long lastLine(Handle handle, UUID job) {
        return handle.createQuery("SELECT COALESCE(MAX(number), 0) FROM job_log WHERE job = :job")
                .bind("job", job.toString())
                .mapTo(Long.class)
                .one();
    }

    static void line(Handle handle, UUID job, Line line) {
        handle.execute(
                "INSERT INTO job_log (job, number, at, text) VALUES (?, ?, ?, ?)",
                job.toString(),
                line.number(),
                micros(line.at()),
                line.text());
    }

    static List<Line> lines(Handle handle, UUID job, long after, int limit) {
        return handle.createQuery(
                        "SELECT number, at, text FROM job_log WHERE job = :job AND number > :after"
                                + " ORDER BY number LIMIT :limit")
                .bind("job", job.toString())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) ->
                        new Line(
                                row.getLong("number"),
                                instant(row.getLong("at")),
                                row.getString("text")))
                .list();
    }

    static void put(Handle handle, Schedule schedule) {
        handle.execute("DELETE FROM job_schedules WHERE name = ?", schedule.name());
        handle.execute(
                "INSERT INTO job_schedules (name, kind, arguments, node, at_time, zone, who,"
                        + " next_at, last_job) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                schedule.name(),
                schedule.kind(),
                Json.text(schedule.arguments()),
                schedule.node(),
                schedule.at().toString(),
                schedule.zone().getId(),
                schedule.who(),
                micros(schedule.next()),
                schedule.last().map(UUID::toString).orElse(""));
    }

    static boolean drop(Handle handle, String name) {
        return handle.execute("DELETE FROM job_schedules WHERE name = ?", name) > 0;
    }

    static List<Schedule> schedules(Handle handle) {
        var all =
                handle.createQuery(
                                "SELECT name, kind, arguments, node, at_time, zone, who, next_at,"
                                        + " last_job FROM job_schedules")
                        .map((row, _) -> schedule(row))
                        .list();
        var sorted = new ArrayList<>(all);
        sorted.sort(java.util.Comparator.comparing(Schedule::name));
        return sorted;
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        return new Schedule(
                row.getString("name"),
                row.getString("kind"),
                json(row.getString("arguments")),
                row.getInt("node"),
                LocalTime.parse(row.getString("at_time")),
                ZoneId.of(row.getString("zone")),
                row.getString("who"),
                instant(row.getLong("next_at")),
                some(row.getString("last_job")).map(UUID::fromString));
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(
                UUID.fromString(row.getString("id")),
                row.getString("kind"),
                row.getString("about"),
                json(row.getString("arguments")),
                State.valueOf(row.getString("state")),
                row.getInt("node"),
                new Progress(row.getLong("done"), row.getLong("total"), row.getString("unit")),
                some(row.getString("reached")).map(JobTable::json),
                some(row.getString("result")).map(JobTable::json),
                some(row.getString("failure")).map(JobTable::json).map(JobTable::failure),
                row.getInt("attempts"),
                row.getInt("interruptions"),
                row.getLong("started_done"),
                row.getString("who"),
                instant(row.getLong("created_at")),
                time(row.getLong("started_at")),
                time(row.getLong("ended_at")));
    }

    private static Failure failure(JsonNode json) {
        var why = new ArrayList<String>();
        json.path("why").forEach(each -> why.add(each.asString()));
        return new Failure(
                json.path("code").asString(),
                json.path("what").asString(),
                why,
                json.path("todo").asString());
    }

    private static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static Optional<Instant> time(long micros) {
        return micros == 0 ? Optional.empty() : Optional.of(instant(micros));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
