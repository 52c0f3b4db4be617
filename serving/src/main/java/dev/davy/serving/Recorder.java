package dev.davy.serving;

import dev.davy.runtime.Answer;
import dev.davy.runtime.Datatype;
import dev.davy.runtime.Tensor;
import dev.davy.schema.Column;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.LogFailed;
import dev.davy.storage.Position;
import dev.davy.storage.RecordBatch;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Writes one thread's predictions into the log: all of a batch with one append, before any of its
/// answers leaves.
public final class Recorder {

    private static final Map<String, String> NOTHING = Map.of();

    /// A tester chose the arm: such a prediction says nothing of traffic as it is.
    private static final Map<String, String> PINNED = Map.of("pinned", "true");

    private final Log log;
    private final Ids ids;
    private final InstantSource clock;
    private final Privacy privacy;
    private final Limits limits;
    private final RecordBatch batch = new RecordBatch();
    private final PredictionWriter writer = new PredictionWriter(batch);
    private final long[] id = new long[2];
    private float[] scratch = new float[0];

    Recorder(Log log, Ids ids, InstantSource clock, Privacy privacy, Limits limits) {
        this.log = log;
        this.ids = ids;
        this.clock = clock;
        this.privacy = privacy;
        this.limits = limits;
    }

    /// Starts a batch.
    public void begin() {
        batch.clear();
    }

    /// Keeps the batch.
    ///
    /// @param routing by whose word a caller is refused when the log fails; null: served anyway
    /// @throws Problem UNAVAILABLE `log-failed` where the endpoint would rather refuse than answer
    ///   without a record
    public void append(@Nullable Routing routing) {
        if (batch.records() == 0) return;
        try {
            log.append(batch);
        } catch (LogFailed failed) {
            if (routing == null) return;
            routing.statistics().lost(batch.records());
            if (routing.endpoint().capture().whenLogFails() == Capture.WhenLogFails.REFUSE)
                throw new Problem(
                        Problem.Kind.UNAVAILABLE,
                        "log-failed",
                        "Endpoint '"
                                + routing.endpoint().name()
                                + "' answers only what it can log, and the log can't be written.",
                        "The reason is: "
                                + failed.reason()
                                        .name()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace('_', ' ')
                                + ".",
                        "Try again later, or set capture.when-log-fails to serve.");
        } finally {
            batch.clear();
        }
    }

    /// Keeps the batch.
    ///
    /// @return where it ends; empty when there was nothing in it
    public Optional<Position> appendOrFail() throws LogFailed {
        if (batch.records() == 0) return Optional.empty();
        try {
            return Optional.of(log.append(batch));
        } finally {
            batch.clear();
        }
    }

    /// Writes a prediction that another server made and reported.
    ///
    /// @param extra its digest, by which the same report is recognised
    public void reported(
            Routing routing,
            UUID newId,
            String request,
            Optional<String> entity,
            Optional<Instant> at,
            String version,
            Row row,
            Answer answer,
            Map<String, String> extra) {
        var shape = routing.shape();
        long received = Micros.of(clock.instant());
        var asked =
                new Asked(
                        Optional.empty(),
                        entity,
                        Origin.EXTERNAL,
                        at,
                        Optional.empty(),
                        Long.MAX_VALUE);
        writer.begin(
                newId.getMostSignificantBits(),
                newId.getLeastSignificantBits(),
                shape.rowsHash(),
                received,
                at.map(Micros::of).orElse(received),
                Origin.EXTERNAL,
                routing.epoch(),
                routing.endpointUtf8(),
                Program.utf8(request),
                entity(shape, entityOf(shape, asked, row)),
                Arm.Role.LIVE,
                Arm.Role.LIVE,
                Program.utf8(version),
                Float.NaN);
        var blobs = new Blobs(routing, newId, received, false);
        if (keepInputs(routing)) {
            var columns = shape.rows().columns();
            writer.inputs(columns.size(), (float) routing.endpoint().capture().rows());
            for (var column : columns) value(blobs, column, row.at(column.name()));
        }
        writer.components(1);
        writer.component(Program.utf8("external"), Program.utf8(version), 0, 0, answer, null);
        writer.decidedByComponent(0, Arm.Role.LIVE.word(), "reported");
        writer.end(extra);
        blobs.write();
    }

    /// Writes a prediction that was asked as a row.
    ///
    /// @param instead why it was not the assigned arm that answered; null: it was
    UUID row(
            Routing routing,
            Arm assigned,
            Arm answered,
            @Nullable Instead instead,
            Asked asked,
            byte[] requestOrNothing,
            Row row,
            List<Program.Said> said,
            @Nullable Deciding deciding) {
        ids.next(id);
        var newId = new UUID(id[0], id[1]);
        answered(
                newId,
                routing,
                assigned,
                answered,
                instead,
                asked,
                requestOrNothing,
                entityOf(routing.shape(), asked, row),
                column -> row.at(column.name()),
                said,
                deciding);
        return newId;
    }

    /// Where the values of a prediction's columns are.
    interface Values {
        @Nullable Object of(Column column);
    }

    /// Bytes that wait to be appended.
    int waiting() {
        return batch.size();
    }

    /// Writes a prediction whose id and entity are known.
    ///
    /// @param said of each component; none: no model was asked
    /// @param deciding null: the model, and nobody could have been asked
    void answered(
            UUID newId,
            Routing routing,
            Arm assigned,
            Arm answered,
            @Nullable Instead instead,
            Asked asked,
            byte[] requestOrNothing,
            @Nullable String entity,
            Values values,
            List<Program.Said> said,
            @Nullable Deciding deciding) {
        var shape = routing.shape();
        var program = answered.program();
        long received = Micros.of(clock.instant());
        writer.begin(
                newId.getMostSignificantBits(),
                newId.getLeastSignificantBits(),
                shape.rowsHash(),
                received,
                asked.eventTime().map(Micros::of).orElse(received),
                asked.origin(),
                routing.epoch(),
                Program.utf8(routing.endpoint().name()),
                requestOrNothing.length == 0 ? Program.utf8(newId.toString()) : requestOrNothing,
                entity(shape, entity),
                assigned.role(),
                answered.role(),
                Program.utf8(program.version()),
                asked(deciding));
        boolean seen = deciding != null && deciding.isSeen();
        var blobs = new Blobs(routing, newId, received, seen);
        if (seen || keepInputs(routing)) {
            var columns = shape.rows().columns();
            writer.inputs(columns.size(), keptWith(routing, seen));
            for (var column : columns) value(blobs, column, values.of(column));
        }
        writer.components(said.size());
        String failure = null;
        for (int i = 0; i < said.size(); i++) {
            var each = said.get(i);
            var step = program.steps().get(i);
            var problem = each.problem();
            if (problem != null) failure = problem.code();
            writer.component(
                    Program.utf8(step.name()),
                    Program.utf8(step.version()),
                    step instanceof Program.ModelStep model ? model.model().digest() : 0,
                    each.nanos(),
                    each.answer(),
                    problem == null ? null : problem.code());
            var answer = each.answer();
            if (answer != null && notFinite(answer)) routing.statistics().notFinite(1);
        }
        var by = answered.role().word();
        var reason = instead != null ? instead.reason() : why(asked.pinned().isPresent());
        // A program that failed has not said all that it would decide by.
        boolean whole = failure == null && !said.isEmpty();
        Map<String, @Nullable Object> outputs =
                whole && deciding != null ? program.decide(said) : Map.of();
        var confidence =
                whole && deciding != null ? program.confidence(said) : OptionalDouble.empty();
        if (deciding != null && !deciding.alone()) {
            decided(deciding, failure, by, outputs, confidence);
        } else if (failure != null) {
            writer.undecided(failure);
        } else {
            int component =
                    program.outputs().isEmpty() ? 0 : program.outputs().getFirst().component();
            if (program.decidedBy(component, said))
                writer.decidedByComponent(component, by, reason);
            else
                writer.decided(
                        program.decide(said),
                        program.confidence(said).orElse(Double.NaN),
                        by,
                        reason);
        }
        writer.end(
                Cases.extra(
                        extra(instead, asked.pinned().isPresent()), deciding, outputs, confidence));
        blobs.write();
    }

    /// What counts until a person has decided.
    private void decided(
            Deciding deciding,
            @Nullable String failure,
            String by,
            Map<String, @Nullable Object> outputs,
            OptionalDouble confidence) {
        if (failure != null) {
            writer.undecided(failure);
            return;
        }
        switch (deciding.meanwhile()) {
            case Meanwhile.Wait _, Meanwhile.Refuse _ ->
                    writer.decided(Map.of(), Double.NaN, InReview.WAITING, deciding.why());
            case Meanwhile.Safe(var safe) ->
                    writer.decided(safe, Double.NaN, InReview.SAFE, deciding.why());
            case Meanwhile.Provisional _ ->
                    writer.decided(
                            outputs,
                            confidence.orElse(Double.NaN),
                            outputs.isEmpty() ? InReview.WAITING : by,
                            deciding.why());
        }
    }

    private static float asked(@Nullable Deciding deciding) {
        return deciding == null ? Float.NaN : deciding.asked();
    }

    /// What a person is to see is always kept.
    private static float keptWith(Routing routing, boolean seen) {
        return seen ? 1 : (float) routing.endpoint().capture().rows();
    }

    private static String why(boolean pinned) {
        return pinned ? "pinned" : "assigned";
    }

    private static Map<String, String> extra(@Nullable Instead instead, boolean pinned) {
        if (instead == null) return pinned ? PINNED : NOTHING;
        if (!pinned) return instead.extra();
        var extra = new LinkedHashMap<>(instead.extra());
        extra.putAll(PINNED);
        return extra;
    }

    /// Writes what a shadow said of a prediction.
    void shadow(Routing routing, Shadow shadow) {
        ShadowRecord.write(batch, routing.shape().rowsHash(), shadow);
    }

    /// An entity as it is logged: hashed where the schema says so.
    Optional<String> logged(Routing routing, @Nullable String entity) {
        return Optional.ofNullable(entity).map(each -> privacy.entity(routing.shape(), each));
    }

    /// Writes a prediction that was asked as tensors, and gives the call its id.
    ///
    /// @param inputs the tensors of the run it was in
    /// @param index its row in them; -1: all of them are its own
    /// @param place which of the call's predictions it is
    /// @param answer null when the run failed
    /// @param failure the code of why it did; null: it did not
    /// @param unasked no model was asked: it is for people alone
    void tensors(
            TensorCall call,
            List<Tensor> inputs,
            int index,
            int place,
            @Nullable Answer answer,
            long nanos,
            @Nullable String failure,
            boolean unasked) {
        var routing = call.routing;
        var shape = routing.shape();
        var model = call.model;
        var role = call.arm.role();
        var instead = call.instead;
        ids.next(id);
        call.ids[2 * place] = id[0];
        call.ids[2 * place + 1] = id[1];
        long received = clock.millis() * 1_000;
        var entity = entity(call, inputs, index);
        var deciding = call.decided(place, new TensorAsking(call, inputs, index, answer));
        boolean seen = deciding != null && deciding.isSeen();
        writer.begin(
                id[0],
                id[1],
                shape.tensorsHash(),
                received,
                received,
                Origin.LIVE,
                routing.epoch(),
                routing.endpointUtf8(),
                call.request.length == 0 ? hex(id) : call.request,
                entity(shape, entity),
                call.assigned.role(),
                role,
                model.versionUtf8(),
                asked(deciding));
        var blobs =
                seen || keepInputs(routing)
                        ? inputs(routing, model, inputs, index, received, seen)
                        : null;
        writer.components(unasked ? 0 : 1);
        if (!unasked)
            writer.component(
                    routing.firstComponentUtf8(),
                    model.versionUtf8(),
                    model.digest(),
                    nanos,
                    answer,
                    failure);
        if (answer != null && notFinite(answer)) routing.statistics().notFinite(1);
        Map<String, ? extends @Nullable Object> outputs =
                answer == null ? Map.of() : answer.values();
        var confidence = answer == null ? OptionalDouble.empty() : answer.confidence();
        if (deciding != null && !deciding.alone())
            decided(deciding, failure, role.word(), new LinkedHashMap<>(outputs), confidence);
        else if (failure == null)
            writer.decidedByComponent(
                    0, role.word(), instead != null ? instead.reason() : why(call.pinned));
        else writer.undecided(failure);
        writer.end(Cases.extra(extra(instead, call.pinned), deciding, outputs, confidence));
        if (blobs != null) blobs.write();
    }

    /// Writes the inputs of a prediction; what is large among them comes after it.
    private @Nullable Blobs inputs(
            Routing routing,
            LoadedModel model,
            List<Tensor> inputs,
            int index,
            long received,
            boolean seen) {
        Blobs blobs = null;
        var columns = routing.shape().tensors().columns();
        writer.inputs(columns.size(), keptWith(routing, seen));
        for (int i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            var tensor = inputs.get(i);
            int each = index < 0 ? tensor.elements() : (int) model.rowElements(i);
            int from = index < 0 ? 0 : index * each;
            boolean isLarge = (long) each * tensor.datatype().bytes() > Capture.LARGE_BYTES;
            if (isLarge && column.log() == LogPolicy.KEEP) {
                if (blobs == null)
                    blobs = new Blobs(routing, new UUID(id[0], id[1]), received, seen);
                large(blobs, column, tensor, from, from + each);
            } else {
                slice(column, tensor, from, from + each);
            }
        }
        return blobs;
    }

    private boolean keepInputs(Routing routing) {
        double share = routing.endpoint().capture().rows();
        if (share >= 1 || ThreadLocalRandom.current().nextDouble() < share) return true;
        writer.inputs(0, (float) share);
        return false;
    }

    /// The entity of a row: its column, or what the caller said beside it.
    static @Nullable String entityOf(Shape shape, Asked asked, Row row) {
        if (shape.entityColumn().isPresent()) {
            var value = row.at(shape.entityColumn().get());
            if (value != null) return String.valueOf(value);
        }
        return asked.entity().orElse(null);
    }

    /// Whom a call's row is about.
    @Nullable String entity(TensorCall call, List<Tensor> inputs, int index) {
        return call.entity != null ? call.entity : entityOf(call.routing.shape(), inputs, index);
    }

    private byte @Nullable [] entity(Shape shape, @Nullable String entity) {
        if (entity == null) return null;
        return Program.utf8(privacy.entity(shape, entity));
    }

    private void value(Blobs blobs, Column column, @Nullable Object value) {
        if (value == null) writer.value(null);
        else if (column.log() == LogPolicy.NEVER) writer.withheld();
        else if (column.log() == LogPolicy.HASH) writer.hashed(privacy.hash(hashable(value)));
        else
            switch (value) {
                case Media media ->
                        blobs.summarise(
                                column,
                                media.contentType(),
                                ByteBuffer.wrap(media.bytes()),
                                Measured.of(media, limits));
                case float[] floats when floats.length * 4 > Capture.LARGE_BYTES -> {
                    var bytes =
                            ByteBuffer.allocate(floats.length * 4).order(ByteOrder.nativeOrder());
                    bytes.asFloatBuffer().put(floats);
                    blobs.summarise(
                            column, "tensor/FP32", bytes, Measured.of(floats, floats.length));
                }
                default -> writer.value(value);
            }
    }

    private static String hashable(Object value) {
        return value instanceof Media media
                ? HexFormat.of().formatHex(media.bytes())
                : String.valueOf(value);
    }

    private void large(Blobs blobs, Column column, Tensor tensor, int from, int to) {
        if (tensor.datatype() == Datatype.BYTES) {
            slice(column, tensor, from, to);
            return;
        }
        int each = tensor.datatype().bytes();
        var bytes =
                tensor.data()
                        .duplicate()
                        .order(ByteOrder.nativeOrder())
                        .position(from * each)
                        .limit(to * each)
                        .slice()
                        .order(ByteOrder.nativeOrder());
        blobs.summarise(
                column,
                "tensor/" + tensor.datatype(),
                bytes,
                tensor.datatype() == Datatype.FP32 ? measured(bytes) : Map.of());
    }

    private Map<String, Double> measured(ByteBuffer floats) {
        int count = floats.remaining() / 4;
        if (scratch.length < count) scratch = new float[count];
        floats.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer().get(scratch, 0, count);
        return Measured.of(scratch, count);
    }

    /// A small part of a tensor, as the column's values.
    private void slice(Column column, Tensor tensor, int from, int to) {
        if (column.log() == LogPolicy.NEVER) {
            writer.withheld();
        } else if (column.log() == LogPolicy.HASH) {
            writer.hashed(privacy.hash(text(tensor, from, to)));
        } else if (tensor.datatype() == Datatype.BYTES) {
            writer.strings(tensor.bytes(), from, to);
        } else if (to - from == 1) {
            switch (tensor.datatype()) {
                case FP32 -> writer.number(tensor.float32(from));
                case FP64, FP16, BF16 -> writer.number(tensor.float64(from));
                case BOOL -> writer.flag(tensor.int64(from) != 0);
                default -> writer.integer(tensor.int64(from));
            }
        } else {
            int each = tensor.datatype().bytes();
            writer.raw(tensor.datatype(), tensor.data(), from * each, to * each);
        }
    }

    /// The entity that an element of a tensor names.
    public static String key(Tensor tensor, int element) {
        return text(tensor, element, element + 1);
    }

    private static String text(Tensor tensor, int from, int to) {
        var text = new StringBuilder();
        for (int i = from; i < to; i++) {
            if (i > from) text.append(',');
            switch (tensor.datatype()) {
                case BYTES -> text.append(tensor.text(i));
                case FP16, BF16, FP32, FP64 -> text.append(tensor.float64(i));
                default -> text.append(tensor.int64(i));
            }
        }
        return text.toString();
    }

    /// The entity that a tensor of a direct endpoint holds.
    static @Nullable String entityOf(Shape shape, List<Tensor> inputs, int index) {
        if (shape.entityColumn().isEmpty()) return null;
        var place = shape.signature().input(shape.entityColumn().get());
        return place.isEmpty()
                ? null
                : text(inputs.get(place.getAsInt()), Math.max(0, index), Math.max(0, index) + 1);
    }

    /// Whether an answer holds NaN or an infinity.
    static boolean notFinite(Answer answer) {
        for (var value : answer.values().values()) {
            if (value instanceof Double number && !Double.isFinite(number)) return true;
            if (value instanceof float[] floats)
                for (float each : floats) if (!Float.isFinite(each)) return true;
        }
        for (var scores : answer.scores().values())
            for (double score : scores) if (!Double.isFinite(score)) return true;
        return false;
    }

    private static byte[] hex(long[] id) {
        return new UUID(id[0], id[1]).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The large inputs of one prediction, kept in records of their own behind it.
    private final class Blobs {
        private final Routing routing;
        private final UUID of;
        private final long received;
        private final boolean all;
        private final java.util.ArrayList<Kept> kept = new java.util.ArrayList<>(1);

        private record Kept(String column, String contentType, ByteBuffer content) {}

        /// @param all whatever the endpoint's budget says
        Blobs(Routing routing, UUID of, long received, boolean all) {
            this.all = all;
            this.routing = routing;
            this.of = of;
            this.received = received;
        }

        void summarise(
                Column column,
                String contentType,
                ByteBuffer content,
                Map<String, Double> measured) {
            long now = System.nanoTime();
            float probability = all ? 1 : routing.blobs().probability(now);
            boolean keep = all || routing.blobs().keep(content.remaining(), probability);
            if (keep) kept.add(new Kept(column.name(), contentType, content));
            else routing.statistics().blobDropped();
            writer.summary(
                    contentType,
                    content.remaining(),
                    Measured.digest(content),
                    keep,
                    probability,
                    measured);
        }

        void write() {
            for (var each : kept)
                BlobRecord.write(
                        batch,
                        of.getMostSignificantBits(),
                        of.getLeastSignificantBits(),
                        routing.shape().rowsHash(),
                        received,
                        each.column(),
                        each.contentType(),
                        each.content());
        }
    }
}
