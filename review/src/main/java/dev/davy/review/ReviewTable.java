package dev.davy.review;

import dev.davy.serving.Micros;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The SQL of cases, judgements and leases.
final class ReviewTable {
    private ReviewTable() {}

    /// Keeps a case that is not there yet.
    static void add(Handle handle, Review review) {
        handle.execute(
                """
                INSERT INTO reviews (prediction, endpoint, version, slice, level, reason, state,
                created, due, escalate, escalated, priority, alone, asked, least, answer, confidence,
                detail, wanted, given, tie, truth, gold, decision, decided_by, decided_at, revision)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, NULL, ?, NULL,
                '', NULL, 0) ON CONFLICT (prediction) DO NOTHING\
                """,
                review.prediction().toString(),
                review.endpoint(),
                review.version(),
                review.slice(),
                review.level(),
                review.reason(),
                review.state().word(),
                Micros.of(review.created()),
                micros(review.due()),
                micros(review.escalate()),
                review.priority(),
                flag(review.alone()),
                review.asked(),
                review.least(),
                review.answer().isEmpty() ? "" : Json.text(review.answer()),
                number(review.confidence()),
                Json.text(review.detail()),
                review.wanted(),
                review.gold().map(Json::text).orElse(null));
    }

    /// Keeps where a case stands now.
    static void put(Handle handle, Review review) {
        handle.execute(
                """
                UPDATE reviews SET state = ?, wanted = ?, given = ?, tie = ?, gold = ?,
                decision = ?, decided_by = ?, decided_at = ?, revision = ? WHERE prediction = ?\
                """,
                review.state().word(),
                review.wanted(),
                review.given(),
                flag(review.isTie()),
                review.gold().map(Json::text).orElse(null),
                review.outcome().map(of -> Json.text(of.output())).orElse(null),
                review.outcome().map(Review.Outcome::by).orElse(""),
                review.outcome().map(of -> Micros.of(of.at())).orElse(null),
                review.revision(),
                review.prediction().toString());
    }

    static void putTruth(Handle handle, UUID prediction, JsonNode truth) {
        handle.execute(
                "UPDATE reviews SET truth = ? WHERE prediction = ?",
                Json.text(truth),
                prediction.toString());
    }

    static Optional<Review> get(Handle handle, UUID prediction) {
        return handle.select("SELECT * FROM reviews WHERE prediction = ?", prediction.toString())
                .map((row, _) -> review(row))
                .findOne();
    }

    /// What waits for this reviewer first: what they have before them already.
    static List<Review> leased(Handle handle, String endpoint, String reviewer, long now) {
        return handle.select(
                        """
                        SELECT r.* FROM reviews r JOIN review_leases l ON l.prediction = r.prediction
                        WHERE r.endpoint = ? AND l.reviewer = ? AND l.until >= ?
                        ORDER BY l.until, r.prediction\
                        """,
                        endpoint,
                        reviewer,
                        now)
                .map((row, _) -> review(row))
                .list();
    }

    /// The next open cases that nobody has before them whom they would be one too many for.
    static List<Review> waiting(
            Handle handle, String endpoint, String reviewer, long now, int most) {
        return handle.select(
                        """
                        SELECT r.* FROM reviews r WHERE r.endpoint = ? AND r.state = 'open'
                        AND r.given + (SELECT COUNT(*) FROM review_leases l
                          WHERE l.prediction = r.prediction AND l.until >= ?) < r.wanted
                        AND NOT EXISTS (SELECT 1 FROM review_judgements j
                          WHERE j.prediction = r.prediction AND j.reviewer = ? AND j.back = 0)
                        AND NOT EXISTS (SELECT 1 FROM review_skips s
                          WHERE s.prediction = r.prediction AND s.reviewer = ?)
                        AND NOT EXISTS (SELECT 1 FROM review_leases m
                          WHERE m.prediction = r.prediction AND m.reviewer = ? AND m.until >= ?)
                        ORDER BY r.escalated DESC, r.priority DESC, r.created, r.prediction LIMIT ?\
                        """,
                        endpoint,
                        now,
                        reviewer,
                        reviewer,
                        reviewer,
                        now,
                        most)
                .map((row, _) -> review(row))
                .list();
    }

    /// Cases with a known answer that this reviewer has not judged.
    static List<Review> gold(Handle handle, String endpoint, String reviewer, int most) {
        return handle.select(
                        """
                        SELECT r.* FROM reviews r WHERE r.endpoint = ? AND r.gold IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM review_judgements j
                          WHERE j.prediction = r.prediction AND j.reviewer = ? AND j.back = 0)
                        AND NOT EXISTS (SELECT 1 FROM review_skips s
                          WHERE s.prediction = r.prediction AND s.reviewer = ?)
                        AND NOT EXISTS (SELECT 1 FROM review_leases m
                          WHERE m.prediction = r.prediction AND m.reviewer = ?)
                        ORDER BY r.created, r.prediction LIMIT ?\
                        """,
                        endpoint,
                        reviewer,
                        reviewer,
                        reviewer,
                        most)
                .map((row, _) -> review(row))
                .list();
    }

    static List<Review> list(
            Handle handle, Optional<String> endpoint, Optional<Review.State> state, int limit) {
        return handle.select(
                        """
                        SELECT * FROM reviews WHERE (endpoint = ? OR ?) AND (state = ? OR ?)
                        ORDER BY created DESC, prediction DESC LIMIT ?\
                        """,
                        endpoint.orElse(""),
                        endpoint.isEmpty(),
                        state.map(Review.State::word).orElse(""),
                        state.isEmpty(),
                        limit)
                .map((row, _) -> review(row))
                .list();
    }

    /// The newest cases of an endpoint that people have decided, or whose truth is known; without
    /// their details.
    static List<Review> known(Handle handle, String endpoint, int limit) {
        return handle.select(
                        """
                        SELECT prediction, endpoint, version, slice, level, reason, state, created,
                        due, escalate, escalated, priority, alone, asked, least, answer, confidence,
                        '{}' AS detail, wanted, given, tie, truth, gold, decision, decided_by,
                        decided_at, revision
                        FROM reviews WHERE endpoint = ? AND (decision IS NOT NULL
                        OR truth IS NOT NULL OR gold IS NOT NULL)
                        ORDER BY created DESC, prediction DESC LIMIT ?\
                        """,
                        endpoint,
                        limit)
                .map((row, _) -> review(row))
                .list();
    }

    /// Grows with each word on an endpoint's cases.
    static long knownCount(Handle handle, String endpoint) {
        return handle.select(
                        """
                        SELECT COALESCE(SUM(revision), 0) + COUNT(truth) + 1000003 * COUNT(gold)
                        FROM reviews WHERE endpoint = ?\
                        """,
                        endpoint)
                .mapTo(Long.class)
                .one();
    }

    static List<Review> due(Handle handle, long now, int limit) {
        return handle.select(
                        """
                        SELECT * FROM reviews WHERE state = 'open' AND due IS NOT NULL AND due <= ?
                        ORDER BY due LIMIT ?\
                        """,
                        now,
                        limit)
                .map((row, _) -> review(row))
                .list();
    }

    /// @return how many went before all others now
    static int escalate(Handle handle, long now) {
        return handle.execute(
                """
                UPDATE reviews SET escalated = 1 WHERE state = 'open' AND escalated = 0
                AND escalate IS NOT NULL AND escalate <= ?\
                """,
                now);
    }

    /// How many are open, by endpoint.
    static Map<String, Integer> open(Handle handle) {
        var open = new HashMap<String, Integer>();
        handle.select(
                        "SELECT endpoint, COUNT(*) FROM reviews WHERE state = 'open' GROUP BY endpoint")
                .map((row, _) -> Map.entry(row.getString(1), row.getInt(2)))
                .forEach(each -> open.put(each.getKey(), each.getValue()));
        return open;
    }

    /// When the oldest open one came.
    static Optional<Instant> oldest(Handle handle, String endpoint) {
        return handle.select(
                        "SELECT MIN(created) FROM reviews WHERE endpoint = ? AND state = 'open'",
                        endpoint)
                .map((row, _) -> at(row, 1))
                .one();
    }

    static void lease(Handle handle, UUID prediction, String reviewer, long until) {
        handle.execute(
                """
                INSERT INTO review_leases (prediction, reviewer, until) VALUES (?, ?, ?)
                ON CONFLICT (prediction, reviewer) DO UPDATE SET until = excluded.until\
                """,
                prediction.toString(),
                reviewer,
                until);
    }

    static void release(Handle handle, UUID prediction, String reviewer) {
        handle.execute(
                "DELETE FROM review_leases WHERE prediction = ? AND reviewer = ?",
                prediction.toString(),
                reviewer);
    }

    static void forgetLeases(Handle handle, long now) {
        handle.execute("DELETE FROM review_leases WHERE until < ?", now);
    }

    static void skip(Handle handle, UUID prediction, String reviewer, String why, long now) {
        handle.execute(
                """
                INSERT INTO review_skips (prediction, reviewer, why, at) VALUES (?, ?, ?, ?)
                ON CONFLICT (prediction, reviewer) DO NOTHING\
                """,
                prediction.toString(),
                reviewer,
                why,
                now);
    }

    static void putJudgement(Handle handle, Judgement judgement) {
        handle.execute(
                """
                INSERT INTO review_judgements (prediction, reviewer, revision, answer, saw,
                instructions, seconds, at, told, back) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)
                ON CONFLICT (prediction, reviewer) DO UPDATE SET revision = excluded.revision,
                answer = excluded.answer, saw = excluded.saw, instructions = excluded.instructions,
                seconds = excluded.seconds, at = excluded.at, told = 0, back = 0\
                """,
                judgement.prediction().toString(),
                judgement.reviewer(),
                judgement.revision(),
                judgement.answer().map(Json::text).orElse(null),
                flag(judgement.saw()),
                judgement.instructions(),
                number(judgement.seconds()),
                Micros.of(judgement.at()));
    }

    /// How often a reviewer has said something of a case, what was taken back included.
    static int revision(Handle handle, UUID prediction, String reviewer) {
        return handle.select(
                        """
                        SELECT revision FROM review_judgements
                        WHERE prediction = ? AND reviewer = ?\
                        """,
                        prediction.toString(),
                        reviewer)
                .mapTo(Integer.class)
                .findOne()
                .orElse(0);
    }

    static void told(Handle handle, Judgement judgement) {
        handle.execute(
                """
                UPDATE review_judgements SET told = 1
                WHERE prediction = ? AND reviewer = ? AND revision = ?\
                """,
                judgement.prediction().toString(),
                judgement.reviewer(),
                judgement.revision());
    }

    /// What is not in the log yet, though it was said before this.
    static List<Judgement> untold(Handle handle, long before, int limit) {
        return handle.select(
                        """
                        SELECT * FROM review_judgements WHERE told = 0 AND back = 0 AND at < ?
                        ORDER BY at LIMIT ?\
                        """,
                        before,
                        limit)
                .map((row, _) -> judgement(row))
                .list();
    }

    static void takeBack(Handle handle, UUID prediction, String reviewer) {
        handle.execute(
                "UPDATE review_judgements SET back = 1 WHERE prediction = ? AND reviewer = ?",
                prediction.toString(),
                reviewer);
    }

    /// In the order in which they came.
    static List<Judgement> judgements(Handle handle, UUID prediction) {
        return handle.select(
                        """
                        SELECT * FROM review_judgements WHERE prediction = ? AND back = 0
                        ORDER BY at, reviewer\
                        """,
                        prediction.toString())
                .map((row, _) -> judgement(row))
                .list();
    }

    /// The newest of an endpoint.
    static List<Judgement> judgements(Handle handle, String endpoint, int limit) {
        return handle.select(
                        """
                        SELECT j.* FROM review_judgements j JOIN reviews r
                        ON r.prediction = j.prediction WHERE r.endpoint = ? AND j.back = 0
                        ORDER BY j.at DESC, j.prediction, j.reviewer LIMIT ?\
                        """,
                        endpoint,
                        limit)
                .map((row, _) -> judgement(row))
                .list();
    }

    static void erase(Handle handle, Collection<UUID> predictions) {
        for (var table : List.of("reviews", "review_judgements", "review_leases", "review_skips"))
            for (var id : predictions)
                handle.execute("DELETE FROM " + table + " WHERE prediction = ?", id.toString());
    }

    private static Review review(ResultSet row) throws SQLException {
        var answer = row.getString("answer");
        var decision = row.getString("decision");
        return new Review(
                UUID.fromString(row.getString("prediction")),
                row.getString("endpoint"),
                row.getString("version"),
                row.getString("slice"),
                row.getString("level"),
                row.getString("reason"),
                Review.State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                Micros.instant(row.getLong("created")),
                at(row, "due"),
                at(row, "escalate"),
                row.getLong("escalated") == 1,
                row.getDouble("priority"),
                row.getLong("alone") == 1,
                row.getDouble("asked"),
                row.getDouble("least"),
                answer.isEmpty() ? Json.object() : json(answer),
                number(row, "confidence"),
                json(row.getString("detail")),
                row.getInt("wanted"),
                row.getInt("given"),
                row.getLong("tie") == 1,
                Optional.ofNullable(row.getString("truth")).map(ReviewTable::json),
                Optional.ofNullable(row.getString("gold")).map(ReviewTable::json),
                decision == null
                        ? Optional.empty()
                        : Optional.of(
                                new Review.Outcome(
                                        json(decision),
                                        row.getString("decided_by"),
                                        Micros.instant(row.getLong("decided_at")))),
                row.getInt("revision"));
    }

    private static Judgement judgement(ResultSet row) throws SQLException {
        return new Judgement(
                UUID.fromString(row.getString("prediction")),
                row.getString("reviewer"),
                row.getInt("revision"),
                Optional.ofNullable(row.getString("answer")).map(ReviewTable::json),
                row.getLong("saw") == 1,
                row.getString("instructions"),
                number(row, "seconds"),
                Micros.instant(row.getLong("at")));
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static Optional<Instant> at(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Micros.instant(micros));
    }

    private static Optional<Instant> at(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Micros.instant(micros));
    }

    private static OptionalDouble number(ResultSet row, String column) throws SQLException {
        double number = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    private static @Nullable Long micros(Optional<Instant> at) {
        return at.map(Micros::of).orElse(null);
    }

    private static @Nullable Double number(OptionalDouble number) {
        return number.isPresent() && Double.isFinite(number.getAsDouble())
                ? (Double) number.getAsDouble()
                : null;
    }

    private static long flag(boolean is) {
        return is ? 1 : 0;
    }
}
