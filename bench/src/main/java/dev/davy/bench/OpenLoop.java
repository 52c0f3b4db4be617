package dev.davy.bench;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// A load generator of fixed rate: request `k` is due at `start + k / rate`, whatever became of
/// those before it, and its latency counts from then. When all connections are busy a due request
/// waits, and the wait is part of its latency.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
final class OpenLoop extends Generator {
    /// How long after the last request is due we wait for replies; what is missing then has failed.
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Histogram nanos = Load.histogram();
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final double nanosBetween;
    private final Heard heard;
    private long total;
    private long start;
    private long sent;
    private long answered;
    private long good;
    private long failures;
    private boolean over;

    /// Hears of every answer, on the load thread.
    interface Heard {
        /// @param sent when the request left, in the nanoseconds of [System#nanoTime]
        /// @param version what the answer's `davy-version` says; empty if it says nothing
        void answer(long sent, long replied, boolean good, String version);
    }

    private OpenLoop(byte[] request, double rate, Duration measured, Heard heard) {
        super(request);
        this.heard = heard;
        nanosBetween = 1e9 / rate;
        total = Math.round(measured.toNanos() / nanosBetween);
    }

    /// Sends `rate` requests per second for `measured` over so many connections.
    static Load run(int port, byte[] request, int connections, double rate, Duration measured)
            throws InterruptedException {
        try (var it = new OpenLoop(request, rate, measured, (_, _, _, _) -> {})) {
            it.connect(port, connections);
            it.loop.execute(it::begin);
            it.done.await();
            return new Load(it.good, it.failures, measured.toNanos() / 1e9, it.nanos);
        }
    }

    /// The same until [#stop], or for `most`.
    static OpenLoop start(
            int port, byte[] request, int connections, double rate, Duration most, Heard heard)
            throws InterruptedException {
        var it = new OpenLoop(request, rate, most, heard);
        it.connect(port, connections);
        it.loop.execute(it::begin);
        return it;
    }

    /// Sends nothing more, waits for what is under way, and tells.
    Load stop() throws InterruptedException {
        try (this) {
            loop.execute(() -> {
                if (over) return;
                total = sent;
                if (answered == total) finish();
                else loop.schedule(this::giveUp, PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            });
            done.await();
            return new Load(good, failures, (System.nanoTime() - start) / 1e9, nanos);
        }
    }

    private void begin() {
        idle.addAll(connections);
        start = System.nanoTime();
        loop.schedule(
                this::giveUp,
                Math.round(total * nanosBetween) + PATIENCE_NANOS,
                TimeUnit.NANOSECONDS);
        tick();
    }

    private long due(long request) {
        return start + Math.round(request * nanosBetween);
    }

    private void tick() {
        pump(System.nanoTime());
        if (over || sent == total) return;
        // With every connection busy the next reply pumps; this only keeps the clock going.
        long wait = Math.max(due(sent) - System.nanoTime(), idle.isEmpty() ? 100_000 : 0);
        loop.schedule(this::tick, wait, TimeUnit.NANOSECONDS);
    }

    private void pump(long now) {
        while (sent < total && due(sent) <= now && !idle.isEmpty()) idle.remove().send(due(sent++));
    }

    @Override
    void replied(Connection connection, boolean ok, long now) {
        if (over) return;
        record(now - connection.due);
        heard.answer(connection.sent, now, ok, connection.version());
        if (ok) good++;
        else failures++;
        idle.add(connection);
        if (++answered == total) finish();
        else pump(now);
    }

    @Override
    void lost(Connection connection) {
        if (over) return;
        idle.remove(connection);
        if (connection.busy) {
            failures++;
            if (++answered == total) finish();
        }
    }

    private void giveUp() {
        if (over) return;
        long now = System.nanoTime();
        for (var each : connections) if (each.busy) record(now - each.due);
        for (long each = sent; each < total; each++) record(now - due(each));
        failures += total - answered;
        finish();
    }

    private void record(long latency) {
        nanos.recordValue(Math.clamp(latency, 0, nanos.getHighestTrackableValue()));
    }

    private void finish() {
        over = true;
        done.countDown();
    }
}
