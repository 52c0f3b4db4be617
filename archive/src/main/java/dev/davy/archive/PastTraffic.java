package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import dev.davy.serving.Prediction;
import dev.davy.serving.feedback.Archived.Content;
import dev.davy.serving.feedback.Archived.Kept;
import dev.davy.storage.Blobs;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads the predictions of an endpoint out of the archive, oldest first, with what is kept of
/// their pictures and recordings. For one thread.
final class PastTraffic implements AutoCloseable {
    private static final long MEMORY = 256_000_000;

    /// Predictions that are held at once, without their contents.
    private static final int PAGE = 5_000;

    /// Comes after no id and before all.
    private static final String FIRST = "";

    private final Shelf shelf;
    private final Blobs blobs;
    private final Duck duck;

    PastTraffic(Shelf shelf, Blobs blobs, Path temporary) {
        this.shelf = shelf;
        this.blobs = blobs;
        duck = Duck.open(new Duck.Bounds(MEMORY, 1, temporary));
    }

    /// By the time at which they were received.
    ///
    /// @param until exclusive
    /// @param each answers whether it wants more
    void read(String endpoint, Instant from, Instant until, Predicate<Kept> each) {
        var byDay = new TreeMap<String, TreeMap<Long, List<ArchiveFile>>>();
        var first = from.toString().substring(0, 10);
        var last = until.toString().substring(0, 10);
        for (var file : shelf.files(Kind.PREDICTIONS))
            if (file.endpoint().equals(endpoint)
                    && file.day().compareTo(first) >= 0
                    && file.day().compareTo(last) <= 0)
                byDay.computeIfAbsent(file.day(), _ -> new TreeMap<>())
                        .computeIfAbsent(file.layout(), _ -> new ArrayList<>())
                        .add(file);
        for (var day : byDay.values())
            for (var layout : day.entrySet())
                if (!read(
                        shelf.layout(endpoint, layout.getKey()),
                        layout.getValue(),
                        from,
                        until,
                        each)) return;
    }

    private boolean read(
            Layout layout,
            List<ArchiveFile> files,
            Instant from,
            Instant until,
            Predicate<Kept> each) {
        var after = FIRST;
        while (true) {
            var page = page(layout, files, from, until, after);
            for (var row : page) if (!each.test(kept(row, layout))) return false;
            if (page.size() < PAGE) return true;
            after = page.getLast().prediction().id().toString();
        }
    }

    private record Found(Prediction prediction, Map<Field, String> texts) {}

    /// Ids are in the order of time, and a page is found by them again.
    private List<Found> page(
            Layout layout, List<ArchiveFile> files, Instant from, Instant until, String after) {
        shelf.lock().readLock().lock();
        try {
            // What was rewritten meanwhile has other files; those of a day that are gone are not
            // asked for.
            var there = shelf.files(Kind.PREDICTIONS);
            var now =
                    there.stream()
                            .filter(file ->
                                    file.endpoint().equals(layout.endpoint())
                                            && file.layout() == layout.number()
                                            && file.day().equals(files.getFirst().day()))
                            .toList();
            if (now.isEmpty()) return List.of();
            return duck.rows(
                    "SELECT "
                            + layout.names()
                            + " FROM read_parquet("
                            + Duck.files(shelf.paths(now))
                            + ", union_by_name = true) WHERE id > "
                            + Duck.text(after)
                            + " AND received >= "
                            + time(from)
                            + " AND received < "
                            + time(until)
                            + " ORDER BY id LIMIT "
                            + PAGE,
                    row -> new Found(Past.prediction(row, layout), texts(row, layout)));
        } finally {
            shelf.lock().readLock().unlock();
        }
    }

    private static String time(Instant time) {
        return "TIMESTAMPTZ " + Duck.text(time.toString());
    }

    private static Map<Field, String> texts(ResultSet row, Layout layout) throws SQLException {
        var texts = new HashMap<Field, String>();
        for (var field : layout.fields())
            if (field.of() == Field.Of.BLOB || field.of() == Field.Of.INFO) {
                var text = row.getString(field.name());
                if (text != null) texts.put(field, text);
            }
        return texts;
    }

    private Kept kept(Found found, Layout layout) {
        var inputs = new ArrayList<@Nullable Object>(found.prediction().inputs());
        var columns = new ArrayList<String>();
        var content = new HashMap<String, Content>();
        for (var field : layout.fields()) {
            if (field.isOutput()) continue;
            while (columns.size() <= field.index()) columns.add("");
            columns.set(field.index(), field.source());
            if (field.of() != Field.Of.INFO) continue;
            var info = found.texts().get(field);
            if (info == null) continue;
            var summary = summary(info);
            inputs.set(field.index(), summary);
            content(found, field)
                    .ifPresent(bytes ->
                            content.put(field.source(), new Content(summary.contentType(), bytes)));
        }
        return new Kept(found.prediction().with(0, inputs), columns, content);
    }

    private Optional<byte[]> content(Found found, Field info) {
        for (var each : found.texts().entrySet())
            if (each.getKey().of() == Field.Of.BLOB && each.getKey().index() == info.index())
                return blobs.get(each.getValue());
        return Optional.empty();
    }

    private static Prediction.Summary summary(String info) {
        var json = Json.read(info.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
        var measured = new HashMap<String, Double>();
        for (var each : json.properties())
            if (each.getValue().isNumber() && !each.getKey().equals("bytes"))
                measured.put(each.getKey(), each.getValue().doubleValue());
        return new Prediction.Summary(
                json.path("content-type").asString(""),
                json.path("bytes").asLong(),
                Long.parseUnsignedLong(json.path("digest").asString("0"), 16),
                json.path("kept").asBoolean(false),
                (float) json.path("kept-with").asDouble(1),
                measured);
    }

    @Override
    public void close() {
        duck.close();
    }
}
