package dev.davy.demo.phones;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The lamps above the belt, which go dim while somebody watches: little by little, as old lamps
/// do. For any number of threads.
public final class Lamps implements Supplier<Conditions> {
    private static final double DIM = 0.55;
    private static final int STEPS = 12;
    private static final Duration STEP = Duration.ofSeconds(10);

    private volatile Conditions conditions;
    private final Consumer<String> say;

    /// @param say hears a line when they begin to go dim
    public Lamps(Conditions conditions, Consumer<String> say) {
        this.conditions = conditions;
        this.say = say;
    }

    @Override
    public Conditions get() {
        return conditions;
    }

    /// Begins to go dim after so long, on a thread of its own, which ends with the process.
    public void dimAfter(Duration wait) {
        Thread.ofPlatform().daemon().name("davy-lamps").start(() -> dim(wait));
    }

    private void dim(Duration wait) {
        try {
            Thread.sleep(wait);
            say.accept("The lamps above the belt begin to go dim.");
            double bright = conditions.light();
            for (int i = 1; i <= STEPS; i++) {
                conditions = conditions.light(bright * (1 - (1 - DIM) * i / STEPS));
                Thread.sleep(STEP);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
