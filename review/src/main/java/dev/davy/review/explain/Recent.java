package dev.davy.review.explain;

import dev.davy.schema.Column;
import dev.davy.schema.Row;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.past.Logged;
import dev.davy.serving.past.Restored;
import dev.davy.storage.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an endpoint was asked lately, without its pictures and recordings: what is usual there, and
/// what takes the place of a value that is taken away.
final class Recent {
    /// As many as are kept, drawn by chance from those of the stretch.
    static final int MOST = 500;

    /// With fewer of a stretch a longer one is read.
    private static final int ENOUGH = 100;

    private static final List<Duration> BACK =
            List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30));

    /// For all of it; what was read by then counts.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final List<Prediction> predictions;
    private final Endpoints endpoints;

    private Recent(List<Prediction> predictions, Endpoints endpoints) {
        this.predictions = predictions;
        this.endpoints = endpoints;
    }

    static Recent of(String endpoint, Log log, Endpoints endpoints, Instant now) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<Prediction> found = List.of();
        for (var back : BACK) {
            found = read(endpoint, log, now.minus(back), until);
            if (found.size() >= ENOUGH || System.nanoTime() > until) break;
        }
        return new Recent(found, endpoints);
    }

    /// A reservoir of what the log holds from then on (Vitter, algorithm R).
    private static List<Prediction> read(String endpoint, Log log, Instant from, long until) {
        var kept = new ArrayList<Prediction>();
        var chance = new Random(endpoint.hashCode());
        int seen = 0;
        try (var reader = log.read(log.since(from))) {
            for (long read = 0; reader.next(); read++) {
                if (read % 1_024 == 0 && System.nanoTime() > until) break;
                if (reader.gap().isPresent()
                        || !PredictionReader.isPrediction(reader.type())
                        || !PredictionReader.endpoint(reader.payload()).equals(endpoint)) continue;
                seen++;
                int place = kept.size() < MOST ? kept.size() : chance.nextInt(seen);
                if (place >= MOST) continue;
                var prediction =
                        PredictionReader.read(
                                reader.version(),
                                reader.schemaHash(),
                                reader.id(),
                                reader.timeMicros(),
                                reader.payload());
                if (place == kept.size()) kept.add(prediction);
                else kept.set(place, prediction);
            }
        }
        return kept;
    }

    /// The values of a column; those that were withheld are not there.
    ///
    /// @param but this one
    List<@Nullable Object> values(String column, UUID but) {
        var values = new ArrayList<@Nullable Object>();
        for (var each : predictions) {
            int place = names(each).indexOf(column);
            if (place < 0 || place >= each.inputs().size() || each.id().equals(but)) continue;
            var value = each.inputs().get(place);
            if (!(value instanceof Prediction.Withheld)) values.add(value);
        }
        return values;
    }

    /// How many there are.
    int size(UUID but) {
        return (int) predictions.stream().filter(each -> !each.id().equals(but)).count();
    }

    /// As rows of these columns, as far as all of them were kept.
    List<Row> rows(List<String> columns, UUID but) {
        Set<String> needed = new HashSet<>(columns);
        var rows = new ArrayList<Row>();
        for (var each : predictions) {
            if (each.id().equals(but)) continue;
            var schema = endpoints.schema(each.schema());
            if (schema.isEmpty()) continue;
            Restored.row(new Logged(each, names(each), Map.of()), schema.get(), needed)
                    .ifPresent(rows::add);
        }
        return rows;
    }

    private List<String> names(Prediction prediction) {
        return endpoints
                .schema(prediction.schema())
                .map(schema -> schema.columns().stream().map(Column::name).toList())
                .orElse(List.of());
    }
}
