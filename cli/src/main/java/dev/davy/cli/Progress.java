package dev.davy.cli;

import java.io.FileNotFoundException;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Flow;

/// A file on its way to the server; a bar with rate and time left when a person watches and it is
/// long enough to wait for.
final class Progress implements Flow.Subscriber<ByteBuffer> {
    private static final long WORTH_A_BAR = 8L << 20;
    private static final int CELLS = 30;

    private final Flow.Subscriber<? super ByteBuffer> inner;
    private final PrintStream screen;
    private final long total;
    private final long started = System.nanoTime();
    private long sent;
    private long shown = started;

    private Progress(Flow.Subscriber<? super ByteBuffer> inner, PrintStream screen, long total) {
        this.inner = inner;
        this.screen = screen;
        this.total = total;
    }

    static BodyPublisher of(Terminal terminal, Path file) throws java.io.IOException {
        try {
            var plain = BodyPublishers.ofFile(file);
            long size = Files.size(file);
            if (!terminal.person() || size < WORTH_A_BAR) return plain;
            return BodyPublishers.fromPublisher(
                    inner -> plain.subscribe(new Progress(inner, terminal.err(), size)), size);
        } catch (FileNotFoundException e) {
            throw new java.io.IOException(e);
        }
    }

    /// `██████░░░░ 61 % 48 MB/s 2 s left`.
    static String bar(long done, long total, long nanos) {
        int full = (int) (CELLS * done / total);
        double perSecond = done / Math.max(1e-9, nanos / 1e9);
        return String.format(
                Locale.ROOT,
                "%s%s %d %%  %.0f MB/s  %.0f s left",
                "█".repeat(full),
                "░".repeat(CELLS - full),
                100 * done / total,
                perSecond / 1e6,
                (total - done) / Math.max(1, perSecond));
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        inner.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer piece) {
        sent += piece.remaining();
        long now = System.nanoTime();
        if (now - shown > 100_000_000L) {
            shown = now;
            screen.print("\r" + bar(sent, total, now - started) + "\u001b[K");
            screen.flush();
        }
        inner.onNext(piece);
    }

    @Override
    public void onError(Throwable failure) {
        end();
        inner.onError(failure);
    }

    @Override
    public void onComplete() {
        end();
        inner.onComplete();
    }

    private void end() {
        screen.print("\r\u001b[K");
        screen.flush();
    }
}
