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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A table in a file. It can be read more than once, from its beginning each time.
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

    /// Sees by its first bytes what kind of file it is.
    ///
    /// @throws Problem NOT_FOUND `file-not-found`; UNACCEPTABLE `csv-…`, `parquet-…` where it can't
    ///   be read at all
    static Table open(Path file, Reading reading) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file))
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "file-not-found",
                    "The table can't be read.",
                    Files.isDirectory(file)
                            ? file + " is a folder."
                            : "There is no file " + file + " that may be read.",
                    "Give the path of a CSV, CSV.gz or Parquet file.");
        return isParquet(file) ? ParquetTable.open(file) : CsvTable.open(file, reading);
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
