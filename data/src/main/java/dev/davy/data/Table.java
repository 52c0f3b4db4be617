package dev.davy.data;

import dev.davy.schema.Block;
import dev.davy.schema.ColumnType;
import dev.davy.strict.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A table in a file, or a folder of pictures or recordings. It can be read more than once, from
/// its beginning each time.
public interface Table extends Closeable {
    /// Takes blocks of rows.
    @FunctionalInterface
    interface Into {
        /// @param block filled again for the next call: take from it what is to be kept
        /// @param lines of the file, or row numbers in Parquet, from 1
        void rows(Block block, long[] lines) throws IOException;
    }

    /// The file's name, without the folder.
    String name();

    /// In the order of the file.
    List<String> columns();

    /// The column that only names the rows, as a file's name does: every value is another one, so
    /// nothing drifts there.
    default Optional<String> naming() {
        return Optional.empty();
    }

    /// What a column holds, where the file says so: CSV does not, so all of its cells are texts
    /// until [Shapes] has seen them.
    Optional<ColumnType> type(String column);

    /// How many rows there are, where the file says so.
    OptionalLong rows();

    /// In how many parts it can be read at the same time.
    int parts();

    /// Reads one part's rows in their order.
    ///
    /// @param columns those that are wanted, by name
    /// @throws Problem where the rest of the file can't be trusted
    void read(int part, List<String> columns, Into into) throws IOException;

    /// What was odd about the rows that were read so far.
    Findings findings();

    /// The share of the work that is done, 0 to 1, of the present or last reading.
    double done();

    /// Reads all rows in their order.
    default void read(List<String> columns, Into into) throws IOException {
        for (int part = 0; part < parts(); part++) read(part, columns, into);
    }

    /// Sees by its first bytes what kind of file it is. A folder is a table of the pictures or
    /// recordings in it, and so is one of these by itself.
    ///
    /// @throws Problem NOT_FOUND `file-not-found`; UNACCEPTABLE `csv-…`, `parquet-…` where it can't
    ///   be read at all; `folder-without-media`, `pictures-and-recordings`
    static Table open(Path file, Reading reading) throws IOException {
        if (MediaFile.worth(file)) return MediaTable.open(List.of(file), reading);
        if (!Files.isRegularFile(file) || !Files.isReadable(file))
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "file-not-found",
                    "The table can't be read.",
                    "There is no file " + file + " that may be read.",
                    "Give the path of a CSV, CSV.gz or Parquet file, or of a folder of pictures or"
                            + " recordings.");
        return isParquet(file) ? ParquetTable.open(file) : CsvTable.open(file, reading);
    }

    /// Several files as parts of one: pictures together are one table, and so are recordings; each
    /// other file is a table by itself.
    static List<Table> open(List<Path> files, Reading reading) throws IOException {
        var tables = new ArrayList<Table>();
        var media = new ArrayList<Path>();
        for (var file : files)
            if (MediaFile.worth(file)) media.add(file);
            else tables.add(open(file, reading));
        if (!media.isEmpty()) tables.addFirst(MediaTable.open(media, reading));
        return tables;
    }

    private static boolean isParquet(Path file) throws IOException {
        if (file.getFileName().toString().endsWith(".parquet")) return true;
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < 4) return false;
            var first = new byte[4];
            in.readFully(first);
            return new String(first, StandardCharsets.ISO_8859_1).startsWith("PAR");
        }
    }
}
