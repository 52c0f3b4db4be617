package dev.davy.registry;

import java.time.Instant;

/// A name that points at one version of a model, and may be moved: `scratch@champion`.
///
/// @param revision grows by one with each move, so that a mover can say which state they saw
/// @param who moved it last
public record Alias(
        String model, String name, int version, long revision, Instant at, String who, String why) {
    public Alias {
        if (version < 1) throw new IllegalArgumentException("version is " + version);
        if (revision < 1) throw new IllegalArgumentException("revision is " + revision);
    }
}
