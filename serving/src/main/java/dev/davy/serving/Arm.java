package dev.davy.serving;

import dev.davy.strict.Problem;
import java.util.Locale;

/// A role in an endpoint, what stands behind it, and the share of keys it answers.
///
/// @param program what answers, loaded and warm
/// @param buckets how many of [Assignment#BUCKETS] it answers
/// @param shadow the share of live requests, from 0 to 1, that it answers into the log only
/// @param isolated whether its models were loaded into child processes, as a candidate's are
public record Arm(Role role, Program program, int buckets, double shadow, boolean isolated) {

    /// The log holds the ordinal: new roles are added at the end.
    public enum Role {
        LIVE,
        CANDIDATE,
        SHADOW,
        /// The arm that was live before, still warm.
        KEPT;

        /// The role of a word.
        ///
        /// @throws Problem MALFORMED `arm-unknown`
        public static Role of(String word) {
            for (var role : values()) if (role.word().equals(word)) return role;
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "arm-unknown",
                    "The arm that is asked for names no role.",
                    "The roles are live, candidate, shadow and kept.",
                    "Name one, or leave it out.");
        }

        /// The word in answers and in the log's export.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Arm {
        if (buckets < 0 || buckets > Assignment.BUCKETS)
            throw new IllegalArgumentException(
                    "buckets is " + buckets + "; it must be from 0 to " + Assignment.BUCKETS);
    }

    /// Answers all that nobody else does.
    static Arm live(Program program, int buckets, boolean isolated) {
        return new Arm(Role.LIVE, program, buckets, 0, isolated);
    }

    /// Stays warm, and answers nothing.
    static Arm kept(Program program) {
        return new Arm(Role.KEPT, program, 0, 0, false);
    }
}
