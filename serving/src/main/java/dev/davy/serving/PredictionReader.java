package dev.davy.serving;

import dev.davy.serving.Prediction.ComponentAnswer;
import dev.davy.serving.Prediction.Decision;
import dev.davy.serving.Prediction.Hashed;
import dev.davy.serving.Prediction.Numbers;
import dev.davy.serving.Prediction.Summary;
import dev.davy.serving.Prediction.Withheld;
import dev.davy.serving.PredictionWriter.Tag;
import dev.davy.storage.LogRecord;
import dev.davy.storage.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads what [PredictionWriter] wrote, in any version so far.
public final class PredictionReader {

    private final Payload in;

    private PredictionReader(Payload payload) {
        in = payload;
    }

    /// The prediction of a record of type [#isPrediction].
    ///
    /// @throws IllegalArgumentException for a version that is newer than this release
    public static Prediction read(
            int version, long schema, UUID id, long receivedMicros, Payload payload) {
        if (version != PredictionWriter.VERSION)
            throw new IllegalArgumentException(
                    "prediction "
                            + id
                            + " has layout "
                            + version
                            + "; this release reads up to "
                            + PredictionWriter.VERSION);
        return new PredictionReader(payload).prediction(schema, id, receivedMicros);
    }

    /// The prediction of a record taken out of the log.
    public static Prediction read(LogRecord record) {
        long micros = Micros.of(record.at());
        return read(
                record.version(),
                record.schemaHash(),
                record.id(),
                micros,
                Payload.of(record.payload()));
    }

    /// Whether a log record is a prediction.
    public static boolean isPrediction(int type) {
        return type == PredictionWriter.TYPE;
    }

    /// The endpoint of a prediction without reading the rest.
    public static String endpoint(Payload payload) {
        var reader = new PredictionReader(payload);
        reader.head();
        return payload.getText();
    }

    /// The origin of a prediction without reading the rest.
    public static Origin origin(Payload payload) {
        return Codes.ORIGINS.get(payload.getByte());
    }

    /// One value, as [PredictionWriter#value] wrote it.
    static @Nullable Object value(Payload payload) {
        return new PredictionReader(payload).value();
    }

    private void head() {
        in.getByte();
        in.getByte();
        in.getVarint();
        in.getLong();
        in.getFloat();
    }

    private Prediction prediction(long schema, UUID id, long receivedMicros) {
        var origin = Codes.ORIGINS.get(in.getByte());
        int roles = in.getByte();
        long epoch = in.getVarint();
        var event = Micros.instant(in.getLong());
        float asked = in.getFloat();
        var endpoint = in.getText();
        var request = in.getText();
        Optional<String> entity = in.getByte() == 0 ? Optional.empty() : Optional.of(in.getText());
        var version = in.getText();
        float keptWith = in.getFloat();
        int inputCount = (int) in.getVarint();
        var inputs = new ArrayList<@Nullable Object>(inputCount);
        for (int i = 0; i < inputCount; i++) inputs.add(value());
        int components = (int) in.getVarint();
        var answers = new ArrayList<ComponentAnswer>(components);
        for (int i = 0; i < components; i++) answers.add(component());
        var decision = decision(answers);
        var extra = new LinkedHashMap<String, String>();
        for (long left = in.getVarint(); left > 0; left--) extra.put(in.getText(), in.getText());
        return new Prediction(
                id,
                request,
                endpoint,
                schema,
                epoch,
                entity,
                event,
                Micros.instant(receivedMicros),
                origin,
                Codes.ROLES.get(roles >> 4 & 0xf),
                Codes.ROLES.get(roles & 0xf),
                version,
                inputs,
                keptWith,
                answers,
                decision,
                said(asked),
                extra);
    }

    private ComponentAnswer component() {
        var name = in.getText();
        var version = in.getText();
        long digest = in.getLong();
        long nanos = in.getVarint();
        int tag = in.getByte();
        if (tag != Tag.ANSWERED) {
            Optional<String> failure =
                    tag == Tag.FAILED ? Optional.of(in.getText()) : Optional.empty();
            return new ComponentAnswer(
                    name,
                    version,
                    digest,
                    nanos,
                    Map.of(),
                    Map.of(),
                    OptionalDouble.empty(),
                    tag == Tag.SKIPPED,
                    failure);
        }
        var confidence = said(in.getFloat());
        var values = new LinkedHashMap<String, Object>();
        for (long left = in.getVarint(); left > 0; left--) {
            var output = in.getText();
            var value = value();
            if (value != null) values.put(output, value);
        }
        var scores = new LinkedHashMap<String, double[]>();
        for (long left = in.getVarint(); left > 0; left--) {
            var output = in.getText();
            if (value() instanceof Numbers numbers)
                scores.put(
                        output,
                        numbers.values().stream().mapToDouble(Number::doubleValue).toArray());
        }
        return new ComponentAnswer(
                name, version, digest, nanos, values, scores, confidence, false, Optional.empty());
    }

    private Decision decision(List<ComponentAnswer> answers) {
        int tag = in.getByte();
        return switch (tag) {
            case Tag.BY_COMPONENT -> {
                var answer = answers.get((int) in.getVarint());
                yield new Decision(
                        new LinkedHashMap<>(answer.values()),
                        answer.confidence(),
                        in.getText(),
                        in.getText(),
                        Optional.empty());
            }
            case Tag.BY_VALUES -> {
                var confidence = said(in.getFloat());
                var outputs = new LinkedHashMap<String, @Nullable Object>();
                for (long left = in.getVarint(); left > 0; left--)
                    outputs.put(in.getText(), value());
                yield new Decision(
                        outputs, confidence, in.getText(), in.getText(), Optional.empty());
            }
            case Tag.UNDECIDED ->
                    new Decision(
                            Map.of(),
                            OptionalDouble.empty(),
                            "nobody",
                            "the request failed",
                            Optional.of(in.getText()));
            default -> throw unknown(tag);
        };
    }

    private @Nullable Object value() {
        int tag = in.getByte();
        return switch (tag) {
            case Tag.MISSING -> null;
            case Tag.DOUBLE -> in.getDouble();
            case Tag.LONG -> in.getLong();
            case Tag.TEXT -> in.getText();
            case Tag.TRUE -> true;
            case Tag.FALSE -> false;
            case Tag.RAW -> numbers();
            case Tag.TEXTS -> {
                var texts = new ArrayList<String>();
                for (long left = in.getVarint(); left > 0; left--) texts.add(in.getText());
                yield texts;
            }
            case Tag.INSTANT -> Micros.instant(in.getLong());
            case Tag.SUMMARY -> summary();
            case Tag.HASHED -> new Hashed(in.getText());
            case Tag.WITHHELD -> new Withheld();
            case Tag.FLOAT -> Double.parseDouble(Float.toString(in.getFloat()));
            default -> throw unknown(tag);
        };
    }

    private Numbers numbers() {
        var datatype = Codes.DATATYPES.get(in.getByte());
        int count = (int) in.getVarint();
        var values = new ArrayList<Number>(count);
        for (int i = 0; i < count; i++)
            values.add(
                    switch (datatype) {
                        case FP32 -> in.getFloat();
                        case FP64 -> in.getDouble();
                        case INT64, UINT64 -> in.getLong();
                        case INT32 -> in.getInt();
                        case UINT32 -> Integer.toUnsignedLong(in.getInt());
                        case INT16 -> in.getShort();
                        case UINT16 -> Short.toUnsignedInt(in.getShort());
                        case INT8 -> in.getByte();
                        case UINT8, BOOL -> Byte.toUnsignedInt(in.getByte());
                        case FP16 -> Float.float16ToFloat(in.getShort());
                        case BF16 -> Float.intBitsToFloat(in.getShort() << 16);
                        case BYTES -> throw unknown(Codes.of(datatype));
                    });
        return new Numbers(datatype.name(), values);
    }

    private Summary summary() {
        var contentType = in.getText();
        long length = in.getVarint();
        long digest = in.getLong();
        boolean kept = in.getByte() == 1;
        float keptWith = in.getFloat();
        var measured = new LinkedHashMap<String, Double>();
        for (long left = in.getVarint(); left > 0; left--)
            measured.put(in.getText(), in.getDouble());
        return new Summary(contentType, length, digest, kept, keptWith, measured);
    }

    private static OptionalDouble said(float number) {
        return Float.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    private static IllegalArgumentException unknown(int tag) {
        return new IllegalArgumentException(
                "the log holds a value of kind " + tag + ", which this release does not know");
    }
}
