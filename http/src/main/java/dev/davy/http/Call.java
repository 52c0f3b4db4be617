package dev.davy.http;

import dev.davy.access.Principal;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import dev.davy.strict.SafePath;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request of a route, from its body to the last byte of its answer, on a virtual thread.
final class Call implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);
    private static final int PIECE = 64 * 1024;

    /// RFC 1951: a block of 258 bytes takes two bits at least.
    private static final int DEFLATE_RATIO_MAX = 1032;

    /// What is known of the body before it is read.
    record Body(String type, Encoding encoding, long most) {}

    private final Calls calls;
    private final HttpServerRequest request;
    private final Context loop;
    private final Routes.Match match;
    private final String path;
    private final Map<String, List<String>> query;
    private final Principal who;
    private final Body body;
    private final String id;
    private final BodyStream in;
    private final BodySink out;
    private final Thread thread;
    private Optional<Path> file = Optional.empty();
    private long held;
    private volatile boolean gone;

    /// On the event loop.
    Call(
            Calls calls,
            HttpServerRequest request,
            Context loop,
            Routes.Match match,
            String path,
            Map<String, List<String>> query,
            Principal who,
            Body body,
            String id) {
        this.calls = calls;
        this.request = request;
        this.loop = loop;
        this.match = match;
        this.path = path;
        this.query = query;
        this.who = who;
        this.body = body;
        this.id = id;
        this.in = new BodyStream(request, loop, calls.settings().limits());
        this.out = new BodySink(request.response(), loop, calls.settings().limits());
        this.thread = Thread.ofVirtual().name("call-" + id).unstarted(this);
        request.exceptionHandler(_ -> gone());
        request.response().exceptionHandler(_ -> gone()).closeHandler(_ -> gone());
    }

    void start() {
        thread.start();
    }

    /// The client has left, or the server has sent it away. What only it wanted to know is not
    /// worked out any further; what changes something is carried through, because an interrupt in
    /// the middle of it would close files that others have open, too.
    private void gone() {
        gone = true;
        in.broke();
        out.broke();
        var route = match.route();
        if (route.method().equals("GET") || route.upload().kind() == Upload.Kind.FILE) cancel();
    }

    void cancel() {
        thread.interrupt();
    }

    @Override
    public void run() {
        try {
            answer(match.route().handler().handle(read()));
        } catch (Problem problem) {
            refuse(Refusal.of(problem));
        } catch (BodyStream.TooSlow e) {
            refuse(Refusal.unreadable(408, "body-too-slow"));
        } catch (BodyStream.Broken | InterruptedException | InterruptedIOException e) {
            cancelled();
        } catch (Exception | StackOverflowError e) {
            if (gone) cancelled();
            else failed(e);
        } finally {
            tidy();
            calls.ended(this);
        }
    }

    private Request read() throws IOException {
        var headers = new HashMap<String, List<String>>();
        for (var name : request.headers().names())
            headers.put(name.toLowerCase(Locale.ROOT), request.headers().getAll(name));
        var payload =
                switch (match.route().upload().kind()) {
                    case NONE -> Payload.NONE;
                    case BYTES -> new Payload.Bytes(body.type, bytes());
                    case FILE -> stored();
                };
        return new Request(
                match.route().method(),
                path,
                match.parameters(),
                query,
                new Headers(headers),
                who,
                payload,
                id,
                calls.settings().limits());
    }

    private byte[] bytes() throws IOException {
        var whole = new ByteArrayOutputStream();
        var piece = new byte[PIECE];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            if (whole.size() + n > body.most) throw Gate.tooLarge(body.most);
            hold(n);
            whole.write(piece, 0, n);
        }
        if (body.encoding == Encoding.NONE) return whole.toByteArray();
        hold(Math.min(body.most, (long) whole.size() * DEFLATE_RATIO_MAX));
        return body.encoding.decode(whole.toByteArray(), body.most);
    }

    private void hold(long bytes) {
        calls.room().hold(bytes);
        held += bytes;
    }

    private Payload.Stored stored() throws IOException {
        var path = SafePath.inside(calls.settings().temporary(), "upload-" + id);
        file = Optional.of(path);
        long size = 0;
        try (var to = Files.newOutputStream(path)) {
            var piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                size += n;
                if (size > body.most) throw Gate.tooLarge(body.most);
                store(to, piece, n);
            }
        }
        return new Payload.Stored(body.type, path, size);
    }

    private static void store(java.io.OutputStream to, byte[] piece, int length)
            throws IOException {
        try {
            to.write(piece, 0, length);
        } catch (InterruptedIOException | java.nio.channels.ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            LOG.error("an upload cannot be stored", e);
            throw new Problem(
                    Kind.FULL,
                    "disk-full",
                    "The upload cannot be stored.",
                    "The server's disk is full or has failed.",
                    "Make room on it, then send the upload again.");
        }
    }

    private void answer(Response response) throws Exception {
        switch (response.content()) {
            case Response.Content.None _ -> send(response, "", new byte[0]);
            case Response.Content.Bytes(var type, var bytes) -> send(response, type, bytes);
            case Response.Content.Stream(var type, _)
                    when request.method().equals(HttpMethod.HEAD) ->
                    send(response, type, new byte[0]);
            case Response.Content.Stream(var type, var producer) ->
                    stream(response, type, producer);
        }
    }

    private void send(Response response, String type, byte[] bytes) {
        tidy(); // whoever has the answer finds nothing left
        loop.runOnContext(
                _ -> Answer.bytes(request, response.status(), response.headers(), type, bytes, id));
    }

    private void stream(Response response, String type, Response.Producer producer)
            throws Exception {
        calls.room().beginStream();
        try {
            loop.runOnContext(_ -> streamHead(response, type));
            producer.writeTo(out);
            loop.runOnContext(_ -> {
                if (!request.response().closed()) request.response().end();
            });
        } catch (Exception | StackOverflowError e) {
            // Without its proper end the client can see that the stream was cut.
            loop.runOnContext(_ -> Answer.breakOff(request));
            boolean left = e instanceof InterruptedException || e instanceof BodyStream.Broken;
            // Whoever follows a stream ends it by going.
            if (gone || left) LOG.debug("request {}: {} ended by its client", id, where());
            else LOG.error("request {}: {} ended short", id, where(), e);
        } finally {
            calls.room().endStream();
        }
    }

    private void streamHead(Response response, String type) {
        var to = request.response();
        if (to.closed()) return;
        Answer.head(to, response.status(), response.headers(), type, id);
        to.setChunked(true);
        // HTTP/1.0 knows no chunks: there the head goes with the first piece.
        if (request.version() != HttpVersion.HTTP_1_0) to.writeHead();
    }

    private void refuse(Refusal refusal) {
        tidy();
        loop.runOnContext(_ -> calls.refuse(request, refusal, id));
    }

    private void failed(Throwable e) {
        LOG.error("request {}: a bug in {}", id, where(), e);
        refuse(Refusal.bug());
    }

    private void cancelled() {
        LOG.info("request {}: {} cancelled, its client has gone or was cut off", id, where());
        loop.runOnContext(_ -> Answer.breakOff(request));
    }

    private String where() {
        return match.route().method() + " " + match.route().template();
    }

    /// Lets go of the body. Once or more often.
    private void tidy() {
        calls.room().letGo(held);
        held = 0;
        try {
            if (file.isPresent()) Files.deleteIfExists(file.get());
        } catch (IOException e) {
            LOG.warn("request {}: its upload could not be deleted", id, e);
        }
    }
}
