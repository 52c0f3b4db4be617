package dev.davy.serving;

import java.util.Map;

/// A candidate beside the live arm of an endpoint. It runs in a child process.
///
/// @param versions by component, as `name/7`; components that are not named are as in the live arm
/// @param buckets how many of [Assignment#BUCKETS] it answers; 0: it is a shadow, or only loaded
/// @param shadow the share of live requests, from 0 to 1, that it answers too, into the log only
public record Beside(Map<String, String> versions, int buckets, double shadow) {
    public Beside {
        versions = Map.copyOf(versions);
        if (versions.isEmpty())
            throw new IllegalArgumentException("a candidate must have a version of its own");
        if (buckets < 0 || buckets > Assignment.BUCKETS)
            throw new IllegalArgumentException(
                    "buckets is " + buckets + "; it must be from 0 to " + Assignment.BUCKETS);
        if (!(shadow >= 0 && shadow <= 1))
            throw new IllegalArgumentException(
                    "shadow is " + shadow + "; it must be a share from 0 to 1");
    }
}
