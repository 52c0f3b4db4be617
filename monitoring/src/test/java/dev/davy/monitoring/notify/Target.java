package dev.davy.monitoring.notify;

import com.sun.net.httpserver.HttpServer;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Whoever is told: a real server on loopback that notes what comes.
final class Target implements AutoCloseable {
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Got(String path, Map<String, String> headers, byte[] body) {
        JsonNode json() {
            return Json.read(body, Limits.DEFAULT);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private final HttpServer server;
    private final ArrayDeque<Integer> statuses = new ArrayDeque<>();
    final LinkedBlockingQueue<Got> got = new LinkedBlockingQueue<>();

    Target(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(
                "/",
                exchange -> {
                    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
                    exchange.getRequestHeaders()
                            .forEach((name, all) -> headers.put(name, all.getFirst()));
                    var body = exchange.getRequestBody().readAllBytes();
                    int status;
                    synchronized (statuses) {
                        status = Objects.requireNonNullElse(statuses.poll(), 200);
                    }
                    if (status / 100 == 3)
                        exchange.getResponseHeaders().set("Location", url("/elsewhere"));
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                    got.add(new Got(exchange.getRequestURI().toString(), headers, body));
                });
        server.start();
    }

    /// What it answers next, one after the other; 200 to all after these.
    void answers(Integer... next) {
        synchronized (statuses) {
            for (int status : next) statuses.add(status);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    Got next() throws InterruptedException {
        var next = got.poll(60, TimeUnit.SECONDS);
        if (next == null) throw new AssertionError("nothing came within a minute");
        return next;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
