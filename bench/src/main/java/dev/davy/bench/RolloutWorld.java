package dev.davy.bench;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// The traffic in which a rollout is simulated; an hour is two looks.
///
/// @param perSecond requests
/// @param base live's error rate after so many hours; unlike entities have rates of their own
/// @param keys entities that come again; each request is one of its own where empty
/// @param truthHours how long wrong answers take to be known on average; right ones are known at
///   once
/// @param matureHours after which no more truth is waited for
record RolloutWorld(
        String name,
        double perSecond,
        DoubleUnaryOperator base,
        Optional<Function<RandomGenerator, Keys>> keys,
        double truthHours,
        int matureHours) {
    static RolloutWorld steady(String name, double perSecond, DoubleUnaryOperator base) {
        return new RolloutWorld(name, perSecond, base, Optional.empty(), 0, 0);
    }

    static RolloutWorld of(String name, double perSecond, Function<RandomGenerator, Keys> keys) {
        return new RolloutWorld(name, perSecond, _ -> 0, Optional.of(keys), 0, 0);
    }

    RolloutWorld lateTruth(double hours, int mature) {
        return new RolloutWorld(name, perSecond, base, keys, hours, mature);
    }

    int requestsPerLook() {
        return (int) (perSecond * 1_800);
    }
}
