package dev.davy.rollout;

import java.time.Duration;

/// One step of a policy: how much traffic the candidate answers, and what must be over before the
/// next.
///
/// @param share between 0 and 1; 0 for a shadow, or a candidate that is only loaded
/// @param shadow whether the candidate answers beside live, into the log only
/// @param atLeast how long it takes at least
/// @param requests that the candidate must have been given at least
/// @param approve whether a person must say that it may go on from here
public record Stage(
        double share, boolean shadow, Duration atLeast, long requests, boolean approve) {
    public Stage {
        if (!(share >= 0 && share <= 1))
            throw new IllegalArgumentException("share is " + share + "; it is from 0 to 1");
        if (shadow && share != 0)
            throw new IllegalArgumentException(
                    "a shadow answers nobody, so its share is 0, not " + share);
        if (atLeast.isNegative() || requests < 0)
            throw new IllegalArgumentException(
                    "at least %s and %d requests".formatted(atLeast, requests));
    }

    public static Stage shadow(Duration atLeast) {
        return new Stage(0, true, atLeast, 0, false);
    }

    public static Stage percent(double percent, Duration atLeast, long requests) {
        return new Stage(percent / 100, false, atLeast, requests, false);
    }

    /// The same, with a person's approval before the next.
    public Stage approved() {
        return new Stage(share, shadow, atLeast, requests, true);
    }
}
