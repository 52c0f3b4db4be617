package dev.davy.batch;

import dev.davy.jobs.JobStopped;
import java.util.BitSet;

/// Which chunks are done: those who answer write it, the one who puts the parts together waits for
/// the next.
final class Board {
    private final BitSet done = new BitSet();
    private int total = Integer.MAX_VALUE;
    private boolean over;

    synchronized void done(int chunk) {
        done.set(chunk);
        notifyAll();
    }

    synchronized boolean isDone(int chunk) {
        return done.get(chunk);
    }

    /// There are so many and no more.
    synchronized void total(int chunks) {
        total = chunks;
        notifyAll();
    }

    /// No more will be done.
    synchronized void giveUp() {
        over = true;
        notifyAll();
    }

    /// Waits for a chunk.
    ///
    /// @return whether there is one of this number
    synchronized boolean await(int chunk) throws JobStopped, InterruptedException {
        while (!done.get(chunk) && chunk < total && !over) wait();
        if (over && !done.get(chunk)) throw new JobStopped();
        return chunk < total;
    }
}
