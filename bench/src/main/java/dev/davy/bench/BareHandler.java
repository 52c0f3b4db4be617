package dev.davy.bench;

import dev.davy.strict.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// One connection of the bare server: collects a request's body, has it answered, writes the reply
/// as one buffer.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
final class BareHandler extends ChannelInboundHandlerAdapter {
    private static final AsciiString JSON_LENGTH =
            AsciiString.cached("inference-header-content-length");
    private static final byte[] JSON_HEAD =
            ascii("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ");
    private static final byte[] BINARY_HEAD =
            ascii(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n"
                            + "inference-header-content-length: ");
    private static final byte[] LENGTH = ascii("\r\ncontent-length: ");
    private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");

    private final Map<String, BareInfer> byPath;
    private String path = "";
    private boolean keepAlive;
    private int jsonLength;
    private byte[] body = new byte[1024];
    private int length;

    BareHandler(Map<String, BareInfer> byPath) {
        this.byPath = byPath;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpRequest request) {
            path = request.uri();
            keepAlive = HttpUtil.isKeepAlive(request);
            var given = request.headers().get(JSON_LENGTH);
            jsonLength = given == null ? -1 : Integer.parseInt(given);
            length = 0;
        }
        if (message instanceof HttpContent content) {
            collect(content.content());
            content.release();
            if (message instanceof LastHttpContent) answer(context);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void collect(ByteBuf part) {
        int more = part.readableBytes();
        if (length + more > body.length)
            body = Arrays.copyOf(body, Math.max(length + more, 2 * body.length));
        part.readBytes(body, length, more);
        length += more;
    }

    private void answer(ChannelHandlerContext context) throws Exception {
        var infer = byPath.get(path);
        ByteBuf reply;
        if (infer == null) {
            // Readiness and the like: the sessions of this loop were made with the connection.
            reply = text(context, path.startsWith("/v2/health/") ? "200 OK" : "404 Not Found");
        } else {
            try {
                infer.answer(body, length, jsonLength < 0 ? length : jsonLength);
                reply = reply(context, infer);
            } catch (IllegalArgumentException | Problem wrong) {
                reply = text(context, "400 Bad Request");
            }
        }
        if (keepAlive) context.write(reply, context.voidPromise());
        else context.write(reply).addListener(ChannelFutureListener.CLOSE);
    }

    private static ByteBuf reply(ChannelHandlerContext context, BareInfer infer) {
        var before = infer.before();
        var json = infer.json();
        var after = infer.after();
        int size = before.length + json.length() + after.length;
        var out = context.alloc().directBuffer(BINARY_HEAD.length + 64 + size);
        if (infer.binary()) {
            out.writeBytes(BINARY_HEAD);
            number(out, before.length);
            out.writeBytes(LENGTH);
        } else {
            out.writeBytes(JSON_HEAD);
        }
        number(out, size);
        return out.writeBytes(END_OF_HEAD)
                .writeBytes(before)
                .writeBytes(json.array(), 0, json.length())
                .writeBytes(after);
    }

    private static void number(ByteBuf out, int value) {
        if (value >= 10) number(out, value / 10);
        out.writeByte('0' + value % 10);
    }

    private static ByteBuf text(ChannelHandlerContext context, String status) {
        return ByteBufUtil.writeAscii(
                context.alloc(), "HTTP/1.1 " + status + "\r\ncontent-length: 0\r\n\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
