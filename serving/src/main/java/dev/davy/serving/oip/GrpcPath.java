package dev.davy.serving.oip;

import dev.davy.access.Permission;
import dev.davy.http.Gate;
import dev.davy.runtime.Tensor;
import dev.davy.serving.Arm;
import dev.davy.serving.Endpoints;
import dev.davy.serving.LoadedModel;
import dev.davy.serving.Predictor;
import dev.davy.serving.Routing;
import dev.davy.serving.TensorCall;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The protocol's gRPC service, and the health service that orchestrators ask, on the same port and
/// the same lanes as REST.
final class GrpcPath {

    private static final Logger LOGGER = LoggerFactory.getLogger(GrpcPath.class);
    private static final byte[] NO_REQUEST = new byte[0];
    private static final String SERVICE = "inference.GRPCInferenceService/";
    private static final String HEALTH = "grpc.health.v1.Health/Check";

    private final DataPath path;
    private final Predictor predictor;
    private final Gate gate;
    private final GrpcServer server;
    private final GrpcManagement management;

    GrpcPath(
            DataPath path,
            Vertx vertx,
            Endpoints endpoints,
            Predictor predictor,
            Gate gate,
            Limits limits) {
        this.path = path;
        this.predictor = predictor;
        this.gate = gate;
        management = new GrpcManagement(endpoints);
        server =
                GrpcServer.server(
                        vertx, new GrpcServerOptions().setMaxMessageSize(limits.bodyBytes()));
        server.callHandler(this::call);
    }

    void handle(HttpServerRequest request) {
        try {
            var called = String.valueOf(request.path());
            var needs =
                    called.endsWith("/RepositoryModelLoad")
                                    || called.endsWith("/RepositoryModelUnload")
                            ? Permission.OPERATE
                            : Permission.PREDICT;
            var who = gate.check(request, needs);
            WHO.set(who.name());
        } catch (Problem problem) {
            refuse(request, problem);
            return;
        }
        server.handle(request);
    }

    /// The caller of the request that this event loop is handing over.
    private static final ThreadLocal<@Nullable String> WHO = new ThreadLocal<>();

    @SuppressWarnings("FutureReturnValueIgnored") // a caller who has gone needs no answer
    private static void refuse(HttpServerRequest request, Problem problem) {
        // A refusal without a message: status and text stand in the headers.
        request.response()
                .putHeader("content-type", "application/grpc")
                .putHeader("grpc-status", Integer.toString(status(problem).code))
                .putHeader("grpc-message", message(problem).replaceAll("[^ -$&-~]", "?"))
                .end();
    }

    private void call(GrpcServerRequest<Buffer, Buffer> request) {
        var method = request.fullMethodName();
        var who = Optional.ofNullable(WHO.get()).orElse("local");
        long arrived = System.nanoTime();
        request.errorHandler(error ->
                request.response().fail(new IllegalArgumentException(error.status.name())));
        var held = new Buffer[1];
        request.handler(message -> held[0] = message);
        // When the caller has said all: a call that ends without a message is answered too.
        request.endHandler(any -> take(request, method, held[0], who, arrived));
    }

    private void take(
            GrpcServerRequest<Buffer, Buffer> request,
            String method,
            @Nullable Buffer message,
            String who,
            long arrived) {
        try {
            var encoding = request.encoding();
            if (encoding != null && !encoding.equals("identity") && !encoding.equals("gzip"))
                throw new Problem(
                        Problem.Kind.NOT_OFFERED,
                        "encoding-not-offered",
                        "Messages in the encoding '"
                                + InferRequest.shown(encoding)
                                + "' are not read here.",
                        "Those in gzip are.",
                        "Compress with gzip, or not at all.");
            if (message == null)
                throw InferProblems.bad(
                        "message-missing",
                        "The call has no message.",
                        "It ended before one came.",
                        "Use a client of the Open Inference Protocol.");
            if (method.equals(SERVICE + "ModelInfer")) infer(request, message.getBytes(), arrived);
            else if (method.startsWith(SERVICE))
                manage(request, method.substring(SERVICE.length()), message.getBytes(), who);
            else if (method.equals(HEALTH))
                answer(request, GrpcMessages.message(out -> out.writeEnum(1, 1)));
            else
                fail(
                        request,
                        new Problem(
                                Problem.Kind.NOT_OFFERED,
                                "method-not-offered",
                                "There is no method '" + method + "'.",
                                "It is not offered here.",
                                "See the Open Inference Protocol."));
        } catch (Problem problem) {
            fail(request, problem);
        } catch (RuntimeException bug) {
            LOGGER.error("gRPC call {} failed", method, bug);
            fail(request, internal());
        }
    }

    private static Problem internal() {
        return new Problem(
                Problem.Kind.MODEL_FAILED,
                "server-failed",
                "The call failed.",
                "It is a mistake of the server.",
                "See the server's log.");
    }

    private void manage(
            GrpcServerRequest<Buffer, Buffer> request, String method, byte[] message, String who) {
        var context = DataPath.context();
        // Loading reads files and the database: not on the loop.
        Thread.startVirtualThread(() -> {
            try {
                var answer = management.answer(method, message, who);
                OnLoop.later(context, () -> answer(request, answer));
            } catch (Problem problem) {
                OnLoop.later(context, () -> fail(request, problem));
            } catch (RuntimeException bug) {
                LOGGER.error("gRPC call {} failed", method, bug);
                OnLoop.later(context, () -> fail(request, internal()));
            }
        });
    }

    private void infer(GrpcServerRequest<Buffer, Buffer> request, byte[] message, long arrived) {
        var addressed = GrpcInfer.addressed(message);
        var routing = path.find(addressed.model(), addressed.version());
        var loop = path.loop();
        var decoder = loop.decoder(routing.shape());
        GrpcInfer.decode(message, decoder);
        var entity = decoder.entity != null ? decoder.entity : request.headers().get("davy-entity");
        Optional<Long> allowed =
                decoder.timeoutMicros > 0
                        ? Optional.of(decoder.timeoutMicros * 1_000)
                        : request.timeout() > 0
                                ? Optional.of(request.timeout() * 1_000_000)
                                : Optional.empty();
        long deadline = Predictor.deadline(routing, arrived, allowed);
        if (!routing.shape().direct()) {
            var context = DataPath.context();
            new ColumnInfer(predictor, routing, decoder, entity, Optional.empty(), deadline)
                    .run(
                            decoder,
                            answered -> {
                                var body =
                                        encode(
                                                routing,
                                                answered.number(),
                                                answered.id(),
                                                answered.ids(),
                                                answered.arm(),
                                                answered.version(),
                                                answered.outputs(),
                                                answered.tensors(),
                                                0,
                                                0,
                                                true);
                                OnLoop.later(context, () -> answer(request, body));
                            },
                            problem -> OnLoop.later(context, () -> fail(request, problem)));
            return;
        }
        var arm = TensorArms.arm(routing, decoder, entity, Optional.empty());
        var model = TensorArms.model(arm);
        // Asked once: a model may become quick, or slow, at any moment.
        boolean quick = model.quick();
        var call =
                new Call(request, routing, arm, model, quick, decoder, entity, arrived, deadline);
        if (predictor.unasked(call, decoder)) return;
        if (quick) loop.lane(routing, model).submit(call, decoder);
        else predictor.submit(call, decoder);
    }

    private static byte[] encode(
            Routing routing,
            String number,
            @Nullable String id,
            long[] ids,
            String arm,
            String version,
            int[] outputs,
            List<Tensor> tensors,
            int firstRow,
            int rows,
            boolean whole) {
        return GrpcMessages.message(out -> {
            out.writeString(1, routing.endpoint().name());
            out.writeString(2, number);
            out.writeString(3, id != null ? id : new UUID(ids[0], ids[1]).toString());
            GrpcMessages.parameter(out, 4, "davy-prediction-id", InferAnswer.list(ids));
            GrpcMessages.parameter(out, 4, "davy-arm", arm);
            GrpcMessages.parameter(out, 4, "davy-version", version);
            var raw = new ArrayList<byte[]>();
            for (int output : outputs) {
                var tensor = tensors.get(output);
                int each = InferAnswer.elementsEach(tensor);
                var shape = new ArrayList<Long>();
                for (int axis = 0; axis < tensor.rank(); axis++)
                    shape.add(axis == 0 && !whole ? (long) rows : tensor.dimension(axis));
                GrpcMessages.nested(
                        out,
                        5,
                        of -> {
                            of.writeString(
                                    1, routing.shape().signature().outputs().get(output).name());
                            of.writeString(2, tensor.datatype().name());
                            GrpcMessages.shape(of, 3, shape);
                        });
                raw.add(
                        whole
                                ? InferAnswer.rawOf(tensor, 0, tensor.elements())
                                : InferAnswer.rawOf(
                                        tensor, firstRow * each, (firstRow + rows) * each));
            }
            for (var bytes : raw) out.writeByteArray(6, bytes);
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private static void answer(GrpcServerRequest<Buffer, Buffer> request, byte[] message) {
        request.response().end(Buffer.buffer(message));
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private static void fail(GrpcServerRequest<Buffer, Buffer> request, Problem problem) {
        request.response().status(status(problem)).statusMessage(message(problem)).end();
    }

    private static String message(Problem problem) {
        return String.valueOf(problem.getMessage());
    }

    private static GrpcStatus status(Problem problem) {
        return switch (problem.kind()) {
            case MALFORMED, UNACCEPTABLE, UNSUPPORTED_MEDIA, MISDIRECTED ->
                    GrpcStatus.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> GrpcStatus.UNAUTHENTICATED;
            case FORBIDDEN -> GrpcStatus.PERMISSION_DENIED;
            case NOT_FOUND, GONE -> GrpcStatus.NOT_FOUND;
            case METHOD, NOT_OFFERED -> GrpcStatus.UNIMPLEMENTED;
            case CONFLICT -> GrpcStatus.ABORTED;
            case PRECONDITION -> GrpcStatus.FAILED_PRECONDITION;
            case TOO_LARGE, OVERLOADED, FULL -> GrpcStatus.RESOURCE_EXHAUSTED;
            case MODEL_FAILED -> GrpcStatus.INTERNAL;
            case UNAVAILABLE -> GrpcStatus.UNAVAILABLE;
            case DEADLINE -> GrpcStatus.DEADLINE_EXCEEDED;
        };
    }

    /// The call on its way through lanes.
    private static final class Call extends TensorCall {
        private final GrpcServerRequest<Buffer, Buffer> request;
        private final @Nullable String id;
        private final int[] outputs;
        private final @Nullable Context loop;
        private @Nullable Context context;

        Call(
                GrpcServerRequest<Buffer, Buffer> request,
                Routing routing,
                Arm arm,
                LoadedModel model,
                boolean quick,
                InferRequest decoded,
                @Nullable String entity,
                long arrived,
                long deadline) {
            super(
                    routing,
                    arm,
                    false,
                    model,
                    decoded.id == null ? NO_REQUEST : decoded.id.getBytes(StandardCharsets.UTF_8),
                    entity,
                    decoded.rows(model.byRow()),
                    arrived,
                    deadline);
            this.request = request;
            id = decoded.id;
            outputs = Arrays.copyOf(decoded.outputs, decoded.outputCount);
            context = quick ? null : DataPath.context();
            // A run that is shared has no context of its own any more.
            loop = routing.automation().looks() ? DataPath.context() : null;
        }

        @Override
        protected void answered(List<Tensor> tensors, int firstRow, boolean whole) {
            var body =
                    encode(
                            routing(),
                            model().number(),
                            id,
                            ids(),
                            arm().role().word(),
                            model().version(),
                            outputs,
                            tensors,
                            firstRow,
                            rows(),
                            whole);
            var from = context;
            if (from == null) answer(request, body);
            else OnLoop.later(from, () -> answer(request, body));
        }

        @Override
        protected void held() {
            if (context == null) context = loop;
        }

        @Override
        protected void failed(Problem problem) {
            var from = context;
            if (from == null) fail(request, problem);
            else OnLoop.later(from, () -> fail(request, problem));
        }
    }
}
