package dev.davy.monitoring;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;

/// The SQL of what monitors said, and how often.
final class SaidTable {
    private SaidTable() {}

    /// One more window that a monitor judged.
    ///
    /// @param rang whether an alarm began to ring by it
    static void put(
            Handle handle, String endpoint, Instant start, Verdicts.Verdict verdict, boolean rang) {
        var judgement = verdict.judgement();
        boolean bad = judgement instanceof Judgement.Bad;
        long at = start.getEpochSecond();
        handle.execute(
                """
                INSERT INTO monitor_states
                (endpoint, monitor, start, verdict, value, why, judged, bad, alarms, first_judged,
                last_bad, last_alarm, nanos) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (endpoint, monitor) DO UPDATE SET
                start = excluded.start, verdict = excluded.verdict, value = excluded.value,
                why = excluded.why, judged = monitor_states.judged + 1,
                bad = monitor_states.bad + excluded.bad,
                alarms = monitor_states.alarms + excluded.alarms,
                first_judged = COALESCE(monitor_states.first_judged, excluded.first_judged),
                last_bad = COALESCE(excluded.last_bad, monitor_states.last_bad),
                last_alarm = COALESCE(excluded.last_alarm, monitor_states.last_alarm),
                nanos = COALESCE(monitor_states.nanos, 0) + excluded.nanos\
                """,
                endpoint,
                verdict.monitor().name(),
                at,
                word(judgement),
                AlarmTable.number(value(judgement)),
                why(judgement),
                bad ? 1 : 0,
                rang ? 1 : 0,
                at,
                bad ? at : null,
                rang ? at : null,
                verdict.nanos());
    }

    private static String word(Judgement judgement) {
        return switch (judgement) {
            case Judgement.Bad _ -> "bad";
            case Judgement.Fine _ -> "fine";
            case Judgement.TooEarly _ -> "early";
        };
    }

    private static OptionalDouble value(Judgement judgement) {
        return switch (judgement) {
            case Judgement.Bad bad -> bad.value();
            case Judgement.Fine(var value) -> value;
            case Judgement.TooEarly _ -> OptionalDouble.empty();
        };
    }

    private static String why(Judgement judgement) {
        return switch (judgement) {
            case Judgement.Bad bad -> bad.why();
            case Judgement.Fine _ -> "";
            case Judgement.TooEarly(var why) -> why;
        };
    }

    static List<Said> of(Handle handle, String endpoint) {
        return handle.select(
                        """
                        SELECT monitor, start, verdict, value, why, judged, bad, alarms,
                        first_judged, last_bad, last_alarm, nanos
                        FROM monitor_states WHERE endpoint = ? ORDER BY monitor\
                        """,
                        endpoint)
                .map((row, _) -> said(row))
                .list();
    }

    private static Said said(ResultSet row) throws SQLException {
        double value = row.getDouble("value");
        boolean none = row.wasNull();
        return new Said(
                row.getString("monitor"),
                Instant.ofEpochSecond(row.getLong("start")),
                row.getString("verdict"),
                none ? OptionalDouble.empty() : OptionalDouble.of(value),
                row.getString("why"),
                row.getLong("judged"),
                row.getLong("bad"),
                row.getLong("alarms"),
                at(row, "first_judged"),
                at(row, "last_bad"),
                at(row, "last_alarm"),
                row.getLong("nanos"));
    }

    private static Optional<Instant> at(ResultSet row, String column) throws SQLException {
        long seconds = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
    }
}
