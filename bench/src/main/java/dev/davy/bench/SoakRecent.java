package dev.davy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/// Some predictions that were acknowledged, of all the time, to be asked for again.
final class SoakRecent {
    private static final int MOST = 10_000;

    private final List<UUID> some = new ArrayList<>();
    private final Random random;
    private long all;

    SoakRecent(long seed) {
        random = new Random(seed);
    }

    /// Each of all has the same chance of being among the some (Vitter 1985, algorithm R).
    synchronized void add(UUID prediction) {
        all++;
        if (some.size() < MOST) some.add(prediction);
        else {
            long at = random.nextLong(all);
            if (at < MOST) some.set((int) at, prediction);
        }
    }

    synchronized Optional<UUID> any() {
        return some.isEmpty()
                ? Optional.empty()
                : Optional.of(some.get(random.nextInt(some.size())));
    }
}
