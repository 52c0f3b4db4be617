package dev.davy.strict;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Reads bytes, not characters: so the place of broken UTF-8 is known, and no decoder hides it.
final class CsvReader implements Csv.Reader {
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int b = ' '; b < 0x80; b++) PLAIN[b] = b != ',' && b != '"';
    }

    private final InputStream in;
    private final String fileName;
    private final Limits limits;
    private final List<String> header;

    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private long bytes;

    /// The bytes of the present row's cells, one behind the other, and where each ends.
    private byte[] row = new byte[1 << 10];

    private int length;
    private int[] ends = new int[16];
    private int cells;

    /// Bytes still missing of the present character, and the range of the next one.
    private int missing;

    private int least;
    private int most;

    private long line = 1;
    private long rowLine;
    private String wrong = "";
    private long accepted;
    private long rejected;

    CsvReader(InputStream in, String fileName, Limits limits) throws IOException {
        this.in = in;
        this.fileName = fileName;
        this.limits = limits;
        checkLooks();
        do {
            if (!readRow()) throw header("the file is empty");
        } while (isBlank());
        checkSeparator();
        if (!wrong.isEmpty()) throw header(wrong);
        header = List.copyOf(texts());
        var seen = new HashSet<String>();
        for (var name : header) {
            if (name.isBlank()) throw header("column " + (seen.size() + 1) + " has no name");
            if (!seen.add(name)) throw header("two columns are named " + Quote.of(name));
        }
    }

    @Override
    public List<String> header() {
        return header;
    }

    @Override
    public Optional<Csv.Row> next() throws IOException {
        do {
            if (!readRow()) return Optional.empty();
        } while (isBlank() && header.size() > 1);
        if (accepted + rejected == limits.csvRows()) throw tooLarge(limits.csvRows() + " rows");
        if (wrong.isEmpty() && cells != header.size())
            wrong = "it has " + cells + " cells; the header has " + header.size();
        if (!wrong.isEmpty()) {
            rejected++;
            return Optional.of(new Csv.Reject(rowLine, wrong));
        }
        accepted++;
        return Optional.of(new Csv.CsvRow(rowLine, texts()));
    }

    @Override
    public long accepted() {
        return accepted;
    }

    @Override
    public long rejected() {
        return rejected;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /// Reads up to the end of the row; false where there is none.
    private boolean readRow() throws IOException {
        length = 0;
        cells = 0;
        wrong = "";
        rowLine = line;
        int b = read();
        if (b < 0) return false;
        int cellStart = 0;
        while (true) {
            if (b == '"' && length == cellStart) b = quoted();
            while (b >= 0 && b != ',' && b != '\n' && b != '\r') {
                put(b);
                b = behindPlain(cellStart);
            }
            endCell();
            cellStart = length;
            if (b != ',') break;
            b = read();
        }
        if (b == '\r' && peek() == '\n') read();
        if (b >= 0) line++;
        return true;
    }

    /// Reads a cell in quotes, its first quote being read, and gives the byte behind its last one.
    private int quoted() throws IOException {
        long opened = line;
        int start = length;
        int b = read();
        while (true) {
            if (b < 0) throw quoteNotClosed(opened);
            if (b == '"') {
                b = read();
                if (b != '"') {
                    if (b >= 0 && b != ',' && b != '\n' && b != '\r')
                        wrong("something follows behind a closing quote");
                    return b;
                }
            } else if (b == '\n' || b == '\r' && peek() != '\n') {
                line++;
            }
            put(b);
            b = behindPlain(start);
        }
    }

    private void put(int b) {
        if (missing > 0 || b >= 0x80) character(b);
        else if (b < ' ' && b != '\t' && b != '\n' && b != '\r')
            wrong("it holds the control character U+%04X".formatted(b));
        room(1);
        row[length++] = (byte) b;
    }

    /// Takes over plain characters as far as they are there, and gives the byte behind them.
    private int behindPlain(int cellStart) throws IOException {
        int from = at;
        if (missing == 0) while (at < filled && PLAIN[buffer[at] & 0xFF]) at++;
        room(at - from);
        System.arraycopy(buffer, from, row, length, at - from);
        length += at - from;
        if (length - cellStart > limits.csvFieldBytes())
            throw unacceptable(
                    "csv-field-too-long",
                    "a cell is longer than " + limits.csvFieldBytes() + " bytes");
        return read();
    }

    private void room(int more) {
        if (length + more > limits.csvRowBytes())
            throw unacceptable(
                    "csv-row-too-long", "a row is longer than " + limits.csvRowBytes() + " bytes");
        if (length + more > row.length)
            row = Arrays.copyOf(row, Math.max(2 * row.length, length + more));
    }

    /// One byte of a character beyond ASCII, in the ranges of Unicode's table 3-7.
    private void character(int b) {
        if (missing > 0) {
            if (b < least || b > most) throw notUtf8();
            missing--;
        } else {
            missing = b < 0xC2 ? 0 : b < 0xE0 ? 1 : b < 0xF0 ? 2 : b < 0xF5 ? 3 : 0;
            if (missing == 0) throw notUtf8();
        }
        least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    }

    private void endCell() {
        if (missing > 0) throw notUtf8();
        if (cells == limits.csvColumns())
            throw unacceptable(
                    "csv-too-many-columns",
                    "a row has more than " + limits.csvColumns() + " cells");
        if (cells == ends.length) ends = Arrays.copyOf(ends, 2 * cells);
        ends[cells++] = length;
    }

    private void wrong(String why) {
        if (wrong.isEmpty()) wrong = why;
    }

    private boolean isBlank() {
        return cells == 1 && length == 0 && wrong.isEmpty();
    }

    private List<String> texts() {
        var texts = new String[cells];
        for (int i = 0, from = 0; i < cells; from = ends[i++])
            texts[i] = new String(row, from, ends[i] - from, StandardCharsets.UTF_8);
        return List.of(texts);
    }

    private int read() throws IOException {
        if (at == filled && !fill()) return -1;
        return buffer[at++] & 0xFF;
    }

    private int peek() throws IOException {
        if (at == filled && !fill()) return -1;
        return buffer[at] & 0xFF;
    }

    private boolean fill() throws IOException {
        bytes += filled;
        at = 0;
        filled = in.readNBytes(buffer, 0, buffer.length);
        if (bytes + filled > limits.csvBytes()) throw tooLarge(limits.csvBytes() + " bytes");
        return filled > 0;
    }

    /// Skips a byte order mark, and knows kinds of files that are no text.
    private void checkLooks() throws IOException {
        if (peek() < 0) return;
        if (Magic.at(buffer, 0, 0xEF, 0xBB, 0xBF)) at = 3;
        if (Magic.at(buffer, 0, 0xFF, 0xFE)
                || Magic.at(buffer, 0, 0xFE, 0xFF)
                || buffer[0] == 0
                || buffer[1] == 0 && filled > 1)
            throw header("the file is UTF-16; only UTF-8 is read");
        if (Magic.at(buffer, 0, 'P', 'K', 3, 4))
            throw header("it is an archive or a spreadsheet, not text");
        if (Magic.at(buffer, 0, "PAR1")) throw header("it is a Parquet file");
        if (Magic.at(buffer, 0, 0x1F, 0x8B)) throw header("it is compressed twice");
    }

    private void checkSeparator() {
        if (cells > 1 || !wrong.isEmpty()) return;
        for (int i = 0; i < length; i++)
            if (row[i] == ';' || row[i] == '\t')
                throw header(
                        "it looks separated by "
                                + (row[i] == ';' ? "';'" : "tabs")
                                + ", not by commas");
    }

    private Problem header(String why) {
        return unacceptable("csv-header-not-acceptable", why);
    }

    private Problem quoteNotClosed(long opened) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "csv-quote-not-closed",
                "The table cannot be read.",
                fileName + ":" + opened + ": a quote is opened here and never closed.",
                "Close it, or write two quotes for one inside a cell.");
    }

    private Problem notUtf8() {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "csv-not-utf8",
                "The table cannot be read.",
                "%s:%d: the byte %d is not UTF-8.".formatted(fileName, line, bytes + at - 1),
                "Save it as UTF-8.");
    }

    private Problem tooLarge(String limit) {
        return new Problem(
                Problem.Kind.TOO_LARGE,
                "csv-too-large",
                "The table is too large.",
                fileName + " has more than " + limit + ".",
                "Send it in parts, or have the limit raised.");
    }

    private Problem unacceptable(String code, String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                code,
                "The table cannot be read.",
                fileName + ":" + rowLine + ": " + why + ".",
                "Send comma-separated values in UTF-8 with a header.");
    }
}
