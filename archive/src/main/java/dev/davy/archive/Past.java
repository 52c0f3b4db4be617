package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import dev.davy.serving.Arm;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.Prediction.ComponentAnswer;
import dev.davy.serving.Prediction.Decision;
import dev.davy.serving.feedback.Archived;
import dev.davy.storage.Blobs;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Finds predictions that the log no longer holds, by their ids: the id's time tells the day, and
/// each file knows its smallest and largest ids. For any number of threads, one after the other.
final class Past implements Archived, AutoCloseable {
    private static final long MEMORY = 128_000_000;

    /// Ids of one query.
    private static final int MOST = 5_000;

    private final Shelf shelf;
    private final Path temporary;
    private final Blobs blobs;
    private @Nullable Duck duck;

    Past(Shelf shelf, Blobs blobs, Path temporary) {
        this.shelf = shelf;
        this.blobs = blobs;
        this.temporary = temporary;
    }

    @Override
    public Map<UUID, String> endpoints(Collection<UUID> ids) {
        return Duck.apart(() -> endpointsHere(ids));
    }

    private synchronized Map<UUID, String> endpointsHere(Collection<UUID> ids) {
        var byDay = new TreeMap<LocalDate, List<UUID>>();
        for (var id : ids)
            if (Ids.isOurs(id)) byDay.computeIfAbsent(day(id), any -> new ArrayList<>()).add(id);
        var found = new HashMap<UUID, String>();
        shelf.lock().readLock().lock();
        try {
            byDay.forEach((day, those) -> {
                var byEndpoint = new HashMap<String, List<ArchiveFile>>();
                for (var file : around(day))
                    byEndpoint.computeIfAbsent(file.endpoint(), any -> new ArrayList<>()).add(file);
                byEndpoint.forEach((endpoint, files) -> {
                    for (int from = 0; from < those.size(); from += MOST)
                        for (var id :
                                present(
                                        files,
                                        those.subList(from, Math.min(from + MOST, those.size()))))
                            found.put(id, endpoint);
                });
            });
        } finally {
            shelf.lock().readLock().unlock();
        }
        return found;
    }

    private List<UUID> present(List<ArchiveFile> files, List<UUID> ids) {
        var texts = ids.stream().map(UUID::toString).sorted().toList();
        return duck().rows(
                        "SELECT id FROM read_parquet("
                                + Duck.files(shelf.paths(files))
                                + ") WHERE id BETWEEN "
                                + Duck.text(texts.getFirst())
                                + " AND "
                                + Duck.text(texts.getLast())
                                + " AND id IN ("
                                + String.join(", ", texts.stream().map(Duck::text).toList())
                                + ")",
                        row -> UUID.fromString(row.getString(1)));
    }

    private static LocalDate day(UUID id) {
        return LocalDate.ofInstant(Ids.time(id), ZoneOffset.UTC);
    }

    /// The clock that made the id and the one that dated the record may stand on two sides of
    /// midnight.
    private List<ArchiveFile> around(LocalDate day) {
        var days = List.of(day.toString(), day.minusDays(1).toString(), day.plusDays(1).toString());
        return shelf.files(Kind.PREDICTIONS).stream()
                .filter(file -> days.contains(file.day()))
                .toList();
    }

    @Override
    public Optional<Prediction> find(UUID id) {
        return Duck.apart(() -> findHere(id));
    }

    private synchronized Optional<Prediction> findHere(UUID id) {
        if (!Ids.isOurs(id)) return Optional.empty();
        shelf.lock().readLock().lock();
        try {
            var byLayout = new LinkedHashMap<Layout, List<ArchiveFile>>();
            for (var file : around(day(id)))
                byLayout.computeIfAbsent(
                                shelf.layout(file.endpoint(), file.layout()),
                                any -> new ArrayList<>())
                        .add(file);
            for (var each : byLayout.entrySet()) {
                var layout = each.getKey();
                var rows =
                        duck().rows(
                                        "SELECT "
                                                + layout.names()
                                                + " FROM read_parquet("
                                                + Duck.files(shelf.paths(each.getValue()))
                                                + ", union_by_name = true) WHERE id = "
                                                + Duck.text(id.toString()),
                                        row -> prediction(row, layout));
                if (!rows.isEmpty()) return Optional.of(rows.getFirst());
            }
            return Optional.empty();
        } finally {
            shelf.lock().readLock().unlock();
        }
    }

    /// In a connection of its own: who reads for minutes must not keep others waiting.
    @Override
    public void read(String endpoint, Instant from, Instant until, Predicate<Kept> each) {
        Duck.apart(() -> {
            try (var traffic = new PastTraffic(shelf, blobs, temporary)) {
                traffic.read(endpoint, from, until, each);
                return true;
            }
        });
    }

    private Duck duck() {
        var here = duck;
        if (here == null) {
            here = Duck.open(new Duck.Bounds(MEMORY, 1, temporary));
            duck = here;
        }
        return here;
    }

    static Prediction prediction(ResultSet row, Layout layout) throws SQLException {
        var outputs = new LinkedHashMap<String, @Nullable Object>();
        var inputs = new ArrayList<@Nullable Object>();
        for (var field : layout.fields()) {
            var value = value(row, field);
            if (field.isOutput()) {
                if (value != null) outputs.put(field.source(), value);
            } else {
                while (inputs.size() <= field.index()) inputs.add(null);
                if (value != null) inputs.set(field.index(), value);
            }
        }
        return new Prediction(
                UUID.fromString(row.getString("id")),
                row.getString("request"),
                layout.endpoint(),
                0,
                row.getLong("epoch"),
                Optional.ofNullable(row.getString("entity")),
                instant(row, "event_time"),
                instant(row, "received"),
                Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
                Arm.Role.valueOf(row.getString("arm_assigned").toUpperCase(Locale.ROOT)),
                Arm.Role.valueOf(row.getString("arm").toUpperCase(Locale.ROOT)),
                row.getString("version"),
                inputs,
                (float) row.getDouble("capture_probability"),
                components(row),
                new Decision(
                        outputs,
                        number(row, "confidence"),
                        row.getString("decided_by"),
                        row.getString("reason"),
                        Optional.ofNullable(row.getString("failure"))),
                number(row, "review_probability"),
                Map.of("archived", "true"));
    }

    private static @Nullable Object value(ResultSet row, Field field) throws SQLException {
        var value = row.getObject(field.name());
        return switch (value) {
            case null -> null;
            case java.sql.Array array -> list((Object[]) array.getArray());
            case OffsetDateTime time -> time.toInstant();
            case String text when field.of() == Field.Of.INFO -> null;
            default -> value;
        };
    }

    private static Object list(Object[] array) {
        if (array.length > 0 && array[0] instanceof Double) {
            var numbers = new ArrayList<Double>();
            for (var each : array) numbers.add((Double) each);
            return new Prediction.Numbers("FP64", numbers);
        }
        return Arrays.stream(array).map(String::valueOf).toList();
    }

    private static List<ComponentAnswer> components(ResultSet row) throws SQLException {
        var answers = new ArrayList<ComponentAnswer>();
        var array = (java.sql.Array) row.getObject("components");
        if (array == null) return answers;
        for (var each : (Object[]) array.getArray()) {
            var cells = ((Struct) each).getAttributes();
            var values = new LinkedHashMap<String, Object>();
            if (cells[4] != null)
                json(cells[4]).properties().forEach(of -> values.put(of.getKey(), of.getValue()));
            answers.add(
                    new ComponentAnswer(
                            String.valueOf(cells[0]),
                            String.valueOf(cells[1]),
                            Long.parseUnsignedLong(String.valueOf(cells[2]), 16),
                            Math.round((Double) cells[3] * 1e6),
                            values,
                            scores(cells[5]),
                            cells[6] == null
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of((Double) cells[6]),
                            Boolean.TRUE.equals(cells[7]),
                            Optional.ofNullable((String) cells[8])));
        }
        return answers;
    }

    private static Map<String, double[]> scores(@Nullable Object text) {
        var scores = new LinkedHashMap<String, double[]>();
        if (text != null)
            json(text)
                    .properties()
                    .forEach(of -> {
                        var list = new double[of.getValue().size()];
                        for (int i = 0; i < list.length; i++)
                            list[i] = of.getValue().get(i).asDouble(Double.NaN);
                        scores.put(of.getKey(), list);
                    });
        return scores;
    }

    private static JsonNode json(Object text) {
        return Json.read(String.valueOf(text).getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OptionalDouble number(ResultSet row, String column) throws SQLException {
        double number = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    @Override
    public synchronized void close() {
        if (duck != null) duck.close();
        duck = null;
    }
}
