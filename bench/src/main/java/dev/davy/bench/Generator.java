package dev.davy.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// What both load generators stand on: keep-alive connections to this machine, all on one thread,
/// each with at most one request under way.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
abstract class Generator implements AutoCloseable {
    final EventLoopGroup loop = Loops.of("load", 1);
    final List<Connection> connections = new ArrayList<>();
    private final byte[] request;

    Generator(byte[] request) {
        this.request = request.clone();
    }

    /// Called on the load thread when the reply of a connection's request is complete.
    abstract void replied(Connection connection, boolean good, long now);

    /// Called on the load thread when a connection was lost, with or without a request under way.
    abstract void lost(Connection connection);

    final void connect(int port, int count) throws InterruptedException {
        var bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(Loops.connecting())
                        .option(ChannelOption.TCP_NODELAY, true)
                        // A request is written whole or its connection is of no use to us.
                        .option(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(1 << 20, 2 << 20))
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        channel.pipeline().addLast(new Connection());
                                    }
                                });
        for (int i = 0; i < count; i++)
            connections.add(
                    bootstrap
                            .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                            .sync()
                            .channel()
                            .pipeline()
                            .get(Connection.class));
    }

    @Override
    public void close() throws InterruptedException {
        // Else the loop ends before the handlers hear of it, and nobody gives their buffers back.
        for (var connection : connections) connection.disconnect();
        loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).sync();
    }

    final class Connection extends ChannelInboundHandlerAdapter {
        // One buffer for all requests of a connection, rewound: nothing is made per request.
        private final ByteBuf owned = Unpooled.directBuffer(request.length).writeBytes(request);
        private final ByteBuf bytes = Unpooled.unreleasableBuffer(owned);
        private final Replies replies = new Replies();
        private @org.jspecify.annotations.Nullable ChannelHandlerContext context;
        long due;
        long sent;
        boolean busy;

        void send(long due) {
            this.due = due;
            sent = System.nanoTime();
            busy = true;
            bytes.readerIndex(0);
            var context = java.util.Objects.requireNonNull(this.context);
            context.writeAndFlush(bytes, context.voidPromise());
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            this.context = context;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var arrived = (ByteBuf) message;
            long good = replies.good();
            int complete;
            try {
                complete = replies.accept(arrived);
            } finally {
                arrived.release();
            }
            if (complete == 0) return;
            if (complete > 1 || !busy)
                throw new IllegalStateException("more replies than requests on one connection");
            busy = false;
            replied(this, replies.good() > good, System.nanoTime());
        }

        /// Which version gave the last answer, as it says itself.
        String version() {
            return replies.version();
        }

        void disconnect() throws InterruptedException {
            java.util.Objects.requireNonNull(context).channel().close().sync();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            lost(this);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            owned.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof java.io.IOException)) cause.printStackTrace();
            context.close();
        }
    }
}
