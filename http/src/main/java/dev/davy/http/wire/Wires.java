package dev.davy.http.wire;

import dev.davy.strict.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.vertx.core.transport.Transport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// All open connections of a server: how many there may be, and one watchman per event loop who
/// ends those that keep us waiting.
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells the pipeline of what fails
public final class Wires {
    /// Makes the whole text of an answer to a request that the server could not read to its end.
    public interface Refusals {
        /// @param target of the request line, or empty when it is not known
        /// @return an HTTP/1.1 response with `connection: close`
        byte[] response(int status, String code, String target);
    }

    private final Limits limits;
    private final Refusals refusals;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong turnedAway = new AtomicLong();
    private final Map<EventLoop, Watchman> watchmen = new ConcurrentHashMap<>();

    public Wires(Limits limits, Refusals refusals) {
        this.limits = limits;
        this.refusals = refusals;
    }

    /// The transport that Vert.x is to use, so that we see each connection as it is accepted.
    public Transport watching(Transport transport) {
        return new WatchedTransport(transport, this);
    }

    /// Connections that are open now.
    public int open() {
        return open.get();
    }

    /// Connections closed at once because there were too many.
    public long turnedAway() {
        return turnedAway.get();
    }

    Limits limits() {
        return limits;
    }

    byte[] refusal(int status, String code, String target) {
        return refusals.response(status, code, target);
    }

    Watchman watchman(EventLoop loop) {
        return watchmen.computeIfAbsent(
                loop,
                l -> {
                    var watchman = new Watchman();
                    long period = watchman.period(limits);
                    l.scheduleAtFixedRate(watchman, period, period, TimeUnit.NANOSECONDS);
                    return watchman;
                });
    }

    /// Stands at the listening socket, before a connection has its event loop.
    ChannelInboundHandlerAdapter door() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public boolean isSharable() {
                return true;
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                var channel = (Channel) accepted;
                if (open.incrementAndGet() > limits.connections()) {
                    open.decrementAndGet();
                    turnedAway.incrementAndGet();
                    channel.unsafe().closeForcibly();
                    return;
                }
                channel.closeFuture().addListener(_ -> open.decrementAndGet());
                channel.pipeline().addLast("opening", new Opening(Wires.this));
                ctx.fireChannelRead(accepted);
            }
        };
    }
}
