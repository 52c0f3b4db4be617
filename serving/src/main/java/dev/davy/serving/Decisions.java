package dev.davy.serving;

import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Callers who wait for a person to decide. Who keeps the cases tells it what was decided.
public final class Decisions {
    /// Past it nobody waits: callers are told at once that a person is to decide.
    private static final int WAITING_MOST = 10_000;

    /// Several may wait for the same one.
    private final ConcurrentHashMap<UUID, List<Waiter>> waiting = new ConcurrentHashMap<>();

    /// One caller.
    private static final class Waiter {
        final CompletableFuture<Decided> decided = new CompletableFuture<>();
        final long number;

        Waiter(long number) {
            this.number = number;
        }
    }

    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger callers = new AtomicInteger();
    private volatile Function<UUID, Optional<Decided>> known = _ -> Optional.empty();

    /// Where decisions are kept, for those who come after one was told.
    public void knownFrom(Function<UUID, Optional<Decided>> keeper) {
        known = keeper;
    }

    /// Tells those who wait.
    public void decided(UUID prediction, Decided decided) {
        var waiters = waiting.remove(prediction);
        if (waiters != null) waiters.forEach(each -> each.decided.complete(decided));
    }

    /// What people have decided of a prediction by now.
    public Optional<Decided> of(UUID prediction) {
        return known.apply(prediction);
    }

    /// Waits for a decision; for threads that may.
    ///
    /// @param deadlineNanos on the scale of [System#nanoTime]
    /// @return empty when nobody has decided by then, or too many wait already
    public Optional<Decided> await(UUID prediction, long deadlineNanos) {
        if (callers.incrementAndGet() > WAITING_MOST) {
            callers.decrementAndGet();
            return of(prediction);
        }
        var mine = new Waiter(numbers.incrementAndGet());
        waiting.compute(
                prediction,
                (_, others) -> {
                    var all = new ArrayList<>(others == null ? List.of() : others);
                    all.add(mine);
                    return List.copyOf(all);
                });
        try {
            // Asked after it is known that we wait: a decision between the two is not missed.
            var already = of(prediction);
            if (already.isPresent()) return already;
            long left = deadlineNanos - System.nanoTime();
            return Optional.of(mine.decided.get(Math.max(0, left), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            callers.decrementAndGet();
            waiting.computeIfPresent(
                    prediction,
                    (_, all) -> {
                        var others =
                                all.stream().filter(each -> each.number != mine.number).toList();
                        return others.isEmpty() ? null : others;
                    });
        }
    }

    /// What a caller is told whose prediction is with a person.
    public static Problem inReview(UUID prediction, String why) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "in-review",
                "Prediction " + prediction + " is with a person, who has not decided yet.",
                "A person was asked because of: " + why + ".",
                "Ask again later: GET /api/v1/predictions/" + prediction + "?wait=30s");
    }
}
