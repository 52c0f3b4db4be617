package dev.davy.review;

import dev.davy.serving.Micros;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The SQL of levels that were changed, and of thresholds.
final class AutomationTable {
    private AutomationTable() {}

    /// A level that is not as declared.
    ///
    /// @param slice a condition; empty: the endpoint's own
    /// @param declared what the declaration said when it was changed
    /// @param stepped whether an alarm did it
    record Changed(
            String endpoint,
            String slice,
            Level level,
            Level declared,
            String who,
            String why,
            Instant at,
            boolean stepped) {}

    static void put(Handle handle, Changed changed) {
        handle.execute(
                """
                INSERT INTO automation_levels
                (endpoint, slice, level, declared, who, why, at, stepped)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (endpoint, slice) DO UPDATE SET
                level = excluded.level, declared = excluded.declared, who = excluded.who,
                why = excluded.why, at = excluded.at, stepped = excluded.stepped\
                """,
                changed.endpoint(),
                changed.slice(),
                changed.level().word(),
                changed.declared().word(),
                changed.who(),
                changed.why(),
                Micros.of(changed.at()),
                changed.stepped() ? 1L : 0L);
    }

    static List<Changed> changed(Handle handle) {
        return handle.select("SELECT * FROM automation_levels")
                .map((row, _) ->
                        new Changed(
                                row.getString("endpoint"),
                                row.getString("slice"),
                                Level.of(row.getString("level")),
                                Level.of(row.getString("declared")),
                                row.getString("who"),
                                row.getString("why"),
                                Micros.instant(row.getLong("at")),
                                row.getLong("stepped") == 1))
                .list();
    }

    /// From which confidence a version decides alone.
    ///
    /// @param threshold empty: there is not enough evidence
    /// @param detail what it rests on
    record Chosen(
            String endpoint,
            String version,
            String slice,
            String target,
            OptionalDouble threshold,
            JsonNode detail,
            Instant at) {}

    static void put(Handle handle, Chosen chosen) {
        handle.execute(
                """
                INSERT INTO automation_thresholds
                (endpoint, version, slice, target, threshold, detail, at)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (endpoint, version, slice) DO UPDATE SET
                target = excluded.target, threshold = excluded.threshold,
                detail = excluded.detail, at = excluded.at\
                """,
                chosen.endpoint(),
                chosen.version(),
                chosen.slice(),
                chosen.target(),
                chosen.threshold().isPresent() ? (Double) chosen.threshold().getAsDouble() : null,
                Json.text(chosen.detail()),
                Micros.of(chosen.at()));
    }

    static List<Chosen> chosen(Handle handle) {
        return handle.select("SELECT * FROM automation_thresholds")
                .map((row, _) -> {
                    double threshold = row.getDouble("threshold");
                    boolean none = row.wasNull();
                    return new Chosen(
                            row.getString("endpoint"),
                            row.getString("version"),
                            row.getString("slice"),
                            row.getString("target"),
                            none ? OptionalDouble.empty() : OptionalDouble.of(threshold),
                            Json.read(
                                    row.getString("detail").getBytes(StandardCharsets.UTF_8),
                                    Limits.DEFAULT),
                            Micros.instant(row.getLong("at")));
                })
                .list();
    }
}
