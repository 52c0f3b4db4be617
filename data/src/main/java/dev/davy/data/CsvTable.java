package dev.davy.data;

import dev.davy.schema.Block;
import dev.davy.schema.Block.Cells;
import dev.davy.schema.ColumnType;
import dev.davy.strict.Csv;
import dev.davy.strict.Csv.CsvRow;
import dev.davy.strict.Csv.Reject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A CSV file, plain or gzip; all cells are texts.
final class CsvTable implements Table {
    private static final int ROWS = 4_096;

    private final Path file;
    private final Reading reading;
    private final List<String> columns;
    private final long size;
    private final Findings findings = new Findings();
    private final AtomicLong read = new AtomicLong();

    private CsvTable(Path file, Reading reading, List<String> columns, long size) {
        this.file = file;
        this.reading = reading;
        this.columns = columns;
        this.size = size;
    }

    static CsvTable open(Path file, Reading reading) throws IOException {
        try (var csv = Csv.open(Files.newInputStream(file), name(file), reading.limits())) {
            var table = new CsvTable(file, reading, csv.header(), Files.size(file));
            if (hasMark(file))
                table.findings.add(
                        "byte-order-mark",
                        false,
                        "",
                        1,
                        "the file begins with a byte order mark, which is not part of the first"
                                + " column's name '"
                                + csv.header().getFirst()
                                + "'");
            return table;
        }
    }

    private static boolean hasMark(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var first = in.readNBytes(3);
            return first.length == 3
                    && (first[0] & 0xFF) == 0xEF
                    && (first[1] & 0xFF) == 0xBB
                    && (first[2] & 0xFF) == 0xBF;
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    @Override
    public String name() {
        return name(file);
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public Optional<ColumnType> type(String column) {
        return Optional.empty();
    }

    @Override
    public OptionalLong rows() {
        return OptionalLong.empty();
    }

    @Override
    public int parts() {
        return 1;
    }

    @Override
    public Findings findings() {
        return findings;
    }

    @Override
    public double done() {
        return size == 0 ? 1 : Math.min(1, (double) read.get() / size);
    }

    @Override
    public void read(int part, List<String> wanted, Into into) throws IOException {
        read.set(0);
        var at = wanted.stream().mapToInt(columns::indexOf).toArray();
        var cells = new ArrayList<Cells>();
        for (int i = 0; i < wanted.size(); i++) cells.add(new Cells.Texts(new byte[ROWS][]));
        var lines = new long[ROWS];
        int rows = 0;
        long all = 0;
        try (var csv = Csv.open(counted(Files.newInputStream(file)), name(), reading.limits())) {
            for (var row = csv.next(); row.isPresent(); row = csv.next()) {
                all++;
                switch (row.get()) {
                    case Reject(long line, var reason) ->
                            findings.add(
                                    reason.contains(" cells; ") ? "ragged-row" : "row-not-readable",
                                    true,
                                    "",
                                    line,
                                    reason + "; the row is left out");
                    case CsvRow(long line, var texts) -> {
                        lines[rows] = line;
                        for (int i = 0; i < at.length; i++)
                            ((Cells.Texts) cells.get(i)).values()[rows] = utf8(texts.get(at[i]));
                        rows++;
                    }
                }
                if (rows == ROWS) {
                    into.rows(new Block(wanted, cells, rows), lines);
                    rows = 0;
                }
            }
        }
        if (rows > 0) into.rows(new Block(wanted, cells, rows), lines);
        if (all == 0)
            findings.add("table-without-rows", true, "", 1, "the file has a header and no rows");
    }

    private byte @Nullable [] utf8(String cell) {
        return cell.isEmpty() || reading.missing().contains(cell)
                ? null
                : cell.getBytes(StandardCharsets.UTF_8);
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int b = super.read();
                if (b >= 0) read.incrementAndGet();
                return b;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                int count = super.read(into, from, length);
                if (count > 0) read.addAndGet(count);
                return count;
            }
        };
    }

    @Override
    public void close() {}
}
