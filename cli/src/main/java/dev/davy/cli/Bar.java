package dev.davy.cli;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

/// A bar with the time left, on standard error, while a person watches and the work is long enough
/// to wait for.
final class Bar implements AutoCloseable {
    private static final int CELLS = 30;
    private static final long FIRST_MILLIS = 400;
    private static final long EACH_MILLIS = 100;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final Terminal terminal;
    private final Thread thread;

    private Bar(Terminal terminal, String what, DoubleSupplier done) {
        this.terminal = terminal;
        thread = Thread.ofPlatform().daemon().name("davy-bar").unstarted(() -> draw(what, done));
        if (terminal.person()) thread.start();
    }

    /// @param what is being done: `reading may.csv`
    /// @param done the share that is, 0 to 1
    static Bar of(Terminal terminal, String what, DoubleSupplier done) {
        return new Bar(terminal, what, done);
    }

    private void draw(String what, DoubleSupplier done) {
        long started = System.nanoTime();
        try {
            Thread.sleep(FIRST_MILLIS);
            while (!ended.get()) {
                terminal.err()
                        .print(
                                "\r"
                                        + Terminal.clean(what)
                                        + "  "
                                        + shown(done.getAsDouble(), System.nanoTime() - started)
                                        + "\u001b[K");
                terminal.err().flush();
                Thread.sleep(EACH_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// `██████░░░░ 61 % 2 s left`.
    static String shown(double done, long nanos) {
        int full = (int) Math.clamp(CELLS * done, 0, CELLS);
        double left = done > 0 ? nanos / 1e9 * (1 - done) / done : Double.NaN;
        return "█".repeat(full)
                + "░".repeat(CELLS - full)
                + String.format(Locale.ROOT, " %.0f %%", 100 * done)
                + (done > 0.02 ? String.format(Locale.ROOT, "  %.0f s left", left) : "");
    }

    @Override
    public void close() {
        ended.set(true);
        if (!terminal.person()) return;
        thread.interrupt();
        terminal.err().print("\r\u001b[K");
        terminal.err().flush();
    }
}
