package dev.davy.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpServerOptions;

/// Stands first on a new connection until Vert.x has made up its mind whether this is HTTP/1 or
/// HTTP/2, which it does by the first bytes; then puts our decoder in the place of its own.
///
/// Vert.x gets those bytes one by one, because with the last of them it would also decode whatever
/// follows, before our decoder is there.
final class Opening extends ChannelInboundHandlerAdapter {
    private static final int PREFACE_BYTES = 24; // RFC 9113, section 3.4
    private static final String DECODER = "httpDecoder";
    private static final String ENCODER = "httpEncoder";

    private final Wires wires;
    private Wire wire;
    private int seen;

    @SuppressWarnings("NullAway.Init") // a connection is active before it is read
    Opening(Wires wires) {
        this.wires = wires;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        wire = new Wire(wires, ctx.channel());
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        wire.headBegins();
        while (bytes.isReadable() && seen < PREFACE_BYTES && !decided(ctx)) {
            seen++;
            ctx.fireChannelRead(bytes.readRetainedSlice(1));
        }
        if (decided(ctx)) {
            var limits = wires.limits();
            var options =
                    new HttpServerOptions()
                            .setMaxInitialLineLength(limits.urlBytes())
                            .setMaxHeaderSize(limits.headerBytes())
                            .setMaxChunkSize(RequestDecoder.LARGEST_PIECE);
            ctx.pipeline().replace(DECODER, DECODER, new RequestDecoder(options, wire));
            ctx.pipeline().addAfter(ENCODER, "answers", new Answers(wire));
            ctx.pipeline().remove(this);
        } else if (seen == PREFACE_BYTES) {
            wire.streams();
            ctx.pipeline().remove(this);
        }
        if (bytes.isReadable()) ctx.fireChannelRead(bytes);
        else bytes.release();
    }

    private static boolean decided(ChannelHandlerContext ctx) {
        return ctx.pipeline().context(DECODER) != null;
    }
}
