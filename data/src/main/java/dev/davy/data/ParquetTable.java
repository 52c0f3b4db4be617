package dev.davy.data;

import dev.davy.schema.ColumnType;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBPreparedStatement;

/// A Parquet file, read by DuckDB in ranges of rows that follow its row groups.
final class ParquetTable implements Table {
    /// Small row groups are read together up to here.
    private static final long PART_ROWS = 1L << 19;

    private final Path file;
    private final Duck duck;
    private final Map<String, ParquetType> types;
    private final List<long[]> parts;
    private final long rows;
    private final AtomicLong read = new AtomicLong();
    private final Findings findings = new Findings();

    private ParquetTable(
            Path file, Duck duck, Map<String, ParquetType> types, List<long[]> parts, long rows) {
        this.file = file;
        this.duck = duck;
        this.types = types;
        this.parts = parts;
        this.rows = rows;
        if (rows == 0)
            findings.add("table-without-rows", true, "", 0, "the file has columns and no rows");
    }

    /// @throws Problem UNACCEPTABLE `parquet-malformed`, `parquet-encrypted`
    static ParquetTable open(Path given) throws IOException {
        var file = given.toRealPath();
        checkEnds(file);
        try {
            var duck = Duck.in(Objects.requireNonNullElse(file.getParent(), file));
            try {
                var groups =
                        RowGroups.of(duck.connection(), file, why -> Duck.malformed(file, why));
                long rows = groups.stream().mapToLong(Long::longValue).sum();
                return new ParquetTable(file, duck, types(duck, file), parts(groups), rows);
            } catch (SQLException | RuntimeException e) {
                duck.close();
                throw e;
            }
        } catch (SQLException e) {
            throw Duck.malformed(e, file);
        }
    }

    /// Format, "File layout": four bytes at each end, and before the last the footer's length.
    private static void checkEnds(Path file) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() == 0) throw Duck.malformed(file, "It is empty.");
            if (in.length() < 12)
                throw Duck.malformed(file, "It has " + in.length() + " bytes: it was cut.");
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
                        "The Parquet file " + file.getFileName() + " can't be read.",
                        "Its footer is encrypted.",
                        "Give it without encryption.");
            if (!new String(first, StandardCharsets.ISO_8859_1).equals("PAR1"))
                throw Duck.malformed(file, "It does not begin with PAR1: it is no Parquet.");
            if (!magic.equals("PAR1"))
                throw Duck.malformed(file, "It does not end with PAR1: it was cut.");
            if (footer < 0 || footer > in.length() - 12)
                throw Duck.malformed(file, "Its footer would be longer than the file.");
        }
    }

    private static Map<String, ParquetType> types(Duck duck, Path file) throws SQLException {
        var types = new LinkedHashMap<String, ParquetType>();
        try (var statement = duck.connection().createStatement();
                var found =
                        statement.executeQuery(
                                "DESCRIBE SELECT * FROM read_parquet("
                                        + Duck.text(file.toString())
                                        + ")")) {
            while (found.next()) types.put(found.getString(1), ParquetType.of(found.getString(2)));
        }
        return types;
    }

    private static List<long[]> parts(List<Long> groups) {
        var parts = new ArrayList<long[]>();
        long from = 0;
        long to = 0;
        for (long rows : groups) {
            if (to > from && to - from + rows > PART_ROWS) {
                parts.add(new long[] {from, to});
                from = to;
            }
            to += rows;
        }
        if (to > from) parts.add(new long[] {from, to});
        return parts;
    }

    @Override
    public String name() {
        return file.getFileName().toString();
    }

    @Override
    public List<String> columns() {
        return List.copyOf(types.keySet());
    }

    @Override
    public Optional<ColumnType> type(String column) {
        return Optional.ofNullable(types.get(column)).map(ParquetType::type);
    }

    @Override
    public OptionalLong rows() {
        return OptionalLong.of(rows);
    }

    @Override
    public int parts() {
        return parts.size();
    }

    @Override
    public Findings findings() {
        return findings;
    }

    @Override
    public double done() {
        return rows == 0 ? 1 : Math.min(1, (double) read.get() / rows);
    }

    @Override
    public void read(int part, List<String> wanted, Into into) throws IOException {
        if (part == 0) read.set(0);
        long from = parts.get(part)[0];
        long to = parts.get(part)[1];
        var select = new StringBuilder("SELECT ");
        var forms = new ArrayList<ParquetType>();
        for (int i = 0; i < wanted.size(); i++) {
            var type = types.get(wanted.get(i));
            if (type == null)
                throw new IllegalArgumentException("there is no column " + wanted.get(i));
            forms.add(type);
            select.append(i > 0 ? ", " : "").append(type.sql(Duck.name(wanted.get(i))));
        }
        if (wanted.isEmpty()) select.append('1');
        select.append(" FROM read_parquet(").append(Duck.text(file.toString()));
        if (parts.size() > 1)
            select.append(", file_row_number = true) WHERE file_row_number >= ")
                    .append(from)
                    .append(" AND file_row_number < ")
                    .append(to);
        else select.append(')');
        long seen = from;
        try (var own = duck.another();
                var statement =
                        (DuckDBPreparedStatement)
                                own.connection().prepareStatement(select.toString());
                var found = statement.query()) {
            var filling = new ParquetFilling(wanted, forms);
            while (found.nextChunk()) {
                var chunk = found.chunk();
                int count = (int) chunk.rowCount();
                var block = filling.fill(chunk, count);
                into.rows(block, filling.lines(seen, count));
                seen += count;
                read.addAndGet(count);
            }
        } catch (SQLException e) {
            throw Duck.malformed(e, file);
        }
        if (seen != to)
            throw Duck.malformed(
                    file,
                    "It says that it has rows %d to %d; %d of these are there."
                            .formatted(from, to, seen - from));
    }

    @Override
    public void close() {
        duck.close();
    }
}
