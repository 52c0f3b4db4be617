package dev.davy.serving;

/// A role in an endpoint, what stands behind it, and the share of keys it answers.
///
/// @param program what answers, loaded and warm
/// @param buckets how many of [Assignment#BUCKETS] it answers
public record Arm(Role role, Program program, int buckets) {

    /// The log holds the ordinal: new roles are added at the end.
    public enum Role {
        LIVE,
        CANDIDATE,
        SHADOW,
        /// The arm that was live before, still warm.
        KEPT;

        /// The word in answers and in the log's export.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Arm {
        if (buckets < 0 || buckets > Assignment.BUCKETS)
            throw new IllegalArgumentException(
                    "buckets is " + buckets + "; it must be from 0 to " + Assignment.BUCKETS);
    }
}
