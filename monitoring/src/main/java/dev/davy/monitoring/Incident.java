package dev.davy.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;

/// What happened at an endpoint over a stretch of time, for those who were not there.
///
/// @param timeline what happened when, the first first
/// @param alarms that rang in it, the first first
/// @param moved columns that rang, each with then and now
/// @param health quality over the stretch, and the verdict
/// @param versions who answered, the most rows first
public record Incident(
        String endpoint,
        Instant from,
        Instant to,
        Instant made,
        List<Happened> timeline,
        List<Alarm> alarms,
        List<Shift> moved,
        Health health,
        List<Version> versions,
        Recall recall) {

    public Incident {
        timeline = List.copyOf(timeline);
        alarms = List.copyOf(alarms);
        moved = List.copyOf(moved);
        versions = List.copyOf(versions);
    }

    /// @param at of what was seen the time at which it happened, of what people did when they did
    ///   it
    /// @param who `davy` where nobody did it
    public record Happened(Instant at, String kind, String what, String who, String why) {}

    /// A column as it is normal and as it was while something rang.
    ///
    /// @param bars of numbers
    /// @param shares of texts, those that moved most first
    public record Shift(String watch, Side then, Side now, List<Bar> bars, List<Share> shares) {}

    /// @param missing share of the rows
    public record Side(
            Instant from,
            Instant to,
            long rows,
            OptionalDouble missing,
            OptionalDouble low,
            OptionalDouble median,
            OptionalDouble high) {}

    /// Shares of the rows between two numbers.
    public record Bar(double from, double to, double then, double now) {}

    public record Share(String value, double then, double now) {}

    /// @param arm `live loan/3`
    public record Version(String arm, long predictions) {}

    /// Predictions that were made while something rang.
    ///
    /// @param count how many there are in the archive
    /// @param ids the first of them
    public record Recall(List<Health.Stretch> stretches, long count, List<UUID> ids) {
        public static final Recall NOTHING = new Recall(List.of(), 0, List.of());

        public Recall {
            stretches = List.copyOf(stretches);
            ids = List.copyOf(ids);
        }
    }

    /// Finds predictions by their event time.
    public interface Finding {
        /// @param most ids at most; the count is of all
        Recall of(String endpoint, List<Health.Stretch> stretches, int most);
    }
}
