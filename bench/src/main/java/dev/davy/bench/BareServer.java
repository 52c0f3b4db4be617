package dev.davy.bench;

import ai.onnxruntime.OrtException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What Davy is measured against: Netty with native epoll and two event loops, each with its own
/// ONNX Runtime sessions, that reads an Open Inference Protocol request with Davy's own scanner,
/// runs the model and answers. No routing table, no log, no metrics, no limits, nothing else.
final class BareServer {
    private static final int LOOPS = 2;
    private static final int CHUNK_MAX = 1 << 20;

    private BareServer() {}

    /// `BareServer PORT MODELS`: serves `mlp.onnx` and `cnn.onnx` of the folder MODELS on loopback.
    /// `BareServer PORT`: answers everything with one fixed reply, to find out what a load
    /// generator could do at most.
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        if (args.length == 1) start(port, BareServer::echo).closeFuture().sync();
        else start(port, models(Path.of(args[1]))).closeFuture().sync();
    }

    /// Listens on `port` of loopback, 0 for any; `handlers` is asked for the handlers of each
    /// connection on the connection's own loop.
    static Channel start(int port, Supplier<List<ChannelHandler>> handlers)
            throws InterruptedException {
        return new ServerBootstrap()
                .group(Loops.of("accept", 1), Loops.of("serve", LOOPS))
                .channel(Loops.listening())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(
                        new ChannelInitializer<SocketChannel>() {
                            @Override
                            protected void initChannel(SocketChannel channel) {
                                handlers.get().forEach(channel.pipeline()::addLast);
                            }
                        })
                .bind(InetAddress.getLoopbackAddress(), port)
                .sync()
                .channel();
    }

    static List<ChannelHandler> echo() {
        return List.of(new EchoHandler());
    }

    private static HttpDecoderConfig decoderConfig() {
        return new HttpDecoderConfig().setMaxChunkSize(CHUNK_MAX).setValidateHeaders(false);
    }

    /// Handlers for connections to a server of the models in `folder`.
    static Supplier<List<ChannelHandler>> models(Path folder) {
        var ofThisLoop =
                new FastThreadLocal<Map<String, BareInfer>>() {
                    @Override
                    protected Map<String, BareInfer> initialValue() throws OrtException {
                        var byPath = new LinkedHashMap<String, BareInfer>();
                        for (var name : new String[] {"mlp", "cnn"})
                            byPath.put(
                                    "/v2/models/" + name + "/infer",
                                    new BareInfer(
                                            name, new BareModel(folder.resolve(name + ".onnx"))));
                        return byPath;
                    }
                };
        return () ->
                List.of(new HttpRequestDecoder(decoderConfig()), new BareHandler(ofThisLoop.get()));
    }
}
