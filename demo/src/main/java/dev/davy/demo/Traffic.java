package dev.davy.demo;

import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Asks a server about what a [Source] gives: first what happened in the minutes before, as fast as
/// it goes and with its own times, so that a chart has something to begin with; and from the first
/// second on what happens now, when it happens. What came to be known is told when it is due.
public final class Traffic implements AutoCloseable {
    private static final Duration TELLING = Duration.ofMillis(500);

    /// Most feedback of one call.
    private static final int AT_ONCE = 500;

    /// Feedback that waits. When full, the newest is left out and counted as failed: nobody looks
    /// at a demonstration for so long.
    private static final int MOST_WAITING = 200_000;

    /// What was done so far.
    ///
    /// @param asked predictions that were answered
    /// @param told feedback that was kept
    /// @param failed calls, and feedback, that were refused
    /// @param past whether all of the minutes before was asked
    /// @param trouble the last refusal's reason
    public record Count(
            long asked, long told, long failed, boolean past, Optional<String> trouble) {}

    private final Door door;
    private final Source source;
    private final Pace pace;
    private final InstantSource clock;
    private final List<Instant> past;
    private final PriorityBlockingQueue<Source.Later> waiting =
            new PriorityBlockingQueue<>(1_000, Comparator.comparing(Source.Later::due));

    private final ScheduledExecutorService workers;
    private final AtomicLong nextPast = new AtomicLong();
    private final AtomicLong donePast = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong told = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<Optional<String>> trouble =
            new AtomicReference<>(Optional.empty());

    private Traffic(Door door, Source source, Pace pace, List<Instant> past, InstantSource clock) {
        this.door = door;
        this.source = source;
        this.pace = pace;
        this.past = past;
        this.clock = clock;
        // One for what happens now, one for what came to be known, the others for the past.
        int threads = 2 + Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        workers =
                Executors.newScheduledThreadPool(
                        threads, Thread.ofPlatform().daemon().name("davy-traffic-", 0).factory());
    }

    /// Begins, and goes on until it is closed.
    ///
    /// @param before how long the past is that is asked first
    public static Traffic start(
            Door door, Source source, Pace pace, Duration before, InstantSource clock) {
        var now = clock.instant();
        var past = new ArrayList<Instant>();
        for (var at = pace.after(now.minus(before), 0);
                at.isBefore(now);
                at = pace.after(at, past.size())) past.add(at);
        var traffic = new Traffic(door, source, pace, List.copyOf(past), clock);
        int others = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        for (int i = 0; i < others; i++) traffic.workers.execute(traffic::askPast);
        traffic.await(past.size(), pace.after(now, past.size()));
        var _ =
                traffic.workers.scheduleWithFixedDelay(
                        traffic::tell,
                        TELLING.toMillis(),
                        TELLING.toMillis(),
                        TimeUnit.MILLISECONDS);
        return traffic;
    }

    private void askPast() {
        for (long number = nextPast.getAndIncrement();
                number < past.size() && !workers.isShutdown();
                number = nextPast.getAndIncrement()) {
            ask(number, past.get((int) number), true);
            donePast.incrementAndGet();
        }
    }

    private void await(long number, Instant at) {
        try {
            var _ =
                    workers.schedule(
                            () -> {
                                ask(number, at, false);
                                var next = pace.after(at, number + 1);
                                // After a stop of the whole machine it does not run behind the
                                // clock.
                                var now = clock.instant();
                                await(number + 1, next.isBefore(now) ? now : next);
                            },
                            Math.max(0, Duration.between(clock.instant(), at).toNanos()),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // it was the last one
        }
    }

    private void ask(long number, Instant at, boolean before) {
        try {
            var of = source.at(number, at);
            var body = Json.object();
            body.putArray("rows").add(of.row());
            var path = "/api/v1/endpoints/" + Door.encoded(source.endpoint()) + "/predict";
            var answer =
                    door.post(before ? path + "?at=" + Door.encoded(at.toString()) : path, body);
            asked.incrementAndGet();
            for (var later : of.later().apply(answer.path("predictions").path(0)))
                if (waiting.size() < MOST_WAITING) waiting.add(later);
                else failed.incrementAndGet();
        } catch (Problem problem) {
            failed(1, problem.why());
        } catch (RuntimeException bug) {
            // A thread of a pool would swallow it.
            failed(1, bug.toString());
        }
    }

    private void failed(int many, String why) {
        if (workers.isShutdown()) return;
        failed.addAndGet(many);
        trouble.set(Optional.of(why));
    }

    private void tell() {
        var now = clock.instant();
        while (!workers.isShutdown()) {
            var due = Json.array();
            for (var first = waiting.peek();
                    first != null && !first.due().isAfter(now) && due.size() < AT_ONCE;
                    first = waiting.peek()) due.add(waiting.remove().feedback());
            if (due.isEmpty()) return;
            try {
                var answer = door.post("/api/v1/feedback", due);
                told.addAndGet(answer.path("kept").asLong(0));
                var refused = answer.path("refused");
                if (!refused.isEmpty())
                    failed(refused.size(), refused.path(0).path("why").asString(""));
            } catch (Problem problem) {
                failed(due.size(), problem.why());
            } catch (RuntimeException bug) {
                failed(due.size(), bug.toString());
            }
        }
    }

    public Count count() {
        return new Count(
                asked.get(),
                told.get(),
                failed.get(),
                donePast.get() == past.size(),
                trouble.get());
    }

    /// Gives up what is under way: nothing is asked any more when this returns.
    @Override
    public void close() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(2, TimeUnit.SECONDS)) door.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
