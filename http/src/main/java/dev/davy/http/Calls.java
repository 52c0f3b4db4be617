package dev.davy.http;

import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes requests for routes off the event loop: checks them there, then gives each a virtual
/// thread.
final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final String MANAGEMENT = "/api/";

    private final HttpSettings settings;
    private final Routes routes;
    private final Gate gate;
    private final Semaphore slots;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();

    /// Bytes of bodies in memory, of all calls together, and how many there may be.
    private final AtomicLong bodiesHeld = new AtomicLong();

    private final long bodiesMost;

    Calls(HttpSettings settings, Routes routes, Gate gate) {
        this.settings = settings;
        this.routes = routes;
        this.gate = gate;
        this.slots = new Semaphore(settings.calls());
        this.bodiesMost =
                Math.max(settings.limits().bodyBytes(), Runtime.getRuntime().maxMemory() / 4);
    }

    /// On the event loop.
    void take(HttpServerRequest request) {
        var id = gate.requestId();
        try {
            begin(request, id);
        } catch (Problem problem) {
            gate.answer(request, problem, id);
        } catch (RuntimeException e) {
            LOG.error("request {}: a bug before its handler", id, e);
            Answer.refusal(request, Refusal.bug(), id);
        }
    }

    private void begin(HttpServerRequest request, String id) {
        gate.addressed(request);
        var uri = request.uri();
        if (uri.length() > settings.limits().urlBytes()) {
            Answer.refusal(request, Refusal.unreadable(414, "address-too-long"), id);
            return;
        }
        var method = request.method().name();
        if (uri.equals("*") && method.equals("OPTIONS")) {
            Answer.bytes(request, 204, Map.of(), "", new byte[0], id);
            return;
        }
        var target = Target.of(uri);
        var allowed = routes.allowed(target);
        if (!allowed.isEmpty() && !allowed.contains(method) || method.equals("OPTIONS"))
            request.response().putHeader("allow", String.join(", ", allowed));
        if (method.equals("OPTIONS") && !allowed.isEmpty()) {
            Answer.bytes(request, 204, Map.of(), "", new byte[0], id);
            return;
        }
        var match = routes.match(method, target);
        var route = match.route();
        var who = gate.permitted(request, route.needs());
        var query = known(route, target);
        long most = mostBytes(route.upload());
        var type = admit(request, route.upload());
        var encoding = gate.admitBody(request, most);
        if (encoding != Encoding.NONE && route.upload().kind() == Upload.Kind.FILE)
            throw new Problem(
                    Kind.UNSUPPORTED_MEDIA,
                    "encoding-not-supported",
                    "A file may not be compressed on its way.",
                    "This address stores the body as it comes.",
                    "Send the file itself, without Content-Encoding.");
        if (!slots.tryAcquire())
            throw new Problem(
                    Kind.UNAVAILABLE,
                    "too-many-calls",
                    "The server is busy.",
                    settings.calls() + " calls are running, which is the most.",
                    "Try again in a second.");
        var call =
                new Call(
                        this,
                        request,
                        Objects.requireNonNull(Vertx.currentContext()),
                        match,
                        target.path(),
                        query,
                        who,
                        new Call.Body(type, encoding, most),
                        id);
        running.add(call);
        call.start();
    }

    void ended(Call call) {
        running.remove(call);
        slots.release();
    }

    HttpSettings settings() {
        return settings;
    }

    /// Counts bytes that are held for a call until [#letGo].
    ///
    /// @throws Problem UNAVAILABLE `memory-busy` when all calls together hold too much
    void hold(long bytes) {
        if (bodiesHeld.addAndGet(bytes) <= bodiesMost) return;
        bodiesHeld.addAndGet(-bytes);
        throw new Problem(
                Kind.UNAVAILABLE,
                "memory-busy",
                "The server is busy.",
                "The bodies of the calls that are running fill the memory set aside for them.",
                "Try again in a second, or send less at once.");
    }

    void letGo(long bytes) {
        bodiesHeld.addAndGet(-bytes);
    }

    /// Lets calls go on for so long, then interrupts them.
    void close(Duration drain) throws InterruptedException {
        if (slots.tryAcquire(settings.calls(), drain.toNanos(), TimeUnit.NANOSECONDS)) return;
        running.forEach(Call::cancel);
    }

    private long mostBytes(Upload upload) {
        if (upload.maxBytes() > 0) return upload.maxBytes();
        var limits = settings.limits();
        return upload.kind() == Upload.Kind.FILE ? limits.uploadBytes() : limits.bodyBytes();
    }

    /// The query parameters that the route knows.
    private static Map<String, List<String>> known(Route route, Target target) {
        var known = new HashMap<>(target.query());
        known.keySet().retainAll(Set.copyOf(route.query()));
        if (known.size() == target.query().size() || !route.template().startsWith(MANAGEMENT))
            return known;
        var violations = new ArrayList<String>();
        for (var name : target.query().keySet())
            if (!route.query().contains(name))
                violations.add(
                        ("'" + name + "' is not known here. " + Nearest.hint(name, route.query()))
                                .strip());
        throw new Problem(
                Kind.MALFORMED,
                "query-unknown",
                "There are query parameters that this address does not know.",
                violations,
                route.query().isEmpty()
                        ? "It takes none."
                        : "It takes " + String.join(", ", route.query()) + ".");
    }

    /// The body's content type, if the route takes it.
    private static String admit(HttpServerRequest request, Upload upload) {
        boolean hasBody = hasBody(request);
        if (upload.kind() == Upload.Kind.NONE) {
            if (!hasBody) return "";
            throw new Problem(
                    Kind.UNSUPPORTED_MEDIA,
                    "body-not-expected",
                    "This address takes no body.",
                    "The request has one.",
                    "Send it without.");
        }
        if (!hasBody && upload.types().contains("")) return "";
        if (!hasBody)
            throw new Problem(
                    Kind.MALFORMED,
                    "body-missing",
                    "This address needs a body.",
                    "The request has none.",
                    "Send one of type " + String.join(" or ", upload.types()) + ".");
        var header = request.getHeader("content-type");
        var parts = (header == null ? "" : header).toLowerCase(Locale.ROOT).split(";");
        var type = parts.length == 0 ? "" : parts[0].strip();
        boolean utf8 = true;
        for (int i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip();
            if (parameter.startsWith("charset="))
                utf8 = parameter.matches("charset=\"?(utf-8|us-ascii)\"?");
        }
        if (utf8 && upload.types().stream().anyMatch(each -> matches(each, type))) return type;
        throw new Problem(
                Kind.UNSUPPORTED_MEDIA,
                "content-type-not-supported",
                "The body's content type is not read here.",
                "This address takes " + String.join(", ", upload.types()) + ", text as UTF-8.",
                "Send one of these, and say so in Content-Type.");
    }

    private static boolean matches(String allowed, String type) {
        return allowed.endsWith("/*")
                ? type.startsWith(allowed.substring(0, allowed.length() - 1))
                : allowed.equals(type);
    }

    private static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader("content-length");
        if (length != null) return !length.equals("0");
        if (request.version() == HttpVersion.HTTP_2)
            return request.getHeader("content-type") != null && !request.isEnded();
        return request.getHeader("transfer-encoding") != null;
    }
}
