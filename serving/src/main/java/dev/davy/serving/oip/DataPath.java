package dev.davy.serving.oip;

import dev.davy.access.Permission;
import dev.davy.http.FastPath;
import dev.davy.http.Gate;
import dev.davy.serving.Endpoints;
import dev.davy.serving.LoadedModel;
import dev.davy.serving.Predictor;
import dev.davy.serving.Routing;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The data path: infer calls of the protocol, from the socket to the model and back on one event
/// loop, without a thread in between.
///
/// This is the one asynchronous corner of the house. A request body is decoded into memory of its
/// loop, joins the batch of this turn, and is answered when the batch has been run and logged.
public final class DataPath implements FastPath, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(DataPath.class);
    private static final String MODELS = "/v2/models/";
    private static final String INFER = "/infer";

    private final Endpoints endpoints;
    private final Predictor predictor;
    private final Limits limits;

    @SuppressWarnings("ThreadLocalUsage") // one data path a server; tests run several in a process
    private final ThreadLocal<@Nullable LoopState> loops = new ThreadLocal<>();

    private final Queue<LoopState> states = new ConcurrentLinkedQueue<>();

    private @Nullable Vertx vertx;
    private @Nullable Gate gate;
    private @Nullable GrpcPath grpc;

    public DataPath(Endpoints endpoints, Predictor predictor, Limits limits) {
        this.endpoints = endpoints;
        this.predictor = predictor;
        this.limits = limits;
    }

    @Override
    public void open(Vertx opener, Gate opened) {
        vertx = opener;
        gate = opened;
        grpc = new GrpcPath(this, opener, endpoints, predictor, opened, limits);
    }

    /// Lets each event loop make what the first call of each endpoint would have to wait for: a
    /// session of its own with quick models. Returns when it is there.
    public void prepare() {
        var opened = vertx;
        if (!(opened instanceof VertxInternal vertxInternal))
            throw new IllegalStateException("the data path is not open");
        var prepared = new ArrayList<Future<?>>();
        for (var executor : vertxInternal.eventLoopGroup())
            if (executor instanceof EventLoop loop)
                prepared.add(loop.submit(() -> state(loop).prepare(endpoints.table())));
        try {
            for (var each : prepared) each.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Lets go of the sessions with models. To be called when the server has closed: its event
    /// loops run no more.
    @Override
    public void close() {
        for (var state = states.poll(); state != null; state = states.poll()) state.close();
    }

    @Override
    public boolean handle(HttpServerRequest request) {
        var path = request.path();
        if (path == null || !request.method().equals(HttpMethod.POST)) return false;
        var table = endpoints.table();
        var routing = table.byInferPath(path);
        if (routing != null) {
            infer(request, routing);
            return true;
        }
        if (path.startsWith(MODELS)
                && path.endsWith(INFER)
                && path.length() > MODELS.length() + INFER.length()) {
            inferOther(request, path);
            return true;
        }
        var contentType = request.getHeader("content-type");
        if (grpc != null && contentType != null && contentType.startsWith("application/grpc")) {
            grpc.handle(request);
            return true;
        }
        return false;
    }

    Gate gate() {
        var opened = gate;
        if (opened == null) throw new IllegalStateException("the data path is not open");
        return opened;
    }

    /// What a caller is told of a bug, which goes to the server's own log.
    Problem mistake(RuntimeException bug) {
        LOGGER.error("an infer call failed", bug);
        return new Problem(
                Problem.Kind.MODEL_FAILED,
                "server-failed",
                "The call failed.",
                "It is a mistake of the server.",
                "See the server's log.");
    }

    Limits limits() {
        return limits;
    }

    Predictor predictor() {
        return predictor;
    }

    /// This event loop's state, as it fits the table of now.
    LoopState loop() {
        var state = loops.get();
        if (state == null) state = state(eventLoop());
        state.see(endpoints.table());
        return state;
    }

    private LoopState state(EventLoop loop) {
        var state = loops.get();
        if (state != null) return state;
        state = new LoopState(predictor, limits, loop);
        states.add(state);
        loops.set(state);
        return state;
    }

    /// The event loop that this is called on, for an answer that comes from another thread.
    static Context context() {
        var context = Vertx.currentContext();
        if (context == null) throw new IllegalStateException("not on an event loop");
        return context;
    }

    private static EventLoop eventLoop() {
        if (Vertx.currentContext() instanceof ContextInternal context)
            return context.nettyEventLoop();
        throw new IllegalStateException("not on an event loop");
    }

    /// A path that is not written as we would write it, or names what is not there.
    private void inferOther(HttpServerRequest request, String path) {
        try {
            // Who may not ask is not told which endpoints there are.
            gate().check(request, Permission.PREDICT);
            infer(request, find(path.substring(MODELS.length(), path.length() - INFER.length())));
        } catch (Problem problem) {
            gate().answer(request, problem, gate().requestId());
        }
    }

    private Routing find(String named) {
        var parts = named.split("/", -1);
        var name = decoded(parts[0]);
        if (parts.length == 3 && parts[1].equals("versions")) return find(name, decoded(parts[2]));
        if (parts.length != 1) throw InferProblems.unknownModel(InferRequest.shown(name));
        return find(name, "");
    }

    /// The routing of an endpoint, ready to answer.
    ///
    /// @param version empty: whichever is served
    Routing find(String name, String version) {
        var routing =
                endpoints
                        .table()
                        .route(name)
                        .orElseThrow(() -> InferProblems.unknownModel(InferRequest.shown(name)));
        if (!routing.ready()) throw InferProblems.notReady(name);
        if (!version.isEmpty()
                && routing.live().stream().noneMatch(arm -> arm.program().number().equals(version)))
            throw InferProblems.unknownVersion(name, InferRequest.shown(version));
        return routing;
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw InferProblems.bad(
                    "path-malformed",
                    "The path can't be decoded.",
                    "A percent sign is not followed by two hexadecimal digits.",
                    "Encode the name once.");
        }
    }

    private void infer(HttpServerRequest request, Routing routing) {
        var open = gate();
        try {
            open.check(request, Permission.PREDICT);
            open.admitBody(request, limits.bodyBytes());
            if (!routing.ready()) throw InferProblems.notReady(routing.endpoint().name());
        } catch (Problem problem) {
            open.answer(request, problem, open.requestId());
            return;
        }
        new RestInfer(this, request, routing).read();
    }

    /// The model of the live arm when tensors may go to it as they are; null where rows must be
    /// made of them.
    static @Nullable LoadedModel direct(Routing routing) {
        if (!routing.shape().direct()) return null;
        return routing.live().flatMap(arm -> arm.program().only()).orElse(null);
    }
}
