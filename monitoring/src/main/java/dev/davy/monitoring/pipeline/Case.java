package dev.davy.monitoring.pipeline;

import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.schema.Schema;
import dev.davy.serving.BlobRecord;
import dev.davy.serving.Prediction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A logged prediction, with the content of its large inputs as far as that was kept.
final class Case {
    private final Prediction prediction;
    private final Schema schema;
    private final Map<String, BlobRecord.Content> blobs = new HashMap<>(2);

    Case(Prediction prediction, Schema schema) {
        this.prediction = prediction;
        this.schema = schema;
    }

    Prediction prediction() {
        return prediction;
    }

    Schema schema() {
        return schema;
    }

    void add(BlobRecord.Content content) {
        blobs.put(content.column(), content);
    }

    long bytes() {
        return blobs.values().stream().mapToLong(each -> each.bytes().length).sum();
    }

    /// Whether the log says that all its inputs are there, the content of large ones too.
    boolean kept() {
        return prediction.inputs().size() == schema.columns().size()
                && prediction.inputs().stream()
                        .noneMatch(value ->
                                value instanceof Prediction.Summary summary && !summary.kept());
    }

    /// The row as it was asked, as far as it makes a difference; empty when some of that was
    /// hashed, withheld or not kept.
    ///
    /// @param needed the columns that some component looks at
    Optional<Row> row(Set<String> needed) {
        if (!hidden(needed).isEmpty()) return Optional.empty();
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < schema.columns().size(); i++) {
            var name = schema.columns().get(i).name();
            if (!needed.contains(name)) continue;
            var logged = prediction.inputs().get(i);
            if (logged == null) continue;
            var value = value(name, logged);
            if (value.isEmpty()) return Optional.empty();
            values.put(name, value.get());
        }
        return Optional.of(new Row(values));
    }

    /// Of the columns that some component looks at, those of which the log has no values: they are
    /// hashed or withheld, or tensors were sent in place of columns.
    List<String> hidden(Set<String> needed) {
        return needed.stream().filter(name -> !tells(name)).toList();
    }

    private boolean tells(String column) {
        for (int i = 0; i < Math.min(schema.columns().size(), prediction.inputs().size()); i++)
            if (schema.columns().get(i).name().equals(column))
                return !(prediction.inputs().get(i) instanceof Prediction.Hashed)
                        && !(prediction.inputs().get(i) instanceof Prediction.Withheld);
        return false;
    }

    private Optional<Object> value(String column, Object logged) {
        return switch (logged) {
            case Double _, Long _, String _, Boolean _, Instant _ -> Optional.of(logged);
            case Prediction.Numbers(var _, var numbers) -> {
                var floats = new float[numbers.size()];
                for (int i = 0; i < floats.length; i++) floats[i] = numbers.get(i).floatValue();
                yield Optional.of(floats);
            }
            case Prediction.Summary _ -> Optional.ofNullable(blobs.get(column)).map(Case::content);
            default -> Optional.empty();
        };
    }

    private static Object content(BlobRecord.Content content) {
        if (!content.contentType().equals("tensor/FP32"))
            return new Media(content.contentType(), content.bytes());
        var floats = new float[content.bytes().length / Float.BYTES];
        ByteBuffer.wrap(content.bytes()).order(ByteOrder.nativeOrder()).asFloatBuffer().get(floats);
        return floats;
    }
}
