package dev.davy.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// A load generator of fixed concurrency: every connection sends its next request as soon as the
/// reply to the last one is complete. Finds out how much a server can do; its latencies are those
/// of a saturated server.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
final class ClosedLoop extends Generator {
    private final CountDownLatch done = new CountDownLatch(1);
    private Histogram nanos = Load.histogram();
    private long good;
    private long failures;
    private long begun;
    private long ended;
    private boolean over;

    private ClosedLoop(byte[] request) {
        super(request);
    }

    /// Loads the server at `port` of this machine for `warmUp`, then for `measured`, of which it
    /// tells.
    static Load run(int port, byte[] request, int connections, Duration warmUp, Duration measured)
            throws InterruptedException {
        try (var it = new ClosedLoop(request)) {
            it.connect(port, connections);
            return it.measure(warmUp, measured);
        }
    }

    private Load measure(Duration warmUp, Duration measured) throws InterruptedException {
        loop.execute(() -> connections.forEach(each -> each.send(System.nanoTime())));
        loop.schedule(this::begin, warmUp.toNanos(), TimeUnit.NANOSECONDS);
        loop.schedule(this::end, warmUp.plus(measured).toNanos(), TimeUnit.NANOSECONDS);
        done.await();
        return new Load(good, failures, (ended - begun) / 1e9, nanos);
    }

    private void begin() {
        nanos = Load.histogram();
        good = 0;
        failures = 0;
        begun = System.nanoTime();
    }

    private void end() {
        over = true;
        ended = System.nanoTime();
        done.countDown();
    }

    @Override
    void replied(Connection connection, boolean ok, long now) {
        if (over) return;
        nanos.recordValue(Math.min(now - connection.due, nanos.getHighestTrackableValue()));
        if (ok) good++;
        else failures++;
        connection.send(now);
    }

    @Override
    void lost(Connection connection) {
        if (!over) failures++;
    }
}
