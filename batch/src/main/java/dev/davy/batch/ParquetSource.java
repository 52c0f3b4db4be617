package dev.davy.batch;

import dev.davy.data.RowGroups;
import dev.davy.jobs.JobStopped;
import dev.davy.schema.Block;
import dev.davy.schema.Schema;
import dev.davy.serving.Scorer;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/// A Parquet file, read by DuckDB in ranges of rows that follow its row groups, each by the thread
/// that answers it.
final class ParquetSource implements Source {
    /// Small row groups are read together up to here, ...
    private static final long CHUNK_ROWS = 262_144;

    /// ... and larger ones in pieces: a thread holds the answers of one.
    private static final long PIECE_ROWS = 1L << 20;

    private final Path file;
    private final Duck duck;
    private final List<ParquetColumn> columns;
    private final List<String> ignored;
    private final List<long[]> ranges;
    private final long rows;
    private int next;

    private ParquetSource(
            Path file,
            Duck duck,
            List<ParquetColumn> columns,
            List<String> ignored,
            List<long[]> ranges,
            long rows) {
        this.file = file;
        this.duck = duck;
        this.columns = columns;
        this.ignored = ignored;
        this.ranges = ranges;
        this.rows = rows;
    }

    /// @param duck shut in the folder of the file; closed with this
    /// @throws Problem UNACCEPTABLE `parquet-malformed`, `parquet-encrypted`, `columns-do-not-fit`
    static ParquetSource open(Path file, Schema schema, Duck duck) throws IOException {
        checkEnds(file);
        try {
            // First whether it can be believed at all.
            var groups = RowGroups.of(duck.connection(), file, ParquetSource::malformed);
            var ignored = new ArrayList<String>();
            var columns = ParquetColumn.of(duck, from(file), schema, ignored);
            long rows = groups.stream().mapToLong(Long::longValue).sum();
            return new ParquetSource(file, duck, columns, ignored, ranges(groups), rows);
        } catch (SQLException e) {
            throw Duck.malformed(e, file);
        }
    }

    private static String from(Path file) {
        return "read_parquet(" + Duck.text(file.toString()) + ", file_row_number = true)";
    }

    /// Format, "File layout": four bytes at each end, and before the last the footer's length.
    private static void checkEnds(Path file) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < 12) throw malformed("It has " + in.length() + " bytes.");
            var first = new byte[4];
            in.readFully(first);
            in.seek(in.length() - 8);
            int footer = Integer.reverseBytes(in.readInt());
            var last = new byte[4];
            in.readFully(last);
            var magic = new String(last, StandardCharsets.ISO_8859_1);
            if (magic.equals("PARE"))
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "parquet-encrypted",
                        "The Parquet file can't be read.",
                        "Its footer is encrypted.",
                        "Send it without encryption.");
            if (!magic.equals("PAR1"))
                throw malformed("It does not end with PAR1: it was cut, or is no Parquet.");
            if (!new String(first, StandardCharsets.ISO_8859_1).equals("PAR1"))
                throw malformed("It does not begin with PAR1.");
            if (footer < 0 || footer > in.length() - 12)
                throw malformed("Its footer would be longer than the file.");
        }
    }

    /// Pure: `[from, to)` of each chunk.
    static List<long[]> ranges(List<Long> groups) {
        var ranges = new ArrayList<long[]>();
        long from = 0;
        long to = 0;
        for (long rows : groups) {
            if (to > from && to - from + rows > CHUNK_ROWS) {
                ranges.add(new long[] {from, to});
                from = to;
            }
            to += rows;
            while (to - from > PIECE_ROWS) {
                ranges.add(new long[] {from, from + PIECE_ROWS});
                from += PIECE_ROWS;
            }
        }
        if (to > from) ranges.add(new long[] {from, to});
        return ranges;
    }

    static Problem malformed(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "parquet-malformed",
                "The Parquet file can't be read.",
                why,
                "Write it again with a library that others read, too: pyarrow, DuckDB or Spark.");
    }

    @Override
    public List<String> ignored() {
        return ignored;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public OptionalInt chunks() {
        return OptionalInt.of(ranges.size());
    }

    @Override
    public synchronized @Nullable Chunk next(IntPredicate done) {
        while (next < ranges.size() && done.test(next)) next++;
        if (next == ranges.size()) return null;
        int number = next++;
        var range = ranges.get(number);
        return new Chunk() {
            @Override
            public int number() {
                return number;
            }

            @Override
            public void read(Into into) throws IOException, JobStopped {
                ParquetSource.this.read(range[0], range[1], into);
            }
        };
    }

    private void read(long from, long to, Into into) throws IOException, JobStopped {
        var select = new StringBuilder("SELECT ");
        for (var column : columns) select.append(column.sql()).append(", ");
        select.append("file_row_number FROM ").append(from(file));
        select.append(" WHERE file_row_number >= ").append(from);
        select.append(" AND file_row_number < ").append(to);
        try (var own = duck.another();
                var statement =
                        (DuckDBPreparedStatement)
                                own.connection().prepareStatement(select.toString());
                var found = statement.query()) {
            var filling = new ParquetBlock(columns, from, into);
            while (found.nextChunk()) filling.add(found.chunk());
            filling.flush();
            if (filling.read() != to - from)
                throw malformed(
                        "It says that it has rows "
                                + from
                                + " to "
                                + to
                                + "; "
                                + filling.read()
                                + " of these are there.");
        } catch (SQLException e) {
            throw Duck.malformed(e, file);
        }
    }

    /// Most rows of a block.
    static int blockRows() {
        return Scorer.ROWS;
    }

    @Override
    public void close() {
        duck.close();
    }

    /// The block's columns as the endpoint names them.
    static List<String> names(List<ParquetColumn> columns) {
        return columns.stream().map(ParquetColumn::name).toList();
    }

    /// Reused, never kept: see [Block].
    static Block block(List<String> names, List<Block.Cells> cells, int rows) {
        return new Block(names, cells, rows);
    }
}
