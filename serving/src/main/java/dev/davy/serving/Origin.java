package dev.davy.serving;

import java.util.Locale;

/// Where a prediction came from. Monitors and guards read `LIVE` unless told otherwise.
///
/// The log holds the ordinal: new origins are added at the end.
public enum Origin {
    /// A caller asked this server.
    LIVE,
    /// A batch job asked.
    BATCH,
    /// Logged traffic sent again.
    REPLAY,
    /// A rollout tried out on a copy of the traffic.
    REHEARSAL,
    /// Served elsewhere and reported to us.
    EXTERNAL,
    /// Answered on a device and reported later.
    EDGE;

    /// The word in JSON: the name in lower case.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
