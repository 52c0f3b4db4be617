package dev.davy.http;

import dev.davy.strict.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes requests for routes off the event loop: checks them there, then gives each a virtual
/// thread.
final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final HttpSettings settings;
    private final Routes routes;
    private final Gate gate;
    private final Room room;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();

    Calls(HttpSettings settings, Routes routes, Gate gate) {
        this.settings = settings;
        this.routes = routes;
        this.gate = gate;
        this.room = new Room(settings);
    }

    /// On the event loop.
    void take(HttpServerRequest request) {
        var id = gate.requestId();
        try {
            begin(request, id);
        } catch (Problem problem) {
            refuse(request, Refusal.of(problem), id);
        } catch (RuntimeException e) {
            LOG.error("request {}: a bug before its handler", id, e);
            refuse(request, Refusal.bug(), id);
        }
    }

    /// As a page where a person's browser asked for one, else as a document. On the event loop.
    void refuse(HttpServerRequest request, Refusal refusal, String id) {
        var page = routes.refusalPage();
        if (page.isEmpty() || !RefusalPage.isWanted(request)) {
            Answer.refusal(request, refusal, id);
            return;
        }
        if (request.response().ended() || request.response().headWritten()) return;
        try {
            var response =
                    page.get()
                            .show(
                                    new RefusalPage.Refused(
                                            refusal.status(),
                                            refusal.code(),
                                            refusal.what(),
                                            refusal.why(),
                                            refusal.todo(),
                                            refusal.violations(),
                                            id));
            if (response.content() instanceof Response.Content.Bytes(var type, var bytes)) {
                Answer.bytes(request, refusal.status(), response.headers(), type, bytes, id);
                return;
            }
        } catch (RuntimeException e) {
            LOG.error("request {}: a bug in the page that shows refusals", id, e);
        }
        Answer.refusal(request, refusal, id);
    }

    private void begin(HttpServerRequest request, String id) {
        gate.addressed(request);
        if (request.uri().length() > settings.limits().urlBytes()) {
            Answer.refusal(request, Refusal.unreadable(414, "address-too-long"), id);
            return;
        }
        if (request.method().equals(HttpMethod.OPTIONS)) {
            options(request, id);
            return;
        }
        var target = Target.of(request.uri());
        var method = request.method().name();
        var allowed = routes.allowed(target);
        if (!allowed.isEmpty() && !allowed.contains(method))
            request.response().putHeader("allow", String.join(", ", allowed));
        var match = routes.match(method, target);
        var upload = match.route().upload();
        var who = gate.permitted(request, match.route().needs());
        var query = Admission.known(match.route(), target);
        var type = Admission.contentType(request, upload);
        long most = mostBytes(upload);
        var encoding = Admission.encoding(gate.admitBody(request, most), upload);
        room.enter();
        try {
            var loop = Objects.requireNonNull(Vertx.currentContext());
            var body = new Call.Body(type, encoding, most);
            var call = new Call(this, request, loop, match, target.path(), query, who, body, id);
            running.add(call);
            call.start();
        } catch (RuntimeException e) {
            room.leave();
            throw e;
        }
    }

    /// Which methods an address takes. Nothing is said of other origins: they may do nothing.
    private void options(HttpServerRequest request, String id) {
        if (!request.uri().equals("*")) {
            var target = Target.of(request.uri());
            var allowed = routes.allowed(target);
            if (allowed.isEmpty()) routes.match("OPTIONS", target); // throws: nothing is there
            request.response().putHeader("allow", String.join(", ", allowed));
        }
        Answer.bytes(request, 204, Map.of(), "", new byte[0], id);
    }

    void ended(Call call) {
        running.remove(call);
        room.leave();
    }

    HttpSettings settings() {
        return settings;
    }

    Room room() {
        return room;
    }

    /// Lets calls go on for so long, then interrupts them.
    void close(Duration drain) throws InterruptedException {
        if (!room.awaitEmpty(drain)) running.forEach(Call::cancel);
    }

    private long mostBytes(Upload upload) {
        if (upload.maxBytes() > 0) return upload.maxBytes();
        var limits = settings.limits();
        return upload.kind() == Upload.Kind.FILE ? limits.uploadBytes() : limits.bodyBytes();
    }
}
