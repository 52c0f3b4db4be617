package dev.davy.strict;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Optional;

/// Tables of comma-separated values (RFC 4180 in UTF-8), read row by row.
///
/// Lines may end in LF, CR LF or CR. Blank lines are skipped where there are two columns or more;
/// with one column, a blank line is an empty cell. Cells are given as they are: no trimming, no
/// types, an empty cell is `""`. A quote inside a cell that does not begin with one is a character
/// like others.
public final class Csv {
    private Csv() {}

    /// What stands in one row: cells, or the reason why there are none.
    public sealed interface Row {
        /// The line of the file on which the row begins, from 1; the header is line 1.
        long line();
    }

    /// A good row, with as many cells as the header has.
    public record CsvRow(long line, List<String> cells) implements Row {}

    /// A row that is left out.
    public record Reject(long line, String reason) implements Row {}

    /// The rows of one table, for one thread. Rows in the file = accepted + rejected.
    public interface Reader extends Closeable {
        /// The names of the columns: at least one, none empty, none twice.
        List<String> header();

        /// The next row, empty at the end.
        ///
        /// A row with too few or too many cells, with quotes in the wrong place or with control
        /// characters is a [Reject].
        ///
        /// @throws Problem UNACCEPTABLE when the rest of the file cannot be trusted
        ///   (`csv-not-utf8`, `csv-quote-not-closed`, `csv-field-too-long`, `csv-row-too-long`),
        ///   TOO_LARGE `csv-too-large`, or what [Gzip] says
        Optional<Row> next() throws IOException;

        /// Good rows given so far.
        long accepted();

        /// Rejects given so far.
        long rejected();
    }

    /// Opens a table and reads its header; gzip is seen by its first bytes.
    ///
    /// @param in closed with the reader, or when this throws
    /// @param fileName for the messages; a name that the person knows
    /// @throws Problem UNACCEPTABLE `csv-header-not-acceptable`, `csv-too-many-columns`, and what
    ///   [Reader#next] throws
    public static Reader open(InputStream in, String fileName, Limits limits) throws IOException {
        try {
            var pushed = new PushbackInputStream(in, 4);
            var first = pushed.readNBytes(4);
            pushed.unread(first);
            // One more than allowed, so that the reader's own count speaks of the table.
            var plain = Gzip.isGzip(first) ? Gzip.stream(pushed, Long.MAX_VALUE) : pushed;
            return new CsvReader(plain, fileName, limits);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /// Adds one cell, in quotes where that is needed. A text that a spreadsheet would run as a
    /// formula is made harmless with an apostrophe before it; numbers stay numbers.
    public static void writeCell(StringBuilder line, String text) {
        var safe = isFormula(text) ? "'" + text : text;
        if (!needsQuotes(safe)) {
            line.append(safe);
            return;
        }
        line.append('"').append(safe.replace("\"", "\"\"")).append('"');
    }

    /// Adds one row, with commas between its cells and a line feed behind it.
    public static void writeRow(StringBuilder lines, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) lines.append(',');
            writeCell(lines, cells.get(i));
        }
        // A row of one empty cell would be a blank line.
        if (cells.size() == 1 && cells.getFirst().isEmpty()) lines.append("\"\"");
        lines.append('\n');
    }

    private static boolean isFormula(String text) {
        if (text.isEmpty()) return false;
        return switch (text.charAt(0)) {
            case '=', '@', '\t', '\r', '\n', '＝', '＠', '＋', '－' -> true;
            case '+', '-' -> Numbers.asDecimal(text).isEmpty();
            default -> false;
        };
    }

    private static boolean needsQuotes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') return true;
        }
        return !text.isEmpty() && (text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ');
    }
}
