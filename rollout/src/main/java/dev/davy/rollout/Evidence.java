package dev.davy.rollout;

import dev.davy.stats.sequential.QuantileComparison.Times;
import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import java.util.List;
import java.util.Map;

/// What is known of a rollout so far.
///
/// @param requests that the candidate has been given in the stage that the rollout is at
/// @param seen of each guard, on the whole and on each slice; what is not there was not measured
///   yet
/// @param broken sources that ought to speak and don't, in words
public record Evidence(long requests, Map<Watched, Seen> seen, List<String> broken) {
    public static final Evidence NONE = new Evidence(0, Map.of(), List.of());

    public Evidence {
        seen = Map.copyOf(seen);
        broken = List.copyOf(broken);
        if (requests < 0) throw new IllegalArgumentException("requests is " + requests);
    }

    /// What was seen of one guard, in the order of time; of a kind that fits the guard.
    public sealed interface Seen {
        /// For [Guard.Rate].
        record Rates(List<Stretch> stretches) implements Seen {
            public Rates {
                stretches = List.copyOf(stretches);
            }
        }

        /// For [Guard.Latency].
        record Latencies(List<Times> times) implements Seen {
            public Latencies {
                times = List.copyOf(times);
            }
        }

        /// For [Guard.Limit] and [Guard.Pairs].
        record Tallies(List<Tally> tallies) implements Seen {
            public Tallies {
                tallies = List.copyOf(tallies);
            }
        }
    }
}
