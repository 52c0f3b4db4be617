package dev.davy.http.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.time.Duration;

/// One connection, as far as its patience goes: what it is waiting for, since when, and what
/// follows when that takes too long. All on its event loop.
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells the pipeline of what fails
final class Wire {
    private enum Phase {
        /// Between requests.
        SILENT,
        /// The first byte of a request has come, its last header has not.
        HEAD,
        /// The headers have come, the end of the body has not.
        BODY,
        /// What came was no request; whatever follows cannot be read.
        LOST,
        /// We have written the last word ourselves: from here on nobody else reads or writes.
        REFUSED,
        /// The last answer has been sent and our side is closed: what still comes is thrown away,
        /// so that the client is not reset before it has read the answer.
        LINGERING,
        /// HTTP/2: requests are none of our business here, only a connection without any.
        STREAMS
    }

    /// How long, and how many bytes, a client may go on sending after the answer was given.
    private static final long LINGER = Duration.ofSeconds(2).toNanos();

    private static final long LINGER_BYTES = 4L << 20;

    /// A body may take the time-out, and longer if it comes at least this fast (bytes per second).
    private static final long SLOWEST = 16 * 1024;

    /// Chunks this large on average may be as many as they like.
    private static final int CHUNK_BYTES_FINE = 1024;

    private final Wires wires;
    private final Channel channel;
    private final Watchman watchman;

    private Phase phase = Phase.SILENT;
    private long since;
    private String target = "";
    private long bodyBytes;
    private long chunks;
    private long lateBytes;
    private int unanswered;
    private boolean answering;
    private long answeredAt;
    private int newestStream;
    private long unsent;
    private long unsentSince;

    Wire(Wires wires, Channel channel) {
        this.wires = wires;
        this.channel = channel;
        this.watchman = wires.watchman(channel.eventLoop());
        this.since = watchman.now();
        watchman.watch(this);
        channel.closeFuture().addListener(_ -> watchman.forget(this));
    }

    Wires wires() {
        return wires;
    }

    void streams() {
        phase = Phase.STREAMS;
        since = watchman.now();
    }

    /// Whether this connection has had its last answer.
    boolean over() {
        return phase == Phase.REFUSED || phase == Phase.LINGERING;
    }

    // ---- what comes

    void headBegins() {
        if (phase != Phase.SILENT) return;
        phase = Phase.HEAD;
        since = watchman.now();
    }

    void headCame(String target) {
        phase = Phase.BODY;
        since = watchman.now();
        this.target = target;
        bodyBytes = 0;
        chunks = 0;
        lateBytes = 0;
        unanswered++;
    }

    /// The head could not be understood; the server will answer it like a request.
    void headLost() {
        phase = Phase.LOST;
        since = watchman.now();
        unanswered++;
    }

    /// @return false when the body has become one that is not read further
    boolean bodyCame(int bytes) {
        bodyBytes += bytes;
        if (++chunks > wires.limits().chunks() + bodyBytes / CHUNK_BYTES_FINE) {
            refuse(413, "chunks-too-many");
            return false;
        }
        if (unanswered == 0 && !thrownAway(bytes)) {
            cut();
            return false;
        }
        return true;
    }

    void bodyEnded() {
        if (phase != Phase.BODY) return;
        phase = Phase.SILENT;
        since = watchman.now();
    }

    void bodyLost() {
        refuse(400, "body-malformed");
    }

    /// @return false when there is more than anybody should send after the last answer
    boolean thrownAway(int bytes) {
        return (lateBytes += bytes) <= LINGER_BYTES;
    }

    // ---- what goes

    void answerBegins() {
        answering = true;
    }

    void answerEnded() {
        answering = false;
        unanswered--;
        answeredAt = watchman.now();
        if (phase == Phase.SILENT) since = answeredAt;
    }

    /// Whether the client may be in the middle of sending, so that closing would reset it.
    boolean mayStillSend() {
        return phase == Phase.HEAD || phase == Phase.BODY || phase == Phase.LOST;
    }

    /// Closes our side and throws away what still comes, for a short time.
    void linger() {
        if (phase == Phase.LINGERING) return;
        phase = Phase.LINGERING;
        since = watchman.now();
        lateBytes = 0;
        channel.config().setAutoRead(true);
        if (channel instanceof DuplexChannel duplex) duplex.shutdownOutput();
        else cut();
    }

    /// Closes at once, whatever is still on its way.
    void cut() {
        channel.unsafe().close(channel.voidPromise());
    }

    // ---- what takes too long

    void check(long now) {
        if (stalled(now)) {
            cut();
            return;
        }
        var limits = wires.limits();
        switch (phase) {
            case SILENT -> {
                if (unanswered == 0 && now - since > limits.idleTimeout().toNanos())
                    channel.close();
            }
            case HEAD -> {
                // Behind an unanswered request the rest of the head may be with us, unread.
                if (unanswered > 0) since = now;
                else if (now - since > limits.headerTimeout().toNanos())
                    refuse(408, "headers-too-slow");
            }
            case BODY -> {
                if (unanswered == 0) {
                    if (now - answeredAt > LINGER) cut();
                } else if (!channel.config().isAutoRead()) since = now; // we are the slow ones
                else if (now - since > bodyTime()) refuse(408, "body-too-slow");
            }
            case LOST, REFUSED -> {
                if (now - since > limits.headerTimeout().toNanos()) cut();
            }
            case LINGERING -> {
                if (now - since > LINGER) cut();
            }
            case STREAMS -> {
                if (hadStreams()) since = now;
                else if (now - since > limits.idleTimeout().toNanos()) channel.close();
            }
        }
    }

    private long bodyTime() {
        return wires.limits().bodyTimeout().toNanos()
                + bodyBytes * (Duration.ofSeconds(1).toNanos() / SLOWEST);
    }

    /// Whether the client has taken nothing of what we have for it, for the body time-out.
    private boolean stalled(long now) {
        var buffer = channel.unsafe().outboundBuffer();
        long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        if (pending == 0 || pending != unsent) {
            unsent = pending;
            unsentSince = now;
            return false;
        }
        return now - unsentSince > wires.limits().bodyTimeout().toNanos();
    }

    /// Whether there is a stream, or was one since the last round: short ones are over between two.
    private boolean hadStreams() {
        var handler = channel.pipeline().get(Http2ConnectionHandler.class);
        if (handler == null) return false;
        var connection = handler.connection();
        int newest = connection.remote().lastStreamCreated();
        boolean some = newest != newestStream || connection.numActiveStreams() > 0;
        newestStream = newest;
        return some;
    }

    /// The last word on this connection: an answer if there is a request that it can belong to.
    private void refuse(int status, String code) {
        boolean behindAnother = unanswered > (phase == Phase.HEAD ? 0 : 1);
        if (answering || behindAnother) {
            cut();
            return;
        }
        phase = Phase.REFUSED;
        since = watchman.now();
        channel.pipeline()
                .context(RequestDecoder.class)
                .writeAndFlush(Unpooled.wrappedBuffer(wires.refusal(status, code, target)))
                .addListener(
                        (ChannelFutureListener)
                                done -> {
                                    if (done.isSuccess()) linger();
                                    else cut();
                                });
    }
}
