package dev.davy.rollout;

import java.util.List;

/// A metric that may stop a rollout.
public sealed interface Guard {
    /// As the policy and the pages call it: `errors`, `quality.recall(scratch)`, `latency.p99`.
    String metric();

    /// The parts of the traffic that it is held on besides the whole, as `line=3`.
    List<String> slices();

    /// Whether it only tells and never stops.
    boolean observeOnly();

    /// The candidate's harm per request less live's: errors, missed cases, the share of a class.
    ///
    /// @param margin how much more is allowed, 0.005 for half a point
    /// @param most how many requests of an entity count in a step
    record Rate(String metric, double margin, int most, List<String> slices, boolean observeOnly)
            implements Guard {
        public Rate {
            slices = List.copyOf(slices);
            positive(metric, margin);
        }
    }

    /// A quantile of the candidate's latency less live's.
    ///
    /// @param level 0.99 for p99
    /// @param margin in milliseconds
    record Latency(
            String metric, double level, double margin, List<String> slices, boolean observeOnly)
            implements Guard {
        public Latency {
            slices = List.copyOf(slices);
            positive(metric, margin);
        }
    }

    /// Harm per request against a limit, where there is nothing to compare with.
    ///
    /// @param limit most that is allowed per request
    record Limit(String metric, double limit, int most, List<String> slices, boolean observeOnly)
            implements Guard {
        public Limit {
            slices = List.copyOf(slices);
            positive(metric, limit);
        }
    }

    /// What a shadow does worse than live on the same requests.
    record Pairs(String metric, double margin, int most, List<String> slices, boolean observeOnly)
            implements Guard {
        public Pairs {
            slices = List.copyOf(slices);
            positive(metric, margin);
        }
    }

    private static void positive(String metric, double margin) {
        // With none at all an equal candidate could never be told from a bad one.
        if (!(margin > 0) || Double.isInfinite(margin))
            throw new IllegalArgumentException(
                    "the margin of %s is %s; it must be above 0".formatted(metric, margin));
    }

    /// Errors, on the whole traffic.
    static Guard errors(double margin) {
        return new Rate("errors", margin, 5, List.of(), false);
    }
}
