package dev.davy.batch;

import dev.davy.jobs.JobStopped;
import dev.davy.schema.Block;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.Media;
import dev.davy.schema.Schema;
import dev.davy.strict.Audio;
import dev.davy.strict.Csv;
import dev.davy.strict.Images;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A folder of images or recordings: a row for each file, in the order of a list of names and
/// digests.
final class FilesSource implements Source {
    /// Files that are in memory together.
    private static final int BLOCK_FILES = 16;

    private static final int CHUNK_FILES = 8 * BLOCK_FILES;

    private final List<Entry> entries;
    private final Column column;
    private final Function<String, Path> place;
    private final long largest;
    private int next;

    private record Entry(String name, String digest) {}

    private FilesSource(
            List<Entry> entries, Column column, Function<String, Path> place, long largest) {
        this.entries = entries;
        this.column = column;
        this.place = place;
        this.largest = largest;
    }

    /// @param list a table of `file,sha256`
    /// @param place where the file of a digest lies
    static FilesSource open(Path list, Schema schema, Function<String, Path> place, Limits limits)
            throws IOException {
        var entries = new ArrayList<Entry>();
        try (var rows = Csv.open(Files.newInputStream(list), "the list of files", limits)) {
            if (!rows.header().equals(List.of("file", "sha256")))
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "file-list-malformed",
                        "The list of files can't be read.",
                        "Its columns are " + rows.header() + ".",
                        "They are file and sha256.");
            for (var row = rows.next(); row.isPresent(); row = rows.next())
                if (row.get() instanceof Csv.CsvRow(var _, var cells))
                    entries.add(new Entry(cells.get(0), cells.get(1)));
        }
        long largest = Math.max(limits.imageBytes(), limits.bodyBytes());
        return new FilesSource(entries, column(schema), place, largest);
    }

    private static Column column(Schema schema) {
        var media =
                schema.columns().stream()
                        .filter(each ->
                                each.type() == ColumnType.IMAGE || each.type() == ColumnType.AUDIO)
                        .toList();
        boolean alone =
                schema.columns().stream().filter(Column::required).allMatch(media::contains);
        if (media.size() == 1 && alone) return media.getFirst();
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "endpoint-takes-no-files",
                "The endpoint can't be asked with a folder of files.",
                "It takes "
                        + schema.columns().stream()
                                .map(each -> each.name() + " (" + each.type().word() + ")")
                                .toList()
                        + "; a folder fills one image or one recording.",
                "Send a table, or ask an endpoint that takes one image or recording.");
    }

    @Override
    public List<String> ignored() {
        return List.of();
    }

    @Override
    public long rows() {
        return entries.size();
    }

    @Override
    public OptionalInt chunks() {
        return OptionalInt.of((entries.size() + CHUNK_FILES - 1) / CHUNK_FILES);
    }

    @Override
    public synchronized @Nullable Chunk next(IntPredicate done) {
        int chunks = chunks().orElseThrow();
        while (next < chunks && done.test(next)) next++;
        if (next == chunks) return null;
        int number = next++;
        return new Chunk() {
            @Override
            public int number() {
                return number;
            }

            @Override
            public void read(Into into) throws IOException, JobStopped {
                int from = number * CHUNK_FILES;
                int to = Math.min(entries.size(), from + CHUNK_FILES);
                for (int at = from; at < to; at += BLOCK_FILES)
                    block(at, Math.min(to, at + BLOCK_FILES), into);
            }
        };
    }

    private void block(int from, int to, Into into) throws IOException, JobStopped {
        var values = new Object[BLOCK_FILES];
        var numbers = new long[BLOCK_FILES];
        var lines = new long[BLOCK_FILES];
        var names = new ArrayList<String>();
        for (int at = from; at < to; at++) {
            var entry = entries.get(at);
            var file = place.apply(entry.digest());
            var media = Files.size(file) > largest ? Optional.<Media>empty() : media(file);
            if (media.isEmpty()) {
                into.refused(
                        at, at + 1L, entry.name(), "it is no " + kind() + " that is read here");
                continue;
            }
            values[names.size()] = media.get();
            numbers[names.size()] = at;
            lines[names.size()] = at + 1L;
            names.add(entry.name());
        }
        if (names.isEmpty()) return;
        var cells = List.<Block.Cells>of(new Block.Cells.Values(values));
        into.rows(new Block(List.of(column.name()), cells, names.size()), numbers, lines, names);
    }

    private String kind() {
        return column.type() == ColumnType.IMAGE ? "image" : "recording";
    }

    private Optional<Media> media(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        var type = column.type() == ColumnType.IMAGE ? Images.sniff(bytes) : Audio.sniff(bytes);
        return type.map(found -> new Media(found, bytes));
    }

    @Override
    public void close() {}
}
