package dev.davy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/// Takes whatever arrives for one whole request and answers with a reply made beforehand: as little
/// as a server can do, so that what is measured against it is the load generator. Right for small
/// requests of which only one is under way per connection, which is what the generators send.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
final class EchoHandler extends ChannelInboundHandlerAdapter {
    private static final String BODY =
            """
            {"model_name":"mlp","model_version":"1","outputs":[{"name":"probabilities",\
            "shape":[1,2],"datatype":"FP32","data":[0.5,0.5]}]}\
            """;
    private static final byte[] REPLY =
            """
            HTTP/1.1 200 OK\r
            content-type: application/json\r
            content-length: %d\r
            \r
            %s\
            """
                    .formatted(BODY.length(), BODY)
                    .getBytes(StandardCharsets.US_ASCII);

    private final ByteBuf owned = Unpooled.directBuffer(REPLY.length).writeBytes(REPLY);
    private final ByteBuf reply = Unpooled.unreleasableBuffer(owned);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ((ByteBuf) message).release();
        reply.readerIndex(0);
        context.writeAndFlush(reply, context.voidPromise());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        owned.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
