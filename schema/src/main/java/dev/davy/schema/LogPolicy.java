package dev.davy.schema;

import java.util.Locale;

/// How a column goes into the prediction log: as it is, as a hash only, or not at all.
public enum LogPolicy {
    /// As it is.
    KEEP,
    /// As a hash: equal values stay equal, the value itself can't be read.
    HASH,
    /// Not at all: the log doesn't even say that it was there.
    NEVER;

    /// The policy as it is written in JSON and YAML, `hash` for instance.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
