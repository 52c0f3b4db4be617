package dev.davy.serving;

import dev.davy.runtime.Answer;
import dev.davy.runtime.Datatype;
import dev.davy.schema.Media;
import dev.davy.storage.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes predictions into a batch of log records, in the layout that [PredictionReader] reads.
///
/// The layout is versioned: a later release reads all earlier ones, so a change here is a new
/// [#VERSION] and a new branch there. For one thread.
final class PredictionWriter {

    /// The record type of a prediction.
    static final int TYPE = 1;

    /// The layout written here.
    static final int VERSION = 1;

    private final RecordBatch batch;

    PredictionWriter(RecordBatch batch) {
        this.batch = batch;
    }

    RecordBatch batch() {
        return batch;
    }

    /// Begins a prediction with what is known of it before any value.
    ///
    /// @param eventMicros when what it is about happened; equal to `receivedMicros` unless told
    /// @param request the request's id in UTF-8
    /// @param entity as it is to be logged (hashed already where the schema says so); null: none
    /// @param asked the probability with which a person was asked; NaN: nobody could be
    void begin(
            long idHigh,
            long idLow,
            long schema,
            long receivedMicros,
            long eventMicros,
            Origin origin,
            long epoch,
            byte[] endpoint,
            byte[] request,
            byte @Nullable [] entity,
            Arm.Role assigned,
            Arm.Role answered,
            byte[] version,
            float asked) {
        batch.begin(TYPE, VERSION, schema, idHigh, idLow, receivedMicros);
        batch.putByte(Codes.of(origin));
        batch.putByte(Codes.of(assigned) << 4 | Codes.of(answered));
        batch.putVarint(epoch);
        batch.putLong(eventMicros);
        batch.putFloat(asked);
        bytes(endpoint);
        bytes(request);
        batch.putByte(entity == null ? 0 : 1);
        if (entity != null) bytes(entity);
        bytes(version);
    }

    /// How many inputs follow, in the order of the record's schema, and with which probability
    /// their content was kept.
    void inputs(int count, float keptWith) {
        batch.putFloat(keptWith);
        batch.putVarint(count);
    }

    /// One value of the closed set that rows and answers hold.
    void value(@Nullable Object value) {
        switch (value) {
            case null -> batch.putByte(Tag.MISSING);
            case Double number -> number(number);
            case Float number -> number(number.floatValue());
            case Long number -> integer(number);
            case Integer number -> integer(number);
            case Boolean flag -> flag(flag);
            case String text -> text(text);
            case Instant instant -> {
                batch.putByte(Tag.INSTANT);
                batch.putLong(Micros.of(instant));
            }
            case float[] floats -> floats(floats);
            case double[] doubles -> doubles(doubles);
            case List<?> texts -> {
                batch.putByte(Tag.TEXTS);
                batch.putVarint(texts.size());
                for (var text : texts) bytes(String.valueOf(text).getBytes(StandardCharsets.UTF_8));
            }
            case Media media ->
                    throw new IllegalArgumentException(
                            "a medium of " + media.contentType() + " is logged as a summary");
            default ->
                    throw new IllegalArgumentException(
                            "a value of " + value.getClass() + " has no form in the log");
        }
    }

    void number(double number) {
        batch.putByte(Tag.DOUBLE);
        batch.putDouble(number);
    }

    /// A single 32-bit float; read back as the shortest decimal that means it.
    void number(float number) {
        batch.putByte(Tag.FLOAT);
        batch.putFloat(number);
    }

    void flag(boolean flag) {
        batch.putByte(flag ? Tag.TRUE : Tag.FALSE);
    }

    void integer(long number) {
        batch.putByte(Tag.LONG);
        batch.putLong(number);
    }

    void text(String text) {
        batch.putByte(Tag.TEXT);
        batch.putText(text);
    }

    private void floats(float[] floats) {
        batch.putByte(Tag.RAW);
        batch.putByte(Codes.of(Datatype.FP32));
        batch.putVarint(floats.length);
        for (float each : floats) batch.putFloat(each);
    }

    private void doubles(double[] doubles) {
        batch.putByte(Tag.RAW);
        batch.putByte(Codes.of(Datatype.FP64));
        batch.putVarint(doubles.length);
        for (double each : doubles) batch.putDouble(each);
    }

    /// Numbers as they lie in a tensor, from one byte of it up to another.
    void raw(Datatype datatype, ByteBuffer numbers, int from, int to) {
        batch.putByte(Tag.RAW);
        batch.putByte(Codes.of(datatype));
        batch.putVarint((to - from) / datatype.bytes());
        batch.putBuffer(numbers.slice(from, to - from));
    }

    /// Elements of a BYTES tensor.
    void strings(byte[][] elements, int from, int to) {
        if (to - from == 1) {
            batch.putByte(Tag.TEXT);
            bytes(elements[from]);
            return;
        }
        batch.putByte(Tag.TEXTS);
        batch.putVarint(to - from);
        for (int i = from; i < to; i++) bytes(elements[i]);
    }

    /// A large value by what is left of it: what it was, how long, its digest, and the numbers that
    /// were measured of it.
    ///
    /// @param keptWith the probability with which its content was kept; its content is in the log
    ///   too (a record of type [BlobRecord#TYPE]) when `kept`
    void summary(
            String contentType,
            long length,
            long digest,
            boolean kept,
            float keptWith,
            Map<String, Double> measured) {
        batch.putByte(Tag.SUMMARY);
        batch.putText(contentType);
        batch.putVarint(length);
        batch.putLong(digest);
        batch.putByte(kept ? 1 : 0);
        batch.putFloat(keptWith);
        batch.putVarint(measured.size());
        for (var each : measured.entrySet()) {
            batch.putText(each.getKey());
            batch.putDouble(each.getValue());
        }
    }

    /// A value of which only a keyed hash is kept.
    void hashed(String hash) {
        batch.putByte(Tag.HASHED);
        batch.putText(hash);
    }

    /// A value that is never logged.
    void withheld() {
        batch.putByte(Tag.WITHHELD);
    }

    /// How many components' answers follow.
    void components(int count) {
        batch.putVarint(count);
    }

    /// One component's answer, or why it gave none.
    ///
    /// @param answer null when it failed or was skipped
    /// @param failure the code of what went wrong; null: nothing did
    void component(
            byte[] name,
            byte[] version,
            long digest,
            long nanos,
            @Nullable Answer answer,
            @Nullable String failure) {
        bytes(name);
        bytes(version);
        batch.putLong(digest);
        batch.putVarint(nanos);
        if (answer == null) {
            batch.putByte(failure == null ? Tag.SKIPPED : Tag.FAILED);
            if (failure != null) batch.putText(failure);
            return;
        }
        batch.putByte(Tag.ANSWERED);
        batch.putFloat((float) answer.confidence().orElse(Double.NaN));
        batch.putVarint(answer.values().size());
        for (var each : answer.values().entrySet()) {
            batch.putText(each.getKey());
            value(each.getValue());
        }
        batch.putVarint(answer.scores().size());
        for (var each : answer.scores().entrySet()) {
            batch.putText(each.getKey());
            doubles(each.getValue());
        }
    }

    /// The decision is what this component answered.
    void decidedByComponent(int component, String by, String reason) {
        batch.putByte(Tag.BY_COMPONENT);
        batch.putVarint(component);
        batch.putText(by);
        batch.putText(reason);
    }

    /// The decision's outputs, put together from several components.
    void decided(
            Map<String, ? extends @Nullable Object> outputs,
            double confidence,
            String by,
            String reason) {
        batch.putByte(Tag.BY_VALUES);
        batch.putFloat((float) confidence);
        batch.putVarint(outputs.size());
        for (var each : outputs.entrySet()) {
            batch.putText(each.getKey());
            value(each.getValue());
        }
        batch.putText(by);
        batch.putText(reason);
    }

    /// Nothing was decided: the request failed.
    void undecided(String failure) {
        batch.putByte(Tag.UNDECIDED);
        batch.putText(failure);
    }

    /// Ends the prediction.
    ///
    /// @param extra what only some predictions carry, such as the digest of a reported one
    void end(Map<String, String> extra) {
        batch.putVarint(extra.size());
        for (var each : extra.entrySet()) {
            batch.putText(each.getKey());
            batch.putText(each.getValue());
        }
        batch.end();
    }

    void cancel() {
        batch.cancel();
    }

    private void bytes(byte[] utf8) {
        batch.putVarint(utf8.length);
        batch.putBytes(utf8, 0, utf8.length);
    }

    /// What kind of value follows. Numbers in the log: never change one.
    static final class Tag {
        private Tag() {}

        static final int MISSING = 0;
        static final int DOUBLE = 1;
        static final int LONG = 2;
        static final int TEXT = 3;
        static final int TRUE = 4;
        static final int FALSE = 5;
        static final int RAW = 6;
        static final int TEXTS = 7;
        static final int INSTANT = 8;
        static final int SUMMARY = 9;
        static final int HASHED = 10;
        static final int WITHHELD = 11;
        static final int FLOAT = 12;
        static final int ANSWERED = 20;
        static final int FAILED = 21;
        static final int SKIPPED = 22;
        static final int BY_COMPONENT = 30;
        static final int BY_VALUES = 31;
        static final int UNDECIDED = 32;
    }
}
