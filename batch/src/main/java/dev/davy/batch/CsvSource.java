package dev.davy.batch;

import dev.davy.jobs.JobStopped;
import dev.davy.schema.Schema;
import dev.davy.serving.RowJson;
import dev.davy.serving.Scorer;
import dev.davy.strict.Csv;
import dev.davy.strict.Limits;
import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A table as CSV, plain or gzip: cut into rows by one thread at a time, typed and answered by all.
final class CsvSource implements Source {
    private static final int CHUNK_ROWS = 4 * Scorer.ROWS;

    private final Csv.Reader reader;
    private final Counting counting;
    private final Schema schema;
    private final long bytes;
    private final List<String> header;
    private final List<String> ignored;
    private int next;
    private long number;
    private boolean ended;

    /// Counts the bytes of the file that were taken, by which the rows that are left are estimated.
    private static final class Counting extends FilterInputStream {
        final AtomicLong taken = new AtomicLong();

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) taken.incrementAndGet();
            return read;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = super.read(into, from, length);
            if (read > 0) taken.addAndGet(read);
            return read;
        }
    }

    private CsvSource(Csv.Reader reader, Counting counting, Schema schema, long bytes) {
        this.reader = reader;
        this.counting = counting;
        this.schema = schema;
        this.bytes = bytes;
        header = reader.header();
        ignored = header.stream().filter(name -> schema.column(name).isEmpty()).toList();
    }

    /// @param name of the file, as the person knows it
    /// @throws Problem what [Csv] says; UNACCEPTABLE `columns-do-not-fit`
    static CsvSource open(Path file, String name, Schema schema, Limits limits) throws IOException {
        var counting = new Counting(Files.newInputStream(file));
        var reader = Csv.open(counting, name, limits);
        var header = reader.header();
        var wrong =
                schema.columns().stream()
                        .filter(column -> column.required() && !header.contains(column.name()))
                        .map(column ->
                                ("column '"
                                                + column.name()
                                                + "' is missing. "
                                                + Nearest.hint(column.name(), header))
                                        .strip())
                        .toList();
        if (wrong.isEmpty()) return new CsvSource(reader, counting, schema, Files.size(file));
        reader.close();
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "columns-do-not-fit",
                "The columns of the file do not fit the endpoint.",
                wrong,
                "Name the columns as the endpoint does: davy get endpoint NAME");
    }

    @Override
    public List<String> ignored() {
        return ignored;
    }

    @Override
    public synchronized long rows() {
        if (ended) return number;
        long taken = counting.taken.get();
        return taken == 0 ? 0 : Math.max(number, Math.round(number * (double) bytes / taken));
    }

    @Override
    public synchronized OptionalInt chunks() {
        return ended ? OptionalInt.of(next) : OptionalInt.empty();
    }

    @Override
    public synchronized @Nullable Chunk next(IntPredicate done) throws IOException {
        while (!ended) {
            var rows = new ArrayList<Csv.Row>(CHUNK_ROWS);
            while (rows.size() < CHUNK_ROWS) {
                var row = reader.next();
                if (row.isEmpty()) {
                    ended = true;
                    break;
                }
                rows.add(row.get());
            }
            if (rows.isEmpty()) return null;
            long first = number;
            number += rows.size();
            int chunk = next++;
            if (!done.test(chunk)) return new CsvChunk(chunk, first, rows);
        }
        return null;
    }

    /// Some rows of the table, still texts.
    private final class CsvChunk implements Chunk {
        private final int chunk;
        private final long first;
        private final List<Csv.Row> rows;

        CsvChunk(int chunk, long first, List<Csv.Row> rows) {
            this.chunk = chunk;
            this.first = first;
            this.rows = rows;
        }

        @Override
        public int number() {
            return chunk;
        }

        @Override
        public void read(Into into) throws IOException, JobStopped {
            var filling = new CsvBlock(schema, header);
            var numbers = new long[Scorer.ROWS];
            var lines = new long[Scorer.ROWS];
            for (int i = 0; i < rows.size(); i++) {
                long at = first + i;
                switch (rows.get(i)) {
                    case Csv.Reject(var line, var reason) -> into.refused(at, line, null, reason);
                    case Csv.CsvRow(var line, var cells) -> {
                        if (filling.add(cells)) {
                            numbers[filling.rows() - 1] = at;
                            lines[filling.rows() - 1] = line;
                        } else {
                            into.refused(at, line, null, reason(cells));
                        }
                    }
                }
                if (filling.rows() == Scorer.ROWS) flush(filling, numbers, lines, into);
            }
            flush(filling, numbers, lines, into);
        }

        private void flush(CsvBlock filling, long[] numbers, long[] lines, Into into)
                throws IOException, JobStopped {
            if (filling.rows() > 0) into.rows(filling.block(), numbers, lines, null);
            filling.clear();
        }

        /// What is wrong with a row, in the words in which a caller with one row is told.
        private String reason(List<String> cells) {
            var names = new ArrayList<String>();
            var known = new ArrayList<String>();
            for (int c = 0; c < header.size(); c++)
                if (schema.column(header.get(c)).isPresent()) {
                    names.add(header.get(c));
                    known.add(cells.get(c));
                }
            try {
                RowJson.row(names, known, schema);
                throw new IllegalStateException("a row was refused for no reason");
            } catch (Problem problem) {
                return problem.why();
            }
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
