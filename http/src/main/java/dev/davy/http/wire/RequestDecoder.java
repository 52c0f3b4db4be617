package dev.davy.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;

/// Vert.x' decoder of HTTP/1 requests, which also tells the [Wire] how far it got, counts what must
/// be counted, and is strict where two servers in a row could read one text in two ways.
final class RequestDecoder extends VertxHttpRequestDecoder {
    /// Bytes of a body handed on at once. Netty's default of 8 KiB cuts an image into many pieces.
    static final int LARGEST_PIECE = 64 * 1024;

    private final Wire wire;
    private final int mostHeaders;
    private int headers;
    private int hosts;

    RequestDecoder(HttpServerOptions options, Wire wire) {
        super(options);
        this.wire = wire;
        this.mostHeaders = wire.wires().limits().headers();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (!wire.over()) {
            super.channelRead(ctx, message);
            return;
        }
        int late = message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (!wire.thrownAway(late)) wire.cut();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        if (wire.over()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        wire.headBegins();
        int first = out.size();
        super.decode(ctx, in, out);
        for (int i = first; i < out.size(); i++)
            if (!goesOn(out.get(i))) {
                for (int dropped = out.size() - 1; dropped >= i; dropped--)
                    ReferenceCountUtil.release(out.remove(dropped));
                return;
            }
    }

    /// Vert.x takes the decoder away when the client has upgraded to HTTP/2.
    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        super.handlerRemoved0(ctx);
        wire.streams();
    }

    private boolean goesOn(Object part) {
        if (part instanceof DefaultHttpRequest request) {
            headers = 0;
            hosts = 0;
            if (request.decoderResult().isFailure()) wire.headLost();
            else wire.headCame(request.uri());
            return true;
        }
        if (part instanceof HttpContent content) {
            if (content.decoderResult().isFailure()) {
                wire.bodyLost();
                return false;
            }
            if (!wire.bodyCame(content.content().readableBytes())) return false;
            if (part instanceof LastHttpContent) wire.bodyEnded();
        }
        return true;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        var version = initialLine[2];
        if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0"))
            return super.createMessage(initialLine);
        if (version.startsWith("HTTP/")) throw new VersionNotSpoken();
        throw new IllegalArgumentException("no version");
    }

    /// Called for each header as it is read, so that too many of them are never kept.
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        var name = super.splitHeaderName(line, start, length);
        if (++headers > mostHeaders)
            throw new TooLongHttpHeaderException("more than " + mostHeaders + " headers");
        if (length == 0) throw new IllegalArgumentException("a header without a name");
        if (length == 4 && isHost(line, start) && ++hosts > 1)
            throw new IllegalArgumentException("two Host headers");
        return name;
    }

    private static boolean isHost(byte[] line, int start) {
        return (line[start] | 32) == 'h'
                && (line[start + 1] | 32) == 'o'
                && (line[start + 2] | 32) == 's'
                && (line[start + 3] | 32) == 't';
    }

    /// RFC 9112, section 6.1, lets a server take the chunks and drop the length. Whoever stands
    /// before us may have taken the length: refused.
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }
}
