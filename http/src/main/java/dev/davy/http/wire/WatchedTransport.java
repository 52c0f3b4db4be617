package dev.davy.http.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// A transport of Vert.x with our door at each listening socket; all else is as it was. Vert.x
/// offers no other way to a connection before its first request.
record WatchedTransport(io.vertx.core.transport.Transport of, Wires wires)
        implements io.vertx.core.transport.Transport {

    @Override
    public String name() {
        return of.name();
    }

    @Override
    public boolean available() {
        return of.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return of.unavailabilityCause();
    }

    @Override
    public Transport implementation() {
        return new Watched(of.implementation(), wires);
    }

    @SuppressWarnings("deprecation") // the interface is as it is
    private record Watched(Transport of, Wires wires) implements Transport {
        @Override
        public void configure(
                NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            of.configure(options, domainSocket, bootstrap);
            bootstrap.handler(wires.door());
        }

        @Override
        public boolean supportsDomainSockets() {
            return of.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return of.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return of.isAvailable();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return of.unavailabilityCause();
        }

        @Override
        public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return of.convert(address);
        }

        @Override
        public io.vertx.core.net.@Nullable SocketAddress convert(SocketAddress address) {
            return of.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return of.ioHandlerFactory();
        }

        @Override
        public EventLoopGroup eventLoopGroup(
                int type, int threads, ThreadFactory factory, int ioRatio) {
            return of.eventLoopGroup(type, threads, factory, ioRatio);
        }

        @Override
        public DatagramChannel datagramChannel() {
            return of.datagramChannel();
        }

        @Override
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return of.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return of.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return of.serverChannelFactory(domainSocket);
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            of.configure(channel, options);
        }

        @Override
        public void configure(
                ClientOptionsBase options, int timeout, boolean domainSocket, Bootstrap bootstrap) {
            of.configure(options, timeout, domainSocket, bootstrap);
        }
    }
}
