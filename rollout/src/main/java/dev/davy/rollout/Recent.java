package dev.davy.rollout;

import dev.davy.schema.Column;
import dev.davy.schema.Row;
import dev.davy.schema.Schema;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.past.Logged;
import dev.davy.serving.past.Restored;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/// The last live predictions of each endpoint: what a rollout knows of the traffic before it
/// begins. Any number of threads.
final class Recent {
    /// Of an endpoint.
    static final int MOST = 500;

    /// Endpoints beyond these are not remembered; their rollouts learn as they go.
    private static final int ENDPOINTS_MOST = 64;

    private final LongFunction<Optional<Schema>> schemas;
    private final Map<String, ArrayDeque<Prediction>> last = new HashMap<>();

    /// @param schemas by the hash that predictions name
    Recent(LongFunction<Optional<Schema>> schemas) {
        this.schemas = schemas;
    }

    synchronized void add(Prediction prediction) {
        if (prediction.origin() != Origin.LIVE || prediction.extra().containsKey("pinned")) return;
        var ring = last.get(prediction.endpoint());
        if (ring == null) {
            if (last.size() == ENDPOINTS_MOST) return;
            ring = new ArrayDeque<>();
            last.put(prediction.endpoint(), ring);
        }
        ring.addLast(prediction);
        if (ring.size() > MOST) ring.removeFirst();
    }

    /// Oldest first.
    synchronized List<Prediction> of(String endpoint) {
        return List.copyOf(last.getOrDefault(endpoint, new ArrayDeque<>()));
    }

    /// Requests a second; 0 where too few came to tell.
    static double perSecond(List<Prediction> recent) {
        if (recent.size() < 2) return 0;
        var time = Duration.between(recent.getFirst().received(), recent.getLast().received());
        return time.isZero() || time.isNegative()
                ? 0
                : (recent.size() - 1) / (time.toNanos() / 1e9);
    }

    /// The part that failed.
    static double errors(List<Prediction> recent) {
        long failed = recent.stream().filter(each -> each.decision().failure().isPresent()).count();
        return recent.isEmpty() ? 0 : (double) failed / recent.size();
    }

    /// What guards ask of the traffic.
    ///
    /// @param columns by whose values it may be sliced, among other texts
    Watch.Facts facts(List<Prediction> recent, List<String> columns, Schema input) {
        var values = new HashMap<String, List<String>>();
        for (var column : columns)
            if (input.column(column).isPresent()) values.put(column, values(recent, column));
        var latencies = new HashMap<Double, Double>();
        var times =
                recent.stream()
                        .mapToDouble(each ->
                                each.answers().stream().mapToLong(answer -> answer.nanos()).sum()
                                        / 1e6)
                        .filter(millis -> millis > 0)
                        .sorted()
                        .toArray();
        if (times.length > 0)
            for (var level : List.of(0.5, 0.9, 0.95, 0.99, 0.999))
                latencies.put(
                        level,
                        times[Math.min(times.length - 1, (int) Math.ceil(level * times.length))]);
        return new Watch.Facts(values, latencies);
    }

    private List<String> values(List<Prediction> recent, String column) {
        var counts = new LinkedHashMap<String, Integer>();
        for (var each : recent)
            schemas.apply(each.schema())
                    .ifPresent(schema -> {
                        for (int i = 0; i < schema.columns().size(); i++)
                            if (schema.columns().get(i).name().equals(column)
                                    && i < each.inputs().size()
                                    && each.inputs().get(i) != null)
                                counts.merge(
                                        Measure.text(
                                                java.util.Objects.requireNonNull(
                                                        each.inputs().get(i))),
                                        1,
                                        Integer::sum);
                    });
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .limit(Watch.VALUES_MOST)
                .toList();
    }

    /// Requests that live answered and that are in the log as they came, newest first.
    List<Row> rows(List<Prediction> recent, Schema input, int most) {
        var rows = new ArrayList<Row>();
        for (var each : recent.reversed()) {
            if (rows.size() == most) break;
            if (each.decision().failure().isPresent()) continue;
            schemas.apply(each.schema())
                    .flatMap(schema -> Restored.row(logged(each, schema), input))
                    .ifPresent(rows::add);
        }
        return rows;
    }

    private static Logged logged(Prediction prediction, Schema schema) {
        return new Logged(
                prediction, schema.columns().stream().map(Column::name).toList(), Map.of());
    }
}
