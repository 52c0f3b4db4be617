package dev.davy.serving;

import dev.davy.storage.LogRecord;
import dev.davy.storage.Payload;
import dev.davy.storage.RecordBatch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a shadow said, in the log. It shares the id of the prediction that counted.
public final class ShadowRecord {
    private ShadowRecord() {}

    /// The record type.
    static final int TYPE = 4;

    static final int VERSION = 1;

    /// Writes one.
    static void write(RecordBatch batch, long schema, Shadow shadow) {
        var id = shadow.prediction();
        batch.begin(
                TYPE,
                VERSION,
                schema,
                id.getMostSignificantBits(),
                id.getLeastSignificantBits(),
                Micros.of(shadow.received()));
        var values = new PredictionWriter(batch);
        batch.putVarint(shadow.epoch());
        batch.putText(shadow.endpoint());
        optional(batch, shadow.entity());
        batch.putText(shadow.version());
        optional(batch, shadow.failure());
        batch.putVarint(shadow.liveNanos());
        batch.putVarint(shadow.nanos());
        batch.putFloat((float) shadow.liveConfidence().orElse(Double.NaN));
        batch.putFloat((float) shadow.confidence().orElse(Double.NaN));
        outputs(batch, values, shadow.live());
        outputs(batch, values, shadow.outputs());
        batch.end();
    }

    private static void optional(RecordBatch batch, Optional<String> text) {
        batch.putByte(text.isPresent() ? 1 : 0);
        text.ifPresent(batch::putText);
    }

    private static void outputs(
            RecordBatch batch, PredictionWriter values, Map<String, @Nullable Object> outputs) {
        batch.putVarint(outputs.size());
        for (var each : outputs.entrySet()) {
            batch.putText(each.getKey());
            values.value(each.getValue());
        }
    }

    /// Whether a log record is one.
    public static boolean isShadow(int type) {
        return type == TYPE;
    }

    /// The shadow's answer of a record taken out of the log.
    public static Shadow read(LogRecord record) {
        return read(
                record.version(),
                record.id(),
                Micros.of(record.at()),
                Payload.of(record.payload()));
    }

    /// Reads one, in any version so far.
    ///
    /// @throws IllegalArgumentException for a version that is newer than this release
    public static Shadow read(int version, UUID id, long receivedMicros, Payload in) {
        if (version != VERSION)
            throw new IllegalArgumentException(
                    "the shadow of "
                            + id
                            + " has layout "
                            + version
                            + "; this release reads up to "
                            + VERSION);
        long epoch = in.getVarint();
        var endpoint = in.getText();
        var entity = optional(in);
        var shadowVersion = in.getText();
        var failure = optional(in);
        long liveNanos = in.getVarint();
        long nanos = in.getVarint();
        var liveConfidence = said(in.getFloat());
        var confidence = said(in.getFloat());
        return new Shadow(
                id,
                endpoint,
                epoch,
                entity,
                Micros.instant(receivedMicros),
                shadowVersion,
                outputs(in),
                outputs(in),
                liveConfidence,
                confidence,
                liveNanos,
                nanos,
                failure);
    }

    private static Optional<String> optional(Payload in) {
        return in.getByte() == 0 ? Optional.empty() : Optional.of(in.getText());
    }

    private static OptionalDouble said(float number) {
        return Float.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    private static Map<String, @Nullable Object> outputs(Payload in) {
        var outputs = new LinkedHashMap<String, @Nullable Object>();
        for (long left = in.getVarint(); left > 0; left--)
            outputs.put(in.getText(), PredictionReader.value(in));
        return outputs;
    }
}
