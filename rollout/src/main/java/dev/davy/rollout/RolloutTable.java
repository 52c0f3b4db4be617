package dev.davy.rollout;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The tables of rollouts, and nothing but SQL. Times are microseconds since 1970.
final class RolloutTable {
    private RolloutTable() {}

    /// A moment, and what the guards said then.
    record Look(Instant at, JsonNode body) {}

    /// Whether it is new or not.
    static void put(Handle handle, Course course) {
        handle.execute("DELETE FROM rollouts WHERE id = ?", course.id().toString());
        handle.createUpdate(
                        "INSERT INTO rollouts (id, endpoint, live, candidate, settings, policy, state,"
                                + " history, eras, revision, is_over, created_at) VALUES (:id,"
                                + " :endpoint, :live, :candidate, :settings, :policy, :state,"
                                + " :history, :eras, :revision, :over, :created)")
                .bind("id", course.id().toString())
                .bind("endpoint", course.endpoint())
                .bind("live", text(course.live()))
                .bind("candidate", text(course.candidate()))
                .bind("settings", Json.text(PolicyJson.settings(course.settings())))
                .bind("policy", Json.text(PolicyJson.policy(course.rollout().policy())))
                .bind("state", Json.text(PolicyJson.state(course.rollout().state())))
                .bind("history", Json.text(PolicyJson.history(course.rollout().history())))
                .bind("eras", Json.text(PolicyJson.eras(course.eras())))
                .bind("revision", course.rollout().revision())
                .bind("over", course.rollout().over() ? 1 : 0)
                .bind("created", micros(course.created()))
                .execute();
    }

    private static String text(Object versions) {
        return Json.text(Json.tree(versions));
    }

    static List<Course> running(Handle handle) {
        return handle.createQuery("SELECT * FROM rollouts WHERE is_over = 0 ORDER BY id")
                .map((row, _) -> course(row))
                .list();
    }

    /// Newest first.
    static List<Course> list(Handle handle, Optional<String> endpoint, int limit) {
        return handle.createQuery(
                        "SELECT * FROM rollouts WHERE (endpoint = :endpoint OR :any)"
                                + " ORDER BY id DESC LIMIT :limit")
                .bind("endpoint", endpoint.orElse(""))
                .bind("any", endpoint.isEmpty())
                .bind("limit", limit)
                .map((row, _) -> course(row))
                .list();
    }

    static void putEvidence(Handle handle, UUID rollout, int node, byte[] body) {
        handle.execute(
                "DELETE FROM rollout_evidence WHERE rollout = ? AND node = ?",
                rollout.toString(),
                node);
        handle.execute(
                "INSERT INTO rollout_evidence (rollout, node, body) VALUES (?, ?, ?)",
                rollout.toString(),
                node,
                body);
    }

    static Optional<byte[]> evidence(Handle handle, UUID rollout, int node) {
        return handle.select(
                        "SELECT body FROM rollout_evidence WHERE rollout = ? AND node = ?",
                        rollout.toString(),
                        node)
                .mapTo(byte[].class)
                .findOne();
    }

    static void look(Handle handle, UUID rollout, Instant at, JsonNode body) {
        handle.execute(
                "DELETE FROM rollout_looks WHERE rollout = ? AND at = ?",
                rollout.toString(),
                micros(at));
        handle.execute(
                "INSERT INTO rollout_looks (rollout, at, body) VALUES (?, ?, ?)",
                rollout.toString(),
                micros(at),
                Json.text(body));
    }

    /// Oldest first.
    static List<Look> looks(Handle handle, UUID rollout, int limit) {
        return handle.createQuery(
                        "SELECT at, body FROM rollout_looks WHERE rollout = :rollout ORDER BY at"
                                + " LIMIT :limit")
                .bind("rollout", rollout.toString())
                .bind("limit", limit)
                .map((row, _) -> new Look(instant(row.getLong("at")), json(row.getString("body"))))
                .list();
    }

    private static Course course(ResultSet row) throws SQLException {
        var live = PolicyJson.versions(json(row.getString("live")));
        var candidate = PolicyJson.versions(json(row.getString("candidate")));
        return new Course(
                UUID.fromString(row.getString("id")),
                new Rollout(
                        row.getString("endpoint"),
                        Course.said(live),
                        Course.said(candidate),
                        PolicyJson.policy(json(row.getString("policy"))),
                        PolicyJson.state(json(row.getString("state"))),
                        row.getInt("revision"),
                        PolicyJson.history(json(row.getString("history")))),
                live,
                candidate,
                PolicyJson.settings(json(row.getString("settings"))),
                PolicyJson.eras(json(row.getString("eras"))),
                instant(row.getLong("created_at")));
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
