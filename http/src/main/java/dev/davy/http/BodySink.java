package dev.davy.http;

import dev.davy.strict.Limits;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Writes a stream's pieces as the client takes them: at most [#AHEAD] bytes wait in memory.
final class BodySink implements Response.Sink {
    private static final int AHEAD = 256 * 1024;

    private final HttpServerResponse response;
    private final Context loop;
    private final long patience;
    private final Semaphore room = new Semaphore(AHEAD);
    private volatile boolean gone;

    BodySink(HttpServerResponse response, Context loop, Limits limits) {
        this.response = response;
        this.loop = loop;
        this.patience = limits.bodyTimeout().toNanos();
    }

    /// On the event loop: the client has left.
    void broke() {
        gone = true;
        room.release(AHEAD); // whoever waits for room finds that out
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        int need = Math.min(bytes.length, AHEAD);
        try {
            if (!room.tryAcquire(need, patience, TimeUnit.NANOSECONDS)) gone = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the call was cancelled");
        }
        if (gone) throw new BodyStream.Broken();
        loop.runOnContext(_ -> {
            if (response.closed()) broke();
            else response.write(Buffer.buffer(bytes)).onComplete(_ -> room.release(need));
        });
    }
}
