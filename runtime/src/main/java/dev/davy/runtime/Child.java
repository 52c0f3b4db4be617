package dev.davy.runtime;

import dev.davy.runtime.ort.Ort;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The process in which an isolated model runs.
///
/// It loads one model, says on its standard output how that went, and answers whoever connects to
/// its socket, one thread and session each. It ends when its standard input ends, which happens
/// even when its parent is killed.
final class Child {
    static final int GREETING = 0xDA1B;

    private Child() {}

    public static void main(String[] arguments) {
        var socket = Path.of(arguments[0]);
        var file = Path.of(arguments[2]);
        Thread.ofPlatform().daemon().name("lifeline").start(() -> dieWithTheParent(socket));
        Ort.use(Path.of(arguments[1]));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            OnnxModel model;
            long began = System.nanoTime();
            try {
                model = Onnx.open(file, Inspection.of(file, Limits.DEFAULT, true), false);
            } catch (Problem problem) {
                greet(problem);
                return;
            }
            greet(System.nanoTime() - began);
            while (true) {
                var connection = server.accept();
                Thread.ofPlatform().daemon().name("session").start(() -> serve(model, connection));
            }
        } catch (IOException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static void dieWithTheParent(Path socket) {
        try {
            while (System.in.read() >= 0) Thread.onSpinWait();
        } catch (IOException e) {
            // As good as the end.
        }
        try {
            Files.deleteIfExists(socket);
            var folder = socket.getParent();
            if (folder != null) Files.deleteIfExists(folder);
        } catch (IOException e) {
            // The parent cleans up as well, if it lives.
        }
        Runtime.getRuntime().halt(0);
    }

    private static void greet(long loadingNanos) throws IOException {
        var out = new DataOutputStream(System.out);
        out.writeInt(GREETING);
        out.writeBoolean(true);
        out.writeLong(loadingNanos);
        out.flush();
    }

    private static void greet(Problem problem) throws IOException {
        var out = new DataOutputStream(System.out);
        out.writeInt(GREETING);
        out.writeBoolean(false);
        out.writeUTF(problem.code());
        out.writeUTF(problem.what());
        out.writeUTF(problem.why());
        out.writeUTF(problem.todo());
        out.flush();
    }

    private static void serve(OnnxModel model, SocketChannel connection) {
        Session session = null;
        boolean gaveWay = false;
        try (var exchange = new Exchange(connection)) {
            List<Tensor> inputs = List.of();
            while (true) {
                exchange.receive();
                long left = exchange.getLong();
                if (exchange.getByte() != 0 && !gaveWay) {
                    Background.giveWay();
                    gaveWay = true;
                }
                inputs = exchange.getTensors(inputs);
                try {
                    if (session == null) session = model.open();
                } catch (Problem noRoom) {
                    refuse(exchange, noRoom);
                    continue;
                }
                answer(exchange, session, inputs, left);
            }
        } catch (IOException e) {
            // The parent has closed this session.
            if (session != null) session.close();
        }
    }

    private static void refuse(Exchange exchange, Problem problem) throws IOException {
        exchange.begin();
        exchange.putByte(1);
        exchange.putProblem(problem);
        exchange.send();
    }

    private static void answer(Exchange exchange, Session session, List<Tensor> inputs, long left)
            throws IOException {
        long deadline = left == Long.MAX_VALUE ? left : System.nanoTime() + left;
        try {
            long began = System.nanoTime();
            var outputs = session.run(inputs, deadline);
            long ran = System.nanoTime() - began;
            exchange.begin();
            exchange.putByte(0);
            exchange.putLong(ran);
            exchange.putTensors(outputs);
            exchange.send();
        } catch (Problem problem) {
            refuse(exchange, problem);
        }
    }
}
