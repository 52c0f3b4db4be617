package dev.davy.http;

import dev.davy.access.Permission;
import dev.davy.access.Tokens;
import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import dev.davy.strict.Hashes;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/// A small server with routes of each sort, on a free port.
final class TestServer implements AutoCloseable {
    /// Time-outs that a test can wait for.
    static final Limits IMPATIENT =
            Limits.DEFAULT
                    .with("header-timeout", "400ms")
                    .with("body-timeout", "600ms")
                    .with("idle-timeout", "2s")
                    .with("body-bytes", "1 MiB")
                    .with("upload-bytes", "8 MiB");

    final Path folder;
    final Database database;
    final Tokens tokens;
    final HttpServer server;

    /// Counted down when the handler of `/api/v1/forever` has begun, and when it was interrupted.
    final CountDownLatch begun = new CountDownLatch(1);

    final CountDownLatch interrupted = new CountDownLatch(1);

    TestServer(Limits limits) throws IOException {
        this(limits, FastPath.NONE);
    }

    TestServer(Limits limits, FastPath fast) throws IOException {
        folder = Files.createTempDirectory("davy-http");
        database = Database.sqlite(folder.resolve("state.db"));
        tokens = new Tokens(database, new Ids(0, InstantSource.system()), InstantSource.system());
        var temporary = Files.createDirectory(folder.resolve("temporary"));
        var settings = HttpSettings.of("127.0.0.1", 0, temporary).within(limits);
        server = HttpServer.start(settings, routes(), fast, tokens);
    }

    int port() {
        return server.port();
    }

    Path temporary() {
        return folder.resolve("temporary");
    }

    Raw connect() throws IOException {
        return new Raw(port());
    }

    private Routes routes() {
        return new Routes()
                .add(
                        Route.get("/api/v1/hello", Permission.READ, _ -> Response.text("hello")),
                        Route.get(
                                        "/api/v1/things/{name}",
                                        Permission.READ,
                                        request -> Response.text(request.parameter("name")))
                                .query("limit", "kind"),
                        Route.get(
                                "/v2/things/{name}",
                                Permission.PREDICT,
                                request -> Response.text(request.parameter("name"))),
                        Route.post(
                                "/api/v1/echo",
                                Permission.OPERATE,
                                Upload.JSON,
                                request -> Response.json(request.json())),
                        Route.post(
                                "/v2/echo",
                                Permission.PREDICT,
                                Upload.JSON,
                                request -> Response.json(request.json())),
                        Route.post(
                                "/api/v1/files",
                                Permission.OPERATE,
                                Upload.file("application/octet-stream"),
                                TestServer::digest),
                        Route.post(
                                "/api/v1/reload",
                                Permission.OPERATE,
                                Upload.NONE,
                                _ -> Response.nothing()),
                        Route.get("/api/v1/lines", Permission.READ, TestServer::lines)
                                .query("count", "bytes"),
                        Route.get("/api/v1/forever", Permission.READ, _ -> forever()),
                        Route.get(
                                "/api/v1/bug",
                                Permission.READ,
                                _ -> {
                                    throw new IllegalStateException("secret of /etc/passwd");
                                }));
    }

    private static Response digest(Request request) throws IOException {
        return Response.json(
                Json.object()
                        .put("sha256", Hashes.sha256(request.file()))
                        .put("bytes", Files.size(request.file())));
    }

    private static Response lines(Request request) {
        long count = request.query("count", 3, 0, 1_000_000);
        int bytes = (int) request.query("bytes", 10, 1, 100_000);
        var line = "\"%s\"".formatted("x".repeat(bytes)).getBytes(StandardCharsets.UTF_8);
        return Response.stream(sink -> {
            for (long i = 0; i < count; i++) sink.line(line);
        });
    }

    private Response forever() throws InterruptedException {
        begun.countDown();
        try {
            new CountDownLatch(1).await();
            throw new IllegalStateException("nobody counts it down");
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
