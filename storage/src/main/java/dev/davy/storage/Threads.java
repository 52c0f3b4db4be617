package dev.davy.storage;

/// Waiting for threads of ours.
final class Threads {
    private Threads() {}

    /// Until it has ended, whatever interrupts: what it does must be over before what it uses is.
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive())
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
