package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.serving.Prediction;
import dev.davy.serving.reading.Entry;
import dev.davy.serving.reading.Follower;
import dev.davy.storage.Blobs;
import dev.davy.storage.Position;
import dev.davy.strict.Names;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Writes the log's predictions, feedback and shadows into Parquet files by endpoint, schema and
/// day.
///
/// Rows come together in tables of a small DuckDB. A file is on disk, under its name, before it and
/// the place in the log are committed in one transaction; so each record of the log is in exactly
/// one file that counts, over any crash.
public final class Archive implements Follower, AutoCloseable {
    public static final String NAME = "archive";

    /// Not to be raised lightly: whoever begins anew writes all of the log into files a second
    /// time. Shadows came later, so those that were read before are in the log only.
    static final int VERSION = 1;

    /// A file is written when so much has come together, or waited so long.
    private static final int ROWS = 100_000;

    private static final long BLOB_BYTES = 256L << 20;

    /// A prediction's content comes right behind it; when a crash has taken it, it never will.
    private static final Duration BLOB_PATIENCE = Duration.ofSeconds(5);

    private static final long MEMORY = 192_000_000;

    /// What the archive asks of those who know endpoints.
    public interface Endpoints {
        /// The schema that records name by this hash.
        Optional<Schema> schema(long hash);

        /// What an endpoint gives now; nothing where it is gone.
        List<Output> outputs(String endpoint);

        /// The endpoint of a prediction that is still in the log.
        Optional<String> endpointInLog(UUID prediction);
    }

    private final Shelf shelf;
    private final Endpoints endpoints;
    private final Blobs blobs;
    private final Past past;
    private final Path temporary;
    private final Duration every;

    private @Nullable Duck duck;
    private int tables;
    private final Map<Sheet.Key, Sheet> sheets = new LinkedHashMap<>();
    private final Map<Integer, PredictionRow> open = new HashMap<>();
    private final List<FeedbackRow> told = new ArrayList<>();
    private final Set<String> newBlobs = new LinkedHashSet<>();
    private final Map<String, Map<Long, Layout>> layouts = new HashMap<>();
    private final Map<String, List<Output>> outputs = new HashMap<>();
    private long rows;
    private long blobBytes;
    private long firstAt;
    private long openedAt;
    private List<ArchiveFile> written = List.of();
    private Set<String> late = Set.of();

    Archive(
            Shelf shelf,
            Past past,
            Endpoints endpoints,
            Blobs blobs,
            Path temporary,
            Duration every) {
        this.shelf = shelf;
        this.past = past;
        this.endpoints = endpoints;
        this.blobs = blobs;
        this.temporary = temporary;
        this.every = every;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public void take(Entry entry) {
        if (firstAt == 0) firstAt = System.nanoTime();
        switch (entry) {
            case Entry.Predicted(var at, var prediction) -> {
                settle(at.node());
                var row = new PredictionRow(at, prediction, layout(prediction));
                rows++;
                if (row.awaitsBlobs()) {
                    open.put(at.node(), row);
                    openedAt = System.nanoTime();
                } else put(row);
            }
            case Entry.Blob blob -> blob(blob);
            case Entry.Told(var at, var received, var feedback) -> {
                told.add(new FeedbackRow(at, received, feedback));
                rows++;
            }
            case Entry.Shadowed(var at, var shadow) -> {
                settle(at.node());
                var row = new ShadowRow(at, shadow);
                sheet(
                                Kind.SHADOWS,
                                at,
                                shadow.endpoint(),
                                ShadowRow.LAYOUT,
                                day(shadow.received()),
                                ShadowRow.COLUMNS)
                        .row(row::write);
                rows++;
            }
            case Entry.Missing missing -> settle(missing.at().node());
        }
    }

    private void blob(Entry.Blob blob) {
        var row = open.get(blob.at().node());
        if (row == null || !row.prediction().id().equals(blob.prediction())) return;
        var digest = blobs.putUnsynced(blob.bytes());
        newBlobs.add(digest);
        blobBytes += blob.bytes().length;
        row.blob(blob.column(), digest);
        if (!row.awaitsBlobs()) settle(blob.at().node());
    }

    private void settle(int node) {
        var row = open.remove(node);
        if (row != null) put(row);
    }

    private void put(PredictionRow row) {
        var layout = row.layout();
        sheet(
                        Kind.PREDICTIONS,
                        row.at(),
                        layout.endpoint(),
                        layout.number(),
                        day(row.prediction().received()),
                        layout.columns())
                .row(row::write);
    }

    /// Where rows like the one at `at` belong.
    private Sheet sheet(
            Kind kind, Position at, String endpoint, long layout, String day, String columns) {
        var key = new Sheet.Key(kind, at.node(), endpoint, layout, day);
        var sheet = sheets.get(key);
        if (sheet == null) {
            sheet = new Sheet(duck(), key, "t" + tables++, columns, at);
            sheets.put(key, sheet);
        }
        return sheet;
    }

    static String day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC).toString();
    }

    private Duck duck() {
        var here = duck;
        if (here == null) {
            here = Duck.open(new Duck.Bounds(MEMORY, 1, temporary));
            duck = here;
        }
        return here;
    }

    /// The layout by which a prediction is written: the one of its schema and the outputs that its
    /// endpoint has now.
    private Layout layout(Prediction prediction) {
        var endpoint = prediction.endpoint();
        var now = endpoints.outputs(endpoint);
        // Of an endpoint that is gone, what was written last is right.
        if (now.isEmpty() && outputs.containsKey(endpoint)) now = outputs.get(endpoint);
        if (now != null && !now.equals(outputs.get(endpoint))) {
            outputs.put(endpoint, now);
            layouts.remove(endpoint);
        }
        var known = layouts.computeIfAbsent(endpoint, any -> new HashMap<>());
        var layout = known.get(prediction.schema());
        if (layout == null) {
            var fields =
                    Layout.fields(
                            endpoints.schema(prediction.schema()), now == null ? List.of() : now);
            layout = layout(endpoint, fields);
            known.put(prediction.schema(), layout);
        }
        return layout;
    }

    private Layout layout(String endpoint, List<Field> fields) {
        var same =
                shelf.layouts().stream().filter(each -> each.endpoint().equals(endpoint)).toList();
        for (var each : same) if (each.fields().equals(fields)) return each;
        var fresh = new Layout(endpoint, same.size() + 1L, fields);
        shelf.database()
                .write(handle -> {
                    ArchiveTable.putLayout(handle, fresh);
                    return true;
                });
        shelf.reload();
        return fresh;
    }

    @Override
    public boolean isWhole() {
        return open.isEmpty() || System.nanoTime() - openedAt > BLOB_PATIENCE.toNanos();
    }

    @Override
    public boolean due() {
        return rows >= ROWS
                || blobBytes >= BLOB_BYTES
                || firstAt != 0 && System.nanoTime() - firstAt > every.toNanos();
    }

    @Override
    public void prepare() {
        for (var node : List.copyOf(open.keySet())) settle(node);
        feedback();
        blobs.sync(newBlobs);
        var files = new ArrayList<ArchiveFile>();
        for (var sheet : sheets.values()) {
            files.add(sheet.keep(shelf));
            sheet.drop();
        }
        written = files;
    }

    /// Feedback goes where its prediction is, if that can be found.
    private void feedback() {
        var days = new HashSet<String>();
        var missing = new HashSet<UUID>();
        var found = new HashMap<UUID, String>();
        for (var row : told) {
            row.lateFor().ifPresent(day -> days.add(day.toString()));
            if (row.endpoint().isPresent()) continue;
            var id = row.prediction().orElseThrow();
            endpoints
                    .endpointInLog(id)
                    .ifPresentOrElse(name -> found.put(id, name), () -> missing.add(id));
        }
        found.putAll(past.endpoints(missing));
        for (var row : told) {
            var endpoint =
                    row.endpoint()
                            .or(() -> row.prediction().map(found::get))
                            .filter(Names::isAllowed)
                            .orElse("");
            sheet(
                            Kind.FEEDBACK,
                            row.at(),
                            endpoint,
                            FeedbackRow.LAYOUT,
                            day(row.received()),
                            FeedbackRow.COLUMNS)
                    .row(row::write);
        }
        told.clear();
        late = days;
    }

    @Override
    public void commit(Handle transaction) {
        for (var file : written) ArchiveTable.put(transaction, shelf.keeper(), file);
        for (var day : late) ArchiveTable.late(transaction, shelf.keeper(), day);
    }

    @Override
    public void committed() {
        clear();
        shelf.reload();
    }

    @Override
    public void forget() {
        for (var sheet : sheets.values()) {
            try {
                sheet.close();
                sheet.drop();
            } catch (RuntimeException alreadyBroken) {
                // The whole of DuckDB goes below.
            }
        }
        clear();
        closeDuck();
    }

    private void clear() {
        sheets.clear();
        open.clear();
        told.clear();
        newBlobs.clear();
        rows = 0;
        blobBytes = 0;
        firstAt = 0;
        written = List.of();
        late = Set.of();
    }

    private void closeDuck() {
        if (duck != null) duck.close();
        duck = null;
    }

    /// After the readers have stopped.
    @Override
    public void close() {
        forget();
    }
}
