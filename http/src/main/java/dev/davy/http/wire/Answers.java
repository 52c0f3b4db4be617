package dev.davy.http.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;

/// Sees answers go out, and keeps a connection open for a moment when its client may not have heard
/// the last one yet.
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells the pipeline of what fails
final class Answers extends ChannelOutboundHandlerAdapter {
    private final Wire wire;

    Answers(Wire wire) {
        this.wire = wire;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (wire.over()) {
            ReferenceCountUtil.release(message);
            if (!promise.isVoid()) promise.tryFailure(new ClosedChannelException());
            return;
        }
        if (message instanceof HttpResponse head) {
            if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                ctx.write(message, promise);
                return;
            }
            wire.answerBegins();
        }
        if (message instanceof LastHttpContent) wire.answerEnded();
        ctx.write(message, promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!wire.mayStillSend() || !ctx.channel().isActive()) {
            ctx.close(promise);
            return;
        }
        wire.linger();
        if (!promise.isVoid()) ctx.channel().closeFuture().addListener(_ -> promise.trySuccess());
    }
}
