package dev.davy.http;

import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What the calls of a server share, so that none takes it all: places to run, places to stream,
/// and memory for bodies. Who finds no room is told to come back.
final class Room {
    private final int calls;
    private final Semaphore running;
    private final Semaphore streaming;
    private final long bytesMost;
    private final AtomicLong bytes = new AtomicLong();

    Room(HttpSettings settings) {
        this.calls = settings.calls();
        this.running = new Semaphore(calls);
        // A stream may follow a log for days: those who do leave room for those who don't.
        this.streaming = new Semaphore(Math.max(1, calls / 2));
        // One call must find room alone: its body as it came, and what is in it.
        this.bytesMost =
                Math.max(2 * settings.limits().bodyBytes(), Runtime.getRuntime().maxMemory() / 4);
    }

    /// A place to run, until [#leave].
    ///
    /// @throws Problem UNAVAILABLE `too-many-calls`
    void enter() {
        if (!running.tryAcquire())
            throw busy("too-many-calls", calls + " calls are running, which is the most.");
    }

    void leave() {
        running.release();
    }

    /// A place to stream, until [#endStream].
    ///
    /// @throws Problem UNAVAILABLE `too-many-streams`
    void beginStream() {
        if (!streaming.tryAcquire())
            throw busy("too-many-streams", "Half of the calls are streams, which is the most.");
    }

    void endStream() {
        streaming.release();
    }

    /// Counts bytes in memory, until [#letGo].
    ///
    /// @throws Problem UNAVAILABLE `memory-busy` when all calls together hold too much
    void hold(long more) {
        if (bytes.addAndGet(more) <= bytesMost) return;
        bytes.addAndGet(-more);
        throw busy(
                "memory-busy",
                "The bodies of the calls that are running fill the memory set aside for them.");
    }

    void letGo(long held) {
        bytes.addAndGet(-held);
    }

    /// Waits until nobody runs; nobody enters after that.
    ///
    /// @return false when somebody still does
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        return running.tryAcquire(calls, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Problem busy(String code, String why) {
        return new Problem(
                Kind.UNAVAILABLE, code, "The server is busy.", why, "Try again in a second.");
    }
}
