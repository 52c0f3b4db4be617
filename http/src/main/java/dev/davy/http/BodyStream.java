package dev.davy.http;

import dev.davy.strict.Limits;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A request's body as a blocking stream: the event loop puts pieces in, a virtual thread takes
/// them out. The client is asked for no more than [#PIECES] ahead of the reader.
final class BodyStream extends InputStream {
    private static final int PIECES = 16;
    private static final Object END = new Object();

    /// A body may take the time-out, and longer if it comes at least this fast (bytes per second).
    private static final long SLOWEST = 16 * 1024;

    /// The client has gone, or was sent away, before the body was complete.
    static final class Broken extends IOException {
        Broken() {
            super("the request's body broke off");
        }
    }

    /// The body does not come fast enough; for HTTP/2, where no connection is watched for one
    /// request.
    static final class TooSlow extends IOException {
        TooSlow() {
            super("the request's body came too slowly");
        }
    }

    private final HttpServerRequest request;
    private final Context loop;
    private final long startedAt = System.nanoTime();
    private final long patience;
    // Bounded by what was asked of the client: PIECES, the end and the break.
    private final BlockingQueue<Object> came = new LinkedBlockingQueue<>();
    private byte[] piece = new byte[0];
    private int at;
    private long received;
    private boolean ended;

    /// On the event loop, before the first piece may have come.
    BodyStream(HttpServerRequest request, Context loop, Limits limits) {
        this.request = request;
        this.loop = loop;
        // The connection's own watch, which knows how to say why, comes first.
        this.patience = limits.bodyTimeout().plusSeconds(2).toNanos();
        request.pause();
        request.handler(buffer -> came.add(buffer.getBytes()));
        request.endHandler(_ -> came.add(END));
        request.fetch(PIECES);
    }

    /// On the event loop: there will be no more.
    void broke() {
        came.add(new Broken());
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) return 0;
        while (at == piece.length) {
            if (ended) return -1;
            next();
        }
        int n = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, into, offset, n);
        at += n;
        return n;
    }

    private void next() throws IOException {
        switch (take()) {
            case byte[] bytes -> {
                piece = bytes;
                at = 0;
                received += bytes.length;
                loop.runOnContext(_ -> more());
            }
            case null -> throw new TooSlow();
            case Broken broken -> throw broken;
            default -> ended = true;
        }
    }

    private void more() {
        if (!request.isEnded()) request.fetch(1);
    }

    private @Nullable Object take() throws InterruptedIOException {
        long wait =
                startedAt
                        + patience
                        + received * (TimeUnit.SECONDS.toNanos(1) / SLOWEST)
                        - System.nanoTime();
        try {
            return came.poll(wait, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the call was cancelled");
        }
    }
}
