package dev.davy.jobs;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// A job that is asked for anew every night.
///
/// @param name its own
/// @param at which time of the day
/// @param zone whose day
/// @param who asked for it: in the jobs' names it goes on
/// @param next when it is due
/// @param last the job that it was last
public record Schedule(
        String name,
        String kind,
        JsonNode arguments,
        int node,
        LocalTime at,
        ZoneId zone,
        String who,
        Instant next,
        Optional<UUID> last) {

    /// When the clock of that zone next shows this time, after a moment.
    ///
    /// Where summer time skips it, as much later as the clock jumps; where it comes twice, the
    /// first.
    static Instant after(Instant moment, LocalTime at, ZoneId zone) {
        var local = moment.atZone(zone);
        for (long days = 0; ; days++) {
            var next = local.toLocalDate().plusDays(days).atTime(at).atZone(zone).toInstant();
            if (next.isAfter(moment)) return next;
        }
    }
}
