package dev.davy.bench;

import java.time.Duration;

/// How long each part of [Serving] takes.
///
/// @param warmUp full load before full load is measured; the same again before the CPU is measured
/// @param imageWarmUp the same for images
/// @param first open loop right after readiness
/// @param settle open loop after that, not measured: the compiler is at work
/// @param steady open loop after that
/// @param freshForEachTraffic whether each kind of traffic gets a process of its own
/// @param bareLatency whether the bare server's latency is measured too, for comparison
record ServingPlan(
        int rounds,
        int starts,
        Duration warmUp,
        Duration imageWarmUp,
        Duration measured,
        Duration first,
        Duration settle,
        Duration steady,
        boolean freshForEachTraffic,
        boolean bareLatency) {
    static final ServingPlan FULL =
            new ServingPlan(
                    3,
                    5,
                    Duration.ofSeconds(14),
                    Duration.ofSeconds(9),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(8),
                    true,
                    true);

    static final ServingPlan QUICK =
            new ServingPlan(
                    1,
                    1,
                    Duration.ofSeconds(4),
                    Duration.ofMillis(1500),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(3),
                    false,
                    false);

    /// The bare server's latency has no target: one round of it will do.
    boolean latencyOf(Candidate candidate, int round) {
        return candidate instanceof Candidate.Davy || bareLatency && round == 1;
    }
}
