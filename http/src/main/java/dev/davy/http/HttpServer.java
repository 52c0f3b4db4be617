package dev.davy.http;

import dev.davy.access.Permission;
import dev.davy.access.Tokens;
import dev.davy.http.wire.VersionNotSpoken;
import dev.davy.http.wire.Wires;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one server that all interfaces share: HTTP/1.1 and HTTP/2 (with prior knowledge or by
/// upgrade) on one port.
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int BACKLOG = 1024;
    private static final int STREAMS = 256;
    private static final int WINDOW_BYTES = 1 << 20;

    private final HttpSettings settings;
    private final Wires wires;
    private final Vertx vertx;
    private final boolean epoll;
    private final Gate gate;
    private final Calls calls;
    private final List<io.vertx.core.http.HttpServer> listening = new CopyOnWriteArrayList<>();

    private HttpServer(HttpSettings settings, Routes routes, Tokens tokens) {
        this.settings = settings;
        this.wires = new Wires(settings.limits(), this::lastWord);
        var transport = Transport.nativeTransport();
        this.epoll = transport != null && transport.available();
        this.vertx =
                Vertx.builder()
                        .with(
                                new VertxOptions()
                                        .setEventLoopPoolSize(settings.eventLoops())
                                        .setWorkerPoolSize(1)
                                        .setInternalBlockingPoolSize(1)
                                        .setFileSystemOptions(noFiles()))
                        .withTransport(
                                wires.watching(
                                        epoll && transport != null ? transport : Transport.NIO))
                        .build();
        this.gate = new Gate(tokens);
        this.calls = new Calls(settings, routes, gate);
    }

    /// Listens when it returns.
    ///
    /// @throws Problem UNAVAILABLE `address-not-available` when it cannot listen there; FORBIDDEN
    ///   `credentials-needed` for an address that is not loopback while there is no token
    public static HttpServer start(
            HttpSettings settings, Routes routes, FastPath fast, Tokens tokens) {
        var address = address(settings.host());
        if (!address.isLoopbackAddress() && tokens.list().isEmpty())
            throw new Problem(
                    Kind.FORBIDDEN,
                    "credentials-needed",
                    "The server does not listen on " + settings.host() + ".",
                    "Others can reach this address, and there is no token by which to know them.",
                    "Make a token first, or listen on 127.0.0.1.");
        var all = new Routes();
        routes.all().forEach(all::add);
        routes.refusalPage().ifPresent(all::refusalsAs);
        all.add(
                Route.get(
                                "/api/v1/openapi.json",
                                Permission.READ,
                                _ -> Response.json(OpenApi.of(all)))
                        .about("This document."),
                Route.get(
                                "/api/v1/limits",
                                Permission.READ,
                                _ -> Response.json(settings.limits().asMap()))
                        .about("All limits on what comes from outside."));
        var server = new HttpServer(settings, all, tokens);
        try {
            server.listen(address, fast);
        } catch (RuntimeException e) {
            server.vertx.close();
            throw e;
        }
        return server;
    }

    /// The port it listens on.
    public int port() {
        return listening.getFirst().actualPort();
    }

    /// Connections that are open now.
    public int connections() {
        return wires.open();
    }

    /// Connections closed at once because the limit `connections` was reached.
    public long connectionsTurnedAway() {
        return wires.turnedAway();
    }

    /// Whether the operating system's own event queue is used, which is faster than the JDK's.
    public boolean usesNativeTransport() {
        return epoll;
    }

    /// Refuses new connections and calls, lets those that run finish within the drain time, then
    /// closes everything. Returns when all is closed.
    @Override
    public void close() {
        var drain = settings.drain();
        var closed =
                listening.stream()
                        .map(each -> each.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS))
                        .toList();
        try {
            calls.close(drain);
            await(Future.join(closed).otherwiseEmpty());
            await(vertx.close());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(InetAddress address, FastPath fast) {
        fast.open(vertx, gate);
        var ip = address.getHostAddress();
        var socket =
                settings.port() == 0
                        ? SocketAddress.sharedRandomPort(1, ip)
                        : SocketAddress.inetSocketAddress(settings.port(), ip);
        try {
            await(
                    vertx.deployVerticle(
                            () -> new EventLoop(socket, fast),
                            new DeploymentOptions().setInstances(settings.eventLoops())));
        } catch (CompletionException e) {
            LOG.debug("cannot listen", e);
            throw new Problem(
                    Kind.UNAVAILABLE,
                    "address-not-available",
                    "The server cannot listen on %s port %d."
                            .formatted(settings.host(), settings.port()),
                    "Another process listens there, or the address is not one of this machine.",
                    "Stop that process, or choose another port or address.");
        }
        gate.open(new Hosts(settings, address, port()));
    }

    /// The server's part on one event loop. Vert.x hands each connection to one of them.
    private final class EventLoop extends VerticleBase {
        private final SocketAddress socket;
        private final FastPath fast;

        EventLoop(SocketAddress socket, FastPath fast) {
            this.socket = socket;
            this.fast = fast;
        }

        @Override
        public Future<?> start() {
            var server =
                    vertx.createHttpServer(options(settings))
                            .requestHandler(request -> {
                                if (!fast.handle(request)) calls.take(request);
                            })
                            .invalidRequestHandler(HttpServer.this::unreadable)
                            .exceptionHandler(e -> LOG.debug("a connection failed", e));
            listening.add(server);
            return server.listen(socket);
        }
    }

    private static HttpServerOptions options(HttpSettings settings) {
        var limits = settings.limits();
        return new HttpServerOptions()
                .setTcpNoDelay(true)
                .setAcceptBacklog(BACKLOG)
                .setMaxInitialLineLength(limits.urlBytes())
                .setMaxHeaderSize(limits.headerBytes())
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                .setHandle100ContinueAutomatically(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(true)
                .setHttp2ConnectionWindowSize(WINDOW_BYTES)
                .setInitialSettings(
                        new Http2Settings()
                                .setMaxConcurrentStreams(STREAMS)
                                .setInitialWindowSize(WINDOW_BYTES)
                                .setMaxHeaderListSize(limits.headerBytes()));
    }

    /// What Vert.x could not decode. It closes the connection when this has been answered.
    private void unreadable(HttpServerRequest request) {
        var cause = request.decoderResult().cause();
        var refusal =
                switch (cause) {
                    case TooLongHttpLineException _ -> Refusal.unreadable(414, "address-too-long");
                    case TooLongHttpHeaderException _ ->
                            Refusal.unreadable(431, "headers-too-large");
                    case VersionNotSpoken _ -> Refusal.unreadable(505, "version-not-spoken");
                    default -> Refusal.unreadable(400, "request-malformed");
                };
        Answer.unreadable(request, refusal, gate.requestId());
    }

    private byte[] lastWord(int status, String code, String target) {
        return Problems.lastWord(status, code, target, gate.requestId());
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new Problem(
                    Kind.UNAVAILABLE,
                    "address-not-available",
                    "The server cannot listen on '" + host + "'.",
                    "There is no such host.",
                    "Give an address of this machine, such as 127.0.0.1.");
        }
    }

    private static FileSystemOptions noFiles() {
        return new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false);
    }

    private static void await(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }
}
