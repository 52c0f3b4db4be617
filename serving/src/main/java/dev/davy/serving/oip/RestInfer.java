package dev.davy.serving.oip;

import dev.davy.access.Permission;
import dev.davy.runtime.Tensor;
import dev.davy.serving.Arm;
import dev.davy.serving.LoadedModel;
import dev.davy.serving.Predictor;
import dev.davy.serving.Routing;
import dev.davy.serving.TensorCall;
import dev.davy.strict.Gzip;
import dev.davy.strict.Problem;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One infer call over REST, from its first byte to its answer.
final class RestInfer {

    private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("content-type");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence OCTETS =
            HttpHeaders.createOptimized("application/octet-stream");
    private static final CharSequence HEADER_LENGTH =
            HttpHeaders.createOptimized("inference-header-content-length");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("davy-request-id");
    private static final CharSequence PREDICTION_ID =
            HttpHeaders.createOptimized("davy-prediction-id");
    private static final CharSequence ARM = HttpHeaders.createOptimized("davy-arm");
    private static final CharSequence VERSION = HttpHeaders.createOptimized("davy-version");
    private static final CharSequence ENTITY = HttpHeaders.createOptimized("davy-entity");
    private static final byte[] NO_REQUEST = new byte[0];

    /// Smaller answers are not worth compressing.
    private static final int COMPRESS_FROM = 1024;

    private final DataPath path;
    private final HttpServerRequest http;
    private final Routing routing;
    private final long arrivedNanos = System.nanoTime();
    private @Nullable Buffer first;
    private @Nullable Buffer rest;
    private long received;
    private boolean done;

    RestInfer(DataPath path, HttpServerRequest http, Routing routing) {
        this.path = path;
        this.http = http;
        this.routing = routing;
    }

    /// Reads the body, then goes on.
    void read() {
        http.handler(this::chunk);
        http.endHandler(end -> complete());
        http.exceptionHandler(gone -> done = true);
    }

    private void chunk(Buffer buffer) {
        received += buffer.length();
        if (received > path.limits().bodyBytes()) {
            fail(
                    new Problem(
                            Problem.Kind.TOO_LARGE,
                            "body-too-large",
                            "The body is larger than " + path.limits().bodyBytes() + " bytes.",
                            "That is the limit body-bytes.",
                            "Send fewer rows at once."));
            return;
        }
        if (done) return;
        if (first == null) first = buffer;
        else if (rest == null)
            rest = Buffer.buffer(first.length() * 2).appendBuffer(first).appendBuffer(buffer);
        else rest.appendBuffer(buffer);
    }

    private void complete() {
        if (done) return;
        try {
            decode();
        } catch (Problem problem) {
            fail(problem);
        } catch (RuntimeException bug) {
            fail(path.mistake(bug));
        }
    }

    private void decode() {
        checkType();
        var loop = path.loop();
        var whole = rest != null ? rest : first;
        int length = whole == null ? 0 : whole.length();
        var body = loop.body(length);
        if (whole != null) whole.getBytes(0, length, body, 0);
        var encoding = http.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            body = inflated(encoding, Arrays.copyOf(body, length));
            length = body.length;
        }
        var decoder = loop.decoder(routing.shape());
        decoder.decode(body, 0, length, jsonLength(length));
        var entity = decoder.entity != null ? decoder.entity : http.getHeader(ENTITY);
        long deadline =
                Predictor.deadline(
                        routing,
                        arrivedNanos,
                        decoder.timeoutMicros == 0
                                ? Optional.empty()
                                : Optional.of(saturated(decoder.timeoutMicros)));
        var pinned = pinned();
        if (!routing.shape().direct()) {
            remember();
            new ColumnInfer(path.predictor(), routing, decoder, entity, pinned, deadline)
                    .run(decoder, this::columns, this::failLater);
            return;
        }
        var arm = TensorArms.arm(routing, decoder, entity, pinned);
        var model = TensorArms.model(arm);
        int rows = decoder.rows(model.byRow());
        var call = new Call(arm, pinned.isPresent(), model, decoder, entity, rows, deadline);
        if (path.predictor().unasked(call, decoder)) return;
        if (model.quick()) loop.lane(routing, model).submit(call, decoder);
        else path.predictor().submit(call, decoder);
    }

    /// The arm that a tester asks for; where there is but one the header is not even read.
    private Optional<Arm.Role> pinned() {
        if (routing.arms().size() == 1) return Optional.empty();
        var word = http.getHeader(ARM);
        if (word == null) return Optional.empty();
        path.gate().check(http, Permission.OPERATE);
        return Optional.of(Arm.Role.of(word));
    }

    private static long saturated(long micros) {
        return micros > Long.MAX_VALUE / 1_000 ? Long.MAX_VALUE / 2 : micros * 1_000;
    }

    private void checkType() {
        var type = http.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null
                || type.startsWith("application/json")
                || type.startsWith("application/octet-stream")) return;
        throw new Problem(
                Problem.Kind.UNSUPPORTED_MEDIA,
                "content-type-not-supported",
                "The content type '" + InferRequest.shown(type) + "' is not read here.",
                "An infer request is application/json, or application/octet-stream with raw tensors.",
                "Set the Content-Type header.");
    }

    private byte[] inflated(String encoding, byte[] body) {
        if (encoding.equalsIgnoreCase("gzip")) return Gzip.inflate(body, path.limits().bodyBytes());
        if (encoding.equalsIgnoreCase("deflate"))
            return Gzip.inflateZlib(body, path.limits().bodyBytes());
        throw new Problem(
                Problem.Kind.UNSUPPORTED_MEDIA,
                "encoding-not-supported",
                "The content encoding '" + InferRequest.shown(encoding) + "' is not read here.",
                "gzip and deflate are.",
                "Send it in one of these, or as it is.");
    }

    private int jsonLength(int length) {
        var header = http.getHeader(HEADER_LENGTH);
        if (header == null) return length;
        try {
            int json = header.length() > 10 ? -1 : Integer.parseInt(header);
            if (json >= 0 && json <= length) return json;
        } catch (NumberFormatException notANumber) {
            // said below, like any other length that can't be
        }
        throw InferProblems.bad(
                "header-length-wrong",
                "Inference-Header-Content-Length is '" + InferRequest.shown(header) + "'.",
                "It must be the number of bytes of the JSON part, at most the body's "
                        + length
                        + ".",
                "Correct it.");
    }

    private void columns(ColumnInfer.Answered answered) {
        // On a worker: encode here, send from the loop.
        var answer = new InferAnswer();
        int[] outputs = answered.outputs();
        answer.begin(
                routing.endpoint().name(),
                answered.number(),
                answered.id(),
                answered.ids(),
                answered.arm(),
                answered.version());
        for (int i = 0; i < outputs.length; i++)
            answer.output(
                    routing.shape().signature().outputs().get(outputs[i]),
                    answered.tensors().get(outputs[i]),
                    0,
                    0,
                    true,
                    answered.raw()[i]);
        answer.end();
        send(answer, answered.id(), answered.ids(), answered.arm(), answered.version(), context());
    }

    private @Nullable Context context;

    private Context context() {
        var known = context;
        if (known != null) return known;
        throw new IllegalStateException("no event loop to answer on");
    }

    /// Remembers the loop, for an answer that comes from another thread.
    private void remember() {
        context = DataPath.context();
    }

    private void send(
            InferAnswer answer,
            @Nullable String id,
            long[] ids,
            String arm,
            String version,
            @Nullable Context from) {
        boolean compressed = false;
        Buffer body;
        int length = answer.jsonLength() + (answer.hasRaw() ? answer.raw().length : 0);
        if (length >= COMPRESS_FROM && accepts("gzip")) {
            body = Buffer.buffer(Gzip.gzip(answer.whole()));
            compressed = true;
        } else {
            body =
                    Buffer.buffer(answer.jsonLength())
                            .appendBytes(answer.json(), 0, answer.jsonLength());
            if (answer.hasRaw()) body.appendBytes(answer.raw());
        }
        int headerLength = answer.hasRaw() ? answer.jsonLength() : -1;
        if (from == null) {
            write(body, compressed, headerLength, id, ids, arm, version);
        } else {
            boolean zipped = compressed;
            OnLoop.later(from, () -> write(body, zipped, headerLength, id, ids, arm, version));
        }
    }

    private boolean accepts(String encoding) {
        var accepted = http.getHeader(HttpHeaders.ACCEPT_ENCODING);
        return accepted != null && accepted.contains(encoding);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a caller who has gone needs no answer
    private void write(
            Buffer body,
            boolean compressed,
            int headerLength,
            @Nullable String id,
            long[] ids,
            String arm,
            String version) {
        if (done) return;
        done = true;
        var response = http.response();
        if (response.closed()) return;
        response.putHeader(CONTENT_TYPE, headerLength < 0 ? JSON : OCTETS);
        if (headerLength >= 0) response.putHeader(HEADER_LENGTH, Integer.toString(headerLength));
        if (compressed) response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        var prediction = new UUID(ids[0], ids[1]).toString();
        response.putHeader(REQUEST_ID, id == null || !plain(id) ? prediction : id);
        if (ids.length == 2) {
            response.putHeader(PREDICTION_ID, prediction);
            response.putHeader(ARM, arm);
            response.putHeader(VERSION, version);
        }
        response.end(body);
    }

    private static boolean plain(String id) {
        for (int i = 0; i < id.length(); i++)
            if (id.charAt(i) < ' ' || id.charAt(i) > '~') return false;
        return true;
    }

    private void failLater(Problem problem) {
        OnLoop.later(context(), () -> fail(problem));
    }

    private void fail(Problem problem) {
        if (done) return;
        done = true;
        path.gate().answer(http, problem, path.gate().requestId());
    }

    /// The call on its way through lanes.
    private final class Call extends TensorCall {
        private final @Nullable String id;
        private final int[] outputs;
        private final boolean[] raw;
        private final @Nullable Context loop;

        Call(
                Arm arm,
                boolean pinned,
                LoadedModel model,
                InferRequest decoded,
                @Nullable String entity,
                int rows,
                long deadline) {
            super(
                    RestInfer.this.routing,
                    arm,
                    pinned,
                    model,
                    decoded.id == null ? NO_REQUEST : decoded.id.getBytes(StandardCharsets.UTF_8),
                    entity,
                    rows,
                    arrivedNanos,
                    deadline);
            id = decoded.id;
            outputs = Arrays.copyOf(decoded.outputs, decoded.outputCount);
            raw = Arrays.copyOf(decoded.rawOutput, decoded.outputCount);
            if (!model.quick()) remember();
            // A run that is shared has no context of its own any more.
            loop = RestInfer.this.routing.automation().looks() ? DataPath.context() : null;
        }

        @Override
        protected void answered(List<Tensor> tensors, int firstRow, boolean whole) {
            var from = context;
            var answer = from == null ? path.loop().answer : new InferAnswer();
            answer.begin(
                    routing().endpoint().name(),
                    model().number(),
                    id,
                    ids(),
                    arm().role().word(),
                    model().version());
            for (int i = 0; i < outputs.length; i++)
                answer.output(
                        routing().shape().signature().outputs().get(outputs[i]),
                        tensors.get(outputs[i]),
                        firstRow,
                        rows(),
                        whole,
                        raw[i]);
            answer.end();
            send(answer, id, ids(), arm().role().word(), model().version(), from);
        }

        @Override
        protected void held() {
            if (context == null) context = loop;
        }

        @Override
        protected void failed(Problem problem) {
            if (context == null) fail(problem);
            else failLater(problem);
        }
    }
}
