package dev.davy.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A real table of the past, an endpoint whose model learnt on its first part, and what is known to
/// have changed later.
///
/// @param endpoint its name, and its model's
/// @param table what `davy replay` plays
/// @param replay what else it is told
/// @param model files of its bundle
/// @param declaration of the endpoint, in YAML
/// @param judged where what is normal ends: from then on alarms count
/// @param change when it changed; what rang before rang falsely
/// @param end of the table
/// @param what changed
/// @param expected what is to ring for the change, by what is watched
/// @param within so many windows; 0: the change comes by and by, and no window is promised
record PastSet(
        String title,
        String endpoint,
        Path table,
        List<String> replay,
        Map<String, byte[]> model,
        String declaration,
        Duration window,
        double falseAlarmsAMonth,
        Instant judged,
        Instant change,
        Instant end,
        String what,
        List<String> expected,
        int within) {
    PastSet {
        replay = List.copyOf(replay);
        model = Map.copyOf(model);
        expected = List.copyOf(expected);
        if (change.isBefore(judged))
            throw new IllegalArgumentException(
                    "%s changes at %s, before anything is judged at %s"
                            .formatted(title, change, judged));
    }

    /// In which window after the change one began that begins then: 1 is the one that holds it.
    /// Below 1: before.
    long windows(Instant since) {
        long late = Duration.between(change, since).toSeconds();
        return Math.ceilDiv(late, window.toSeconds()) + 1;
    }

    /// Windows between what is normal and the change.
    long quiet() {
        return Duration.between(judged, change).toSeconds() / window.toSeconds();
    }

    /// False alarms that are paid for in so many windows.
    double paid(long windows) {
        return falseAlarmsAMonth * windows * window.toSeconds() / Duration.ofDays(30).toSeconds();
    }
}
