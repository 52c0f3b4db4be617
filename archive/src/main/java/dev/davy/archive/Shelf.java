package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import dev.davy.storage.Cursor;
import dev.davy.storage.Cursors;
import dev.davy.storage.Database;
import dev.davy.storage.Position;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The archive's folder, and which of its files count. For any number of threads.
///
/// A file is renamed to its place before it counts, and deleted after it has ceased to; what lies
/// there otherwise was left by a crash.
final class Shelf {
    private static final Logger LOGGER = LoggerFactory.getLogger(Shelf.class);

    /// In the place of a partition's value that is not known, as Hive, Spark and DuckDB write it.
    private static final String UNKNOWN = "__HIVE_DEFAULT_PARTITION__";

    private static final Pattern NAME =
            Pattern.compile("(\\d{1,5})-(\\d{1,15})-(\\d{1,18})(?:\\.g(\\d{1,9}))?\\.parquet");

    private final Path folder;
    private final Path temporary;
    private final Database database;
    private final int keeper;

    // Whoever reads files holds the read lock, so that none is deleted under them.
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private volatile List<ArchiveFile> files = List.of();
    private volatile List<Layout> layouts = List.of();

    /// Removes what a crash left behind: files that do not count and lie past the reader's place,
    /// and generations that were replaced.
    Shelf(Path folder, Path temporary, Database database, int keeper) {
        this.folder = folder;
        this.temporary = temporary;
        this.database = database;
        this.keeper = keeper;
        reload();
        var committed = database.read(handle -> Cursors.get(handle, Archive.NAME, Archive.VERSION));
        bury();
        removeLeftovers(committed);
    }

    ReentrantReadWriteLock lock() {
        return lock;
    }

    Path folder() {
        return folder;
    }

    int keeper() {
        return keeper;
    }

    Database database() {
        return database;
    }

    List<ArchiveFile> files() {
        return files;
    }

    List<ArchiveFile> files(Kind kind) {
        return files.stream().filter(file -> file.kind() == kind).toList();
    }

    List<Layout> layouts() {
        return layouts;
    }

    Layout layout(String endpoint, long number) {
        return layouts.stream()
                .filter(each -> each.endpoint().equals(endpoint) && each.number() == number)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("no layout " + number + " of " + endpoint));
    }

    Path path(ArchiveFile file) {
        return path(file.path());
    }

    List<Path> paths(List<ArchiveFile> of) {
        return of.stream().map(this::path).toList();
    }

    private Path path(String relative) {
        var path = folder;
        for (var part : relative.split("/", -1)) path = SafePath.inside(path, part);
        return path;
    }

    /// A place for a file that is being written; emptied at each start.
    Path fresh(String name) {
        return SafePath.inside(temporary, name);
    }

    /// Where the file of this kind, day and first record lies.
    static String place(
            Kind kind, String endpoint, long layout, String day, Position from, long generation) {
        return "%s/endpoint=%s/schema=%d/date=%s/%s%s.parquet"
                .formatted(
                        kind.word(),
                        endpoint.isEmpty() ? UNKNOWN : endpoint,
                        layout,
                        day,
                        from,
                        generation == 1 ? "" : ".g" + generation);
    }

    /// Brings a finished file to its place; on disk when it returns.
    ///
    /// @return its size in bytes
    long bring(Path fresh, String place) {
        try {
            var target = path(place);
            var shelf = parent(target);
            Files.createDirectories(shelf);
            long bytes = Files.size(fresh);
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(
                    fresh,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            // New folders have to be on disk up to the one that was there before.
            for (var each = shelf; each.startsWith(folder); each = parent(each)) force(each);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path parent(Path path) {
        var parent = path.getParent();
        if (parent == null) throw new IllegalStateException(path + " has no parent");
        return parent;
    }

    private static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Writes what a query gives as the next generation of these files, and brings it to its place;
    /// it counts when they are replaced by it.
    ArchiveFile rewritten(Duck duck, List<ArchiveFile> old, String query) {
        var first = old.getFirst();
        long generation = 1;
        for (var file : old) generation = Math.max(generation, file.generation() + 1);
        var fresh = fresh("archive-rewritten.parquet");
        Sheet.write(duck, query, fresh);
        long rows = duck.number("SELECT count(*) FROM read_parquet(" + Duck.text(fresh + "") + ")");
        var place =
                place(
                        first.kind(),
                        first.endpoint(),
                        first.layout(),
                        first.day(),
                        from(first),
                        generation);
        long bytes = bring(fresh, place);
        return new ArchiveFile(
                place,
                first.kind(),
                first.endpoint(),
                first.layout(),
                first.day(),
                rows,
                bytes,
                generation);
    }

    private static Position from(ArchiveFile file) {
        var name = NAME.matcher(file.path().substring(file.path().lastIndexOf('/') + 1));
        if (!name.matches()) throw new IllegalStateException(file.path());
        return position(name);
    }

    private static Position position(Matcher name) {
        return new Position(
                Integer.parseInt(name.group(1)),
                Long.parseLong(name.group(2)),
                Long.parseLong(name.group(3)));
    }

    /// Replaces files by others that were brought before, in one transaction; then deletes them.
    ///
    /// @param also what else the transaction does
    void replace(List<ArchiveFile> old, List<ArchiveFile> by, Consumer<Handle> also) {
        database.write(handle -> {
            for (var file : old) ArchiveTable.doom(handle, keeper, file.path());
            for (var file : by) ArchiveTable.put(handle, keeper, file);
            also.accept(handle);
            return true;
        });
        reload();
        bury();
    }

    /// Deletes what no longer counts, once nobody reads it any more.
    private void bury() {
        var doomed =
                database.read(handle -> ArchiveTable.files(handle, keeper)).stream()
                        .filter(file -> file.generation() < 0)
                        .toList();
        if (doomed.isEmpty()) return;
        lock.writeLock().lock();
        try {
            for (var file : doomed) Files.deleteIfExists(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.writeLock().unlock();
        }
        database.write(handle -> {
            for (var file : doomed) ArchiveTable.remove(handle, keeper, file.path());
            return true;
        });
    }

    /// Reads anew which files count.
    void reload() {
        database.read(handle -> {
            files =
                    ArchiveTable.files(handle, keeper).stream()
                            .filter(file -> file.generation() > 0)
                            .toList();
            layouts = ArchiveTable.layouts(handle);
            return true;
        });
    }

    private void removeLeftovers(Cursor committed) {
        if (!Files.isDirectory(folder)) return;
        var counting = new HashSet<Path>();
        for (var file : files) counting.add(path(file));
        try (var walk = Files.walk(folder)) {
            for (var file : walk.filter(SafePath::isFile).toList())
                if (!counting.contains(file)) leftover(file, committed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (var file : files)
            if (!Files.exists(path(file)))
                LOGGER.error("{} is gone from the archive; what it held is missing", file.path());
    }

    private void leftover(Path file, Cursor committed) {
        var name = NAME.matcher(String.valueOf(file.getFileName()));
        if (!name.matches()) return;
        var from = position(name);
        var place = committed.positions().get(from.node());
        boolean past = place == null || from.compareTo(place) >= 0;
        // A later generation is brought before it counts.
        if (past || name.group(4) != null) delete(file);
        // Of an older copy of the database, or of somebody else: theirs to keep.
        else LOGGER.warn("{} is not known to the archive, and is not read", file);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.warn("{} could not be deleted: {}", file, e.toString());
        }
    }
}
