package dev.davy.monitoring;

import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.serving.Prediction;
import dev.davy.storage.Ids;
import dev.davy.strict.Problem;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// A metric as it is counted over the past, window by window. For one thread.
final class Backfilling {
    /// Some 30 MB.
    private static final int WINDOWS_MOST = 100_000;

    private final Backfills.Stretch of;
    private final Customs customs;
    private final Slices slices;
    private final LongFunction<Optional<Schema>> schemas;
    private final Instant minutesFrom;
    private final Map<Long, Optional<Schema>> known = new HashMap<>();
    private final Map<Kept.Key, Column> columns = new LinkedHashMap<>();
    private long rows;

    /// @param others the part that it belongs to where it has no window of its own
    record Counted(Measure measure, Optional<String> others) {}

    private record Column(Measure.Builder measure, Optional<String> others) {}

    /// @param minutesFrom before this no minutes are kept
    Backfilling(
            Backfills.Stretch of,
            List<Output> outputs,
            Slices slices,
            LongFunction<Optional<Schema>> schemas,
            Instant minutesFrom) {
        this.of = of;
        this.customs = new Customs(List.of(of.metric()), outputs);
        this.slices = slices;
        this.schemas = schemas;
        this.minutesFrom = minutesFrom;
    }

    void take(Prediction prediction) {
        var at = WindowFollower.at(prediction);
        if (at.isBefore(of.from()) || !at.isBefore(of.to())) return;
        rows++;
        var schema = known.computeIfAbsent(prediction.schema(), schemas::apply);
        int node = Ids.node(prediction.id());
        count(
                prediction,
                schema,
                minute(prediction, Part.arm(prediction), node, at),
                Optional.empty());
        for (var slice : slices.of(prediction, schema))
            count(
                    prediction,
                    schema,
                    minute(prediction, slice.part(), node, at),
                    slice.of().map(Slices.OneOfMany::others));
    }

    private static Kept.Key minute(Prediction prediction, String part, int node, Instant at) {
        return Kept.Key.minute(prediction.endpoint(), prediction.origin(), part, node, at);
    }

    private void count(
            Prediction prediction,
            Optional<Schema> schema,
            Kept.Key minute,
            Optional<String> others) {
        if (!Instant.ofEpochSecond(minute.start()).isBefore(minutesFrom))
            count(prediction, schema, column(minute, others));
        count(prediction, schema, column(minute.in(Span.HOUR), others));
    }

    private void count(Prediction prediction, Optional<Schema> schema, Column into) {
        customs.count(_ -> into.measure, prediction, schema);
    }

    private Column column(Kept.Key key, Optional<String> others) {
        var known = columns.get(key);
        if (known != null) return known;
        if (columns.size() >= WINDOWS_MOST)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "stretch-too-long",
                    "The stretch has too many windows to be counted at once.",
                    "From %s to %s there are more than %,d of arms and slices."
                            .formatted(of.from(), of.to(), WINDOWS_MOST),
                    "Count it in shorter stretches, with --from and --to.");
        var fresh = new Column(new Measure.Builder(Measure.BINS, Window.CLASSES), others);
        columns.put(key, fresh);
        return fresh;
    }

    long rows() {
        return rows;
    }

    /// By the day that they lie in. Of rows whose schema has no such metric nothing is counted.
    SortedMap<Instant, Map<Kept.Key, Counted>> byDay() {
        var days = new TreeMap<Instant, Map<Kept.Key, Counted>>();
        columns.forEach((key, column) -> {
            var measure = column.measure.build();
            if (measure.count() == 0) return;
            days.computeIfAbsent(
                            Span.DAY.start(Instant.ofEpochSecond(key.start())),
                            _ -> new LinkedHashMap<>())
                    .put(key, new Counted(measure, column.others));
        });
        return days;
    }
}
