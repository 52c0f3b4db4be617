package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes closed days anew: many small files become one, and the truth that has come to be known
/// stands in columns of its own, for those who read the files without us. A day of which truth
/// comes late is written again.
public final class Tidying implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Tidying.class);
    private static final Duration EVERY = Duration.ofMinutes(15);
    private static final long MEMORY = 256_000_000;

    /// A day that is not over is tidied, too, when it has so many files: each is opened by a query.
    private static final int FILES_MAX = 48;

    private final Shelf shelf;
    private final Path temporary;
    private final Function<String, Duration> joinWithin;
    private final InstantSource clock;
    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> ticks;

    Tidying(
            Shelf shelf,
            Path temporary,
            Function<String, Duration> joinWithin,
            InstantSource clock) {
        this.shelf = shelf;
        this.temporary = temporary;
        this.joinWithin = joinWithin;
        this.clock = clock;
        thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("davy-archive-tidy").daemon().factory());
        ticks =
                thread.scheduleWithFixedDelay(
                        this::tidyWhateverHappens,
                        EVERY.toMillis(),
                        EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void tidyWhateverHappens() {
        try {
            tidy(clock.instant());
        } catch (RuntimeException e) {
            LOGGER.warn("the archive could not be tidied; it is tried again", e);
        }
    }

    /// Files that become one.
    private record Group(Kind kind, String endpoint, long layout, String day) {}

    /// Writes anew what is worth it.
    ///
    /// @param now by which a day is over or not
    /// @return how many groups of files were written
    public int tidy(Instant now) {
        var today = Archive.day(now);
        var late =
                new HashSet<>(
                        shelf.database().read(handle -> ArchiveTable.late(handle, shelf.keeper())));
        var groups = new LinkedHashMap<Group, List<ArchiveFile>>();
        for (var file : shelf.files())
            groups.computeIfAbsent(
                            new Group(file.kind(), file.endpoint(), file.layout(), file.day()),
                            any -> new ArrayList<>())
                    .add(file);
        int written = 0;
        for (var each : groups.entrySet()) {
            var group = each.getKey();
            var files = each.getValue();
            boolean closed = group.day().compareTo(today) < 0;
            boolean truth =
                    group.kind() == Kind.PREDICTIONS && closed && late.contains(group.day());
            if (files.size() < 2 && !truth) continue;
            if (!closed && files.size() < FILES_MAX) continue;
            write(group, files, truth || closed);
            written++;
        }
        // Truth of open days waits until they are over.
        shelf.database()
                .write(handle -> {
                    for (var day : late)
                        if (day.compareTo(today) < 0)
                            ArchiveTable.onTime(handle, shelf.keeper(), day);
                    return true;
                });
        return written;
    }

    private void write(Group group, List<ArchiveFile> files, boolean truth) {
        // Held while it reads and replaces: an erasure in between would come back.
        synchronized (shelf) {
            if (!shelf.files().containsAll(files)) return;
            try (var duck = Duck.open(new Duck.Bounds(MEMORY, 1, temporary))) {
                var views = new Views(shelf);
                var byLayout = Map.of(group.layout(), files);
                String query;
                if (group.kind() != Kind.PREDICTIONS)
                    query =
                            "SELECT * FROM read_parquet("
                                    + Duck.files(shelf.paths(files))
                                    + ", hive_partitioning = false)";
                else if (truth) {
                    duck.execute(views.feedback());
                    query =
                            "SELECT * EXCLUDE (endpoint, \"schema\", \"date\") FROM ("
                                    + Views.joined(
                                            views.base(group.endpoint(), byLayout),
                                            group.endpoint(),
                                            views.outputs(group.endpoint(), byLayout.keySet()),
                                            joinWithin.apply(group.endpoint()))
                                    + ")";
                } else
                    query =
                            "SELECT * EXCLUDE (endpoint, \"schema\", \"date\") FROM ("
                                    + views.base(group.endpoint(), byLayout)
                                    + ")";
                var fresh = shelf.rewritten(duck, files, query + order(group.kind()));
                long before = files.stream().mapToLong(ArchiveFile::rows).sum();
                if (fresh.rows() != before)
                    throw new IllegalStateException(
                            before + " rows became " + fresh.rows() + " in " + fresh.path());
                shelf.replace(files, List.of(fresh), handle -> {});
            }
        }
    }

    private static String order(Kind kind) {
        return switch (kind) {
            case PREDICTIONS, FEEDBACK -> " ORDER BY id";
            case SHADOWS -> " ORDER BY prediction, log_node, log_epoch, log_offset";
        };
    }

    @Override
    public void close() {
        ticks.cancel(false);
        thread.shutdown();
        try {
            // What it is at is finished: a day takes seconds.
            if (!thread.awaitTermination(30, TimeUnit.SECONDS))
                LOGGER.warn("the archive is still being tidied; the next start cleans up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
