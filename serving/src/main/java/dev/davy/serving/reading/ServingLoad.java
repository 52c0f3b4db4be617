package dev.davy.serving.reading;

import com.sun.management.OperatingSystemMXBean;
import dev.davy.storage.Cursor;
import dev.davy.storage.Log;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Busy is when predictions come and the processors have little left for anybody else. The time
/// that the asking thread takes itself does not count: it would hold itself back. For that thread.
public final class ServingLoad implements Load {
    private static final long LOOK_EVERY = Duration.ofMillis(50).toNanos();

    /// Of all cores, used by others.
    private static final double BUSY = 0.75;

    private final Log log;
    private final int cores = Runtime.getRuntime().availableProcessors();

    // Found when it is first asked, by the thread that reads: the start does not wait for it.
    private @Nullable OperatingSystemMXBean machine;

    private long lookedAt = System.nanoTime() - LOOK_EVERY;
    private long ownNanos;
    private Cursor end = Cursor.START;
    private boolean busy;

    public ServingLoad(Log log) {
        this.log = log;
    }

    @Override
    public boolean isBusy() {
        long now = System.nanoTime();
        long passed = now - lookedAt;
        if (passed < LOOK_EVERY) return busy;
        lookedAt = now;
        if (machine == null)
            machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long own = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        var before = end;
        end = log.end();
        double others = machine.getCpuLoad() * cores - (double) (own - ownNanos) / passed;
        ownNanos = own;
        busy = !before.equals(end) && others > BUSY * cores;
        return busy;
    }
}
