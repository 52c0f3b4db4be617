package dev.davy.demo.phones;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/// The lamps above the belt, which go dim while somebody watches: little by little, as old lamps
/// do. For any number of threads.
public final class Lamps implements Supplier<Conditions> {
    private static final double DIM = 0.55;
    private static final int STEPS = 10;
    private static final Duration STEP = Duration.ofSeconds(2);

    private final Conditions installed;
    private volatile Conditions conditions;
    private volatile Instant dimmed = Instant.EPOCH;

    public Lamps(Conditions conditions) {
        this.installed = conditions;
        this.conditions = conditions;
    }

    @Override
    public Conditions get() {
        return conditions;
    }

    /// Goes dim, and returns when they are.
    void dim() throws InterruptedException {
        dimmed = Instant.now();
        for (int i = 1; i <= STEPS; i++) {
            conditions = installed.light(installed.light() * (1 - (1 - DIM) * i / STEPS));
            Thread.sleep(STEP);
        }
    }

    /// When they last began to.
    Instant dimmed() {
        return dimmed;
    }

    /// As they were installed.
    void bright() {
        conditions = installed;
    }
}
