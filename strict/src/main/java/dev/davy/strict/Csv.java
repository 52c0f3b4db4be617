package dev.davy.strict;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// Tables of comma-separated values, read row by row.
@SuppressWarnings("DoNotCallSuggester")
public final class Csv {
    private Csv() {}

    /// What stands in one row: cells, or the reason why there are none.
    public sealed interface Row {
        /// The line of the file on which the row begins, from 1; the header is line 1.
        long line();
    }

    /// A good row; as many cells as the header has.
    public record CsvRow(long line, List<String> cells) implements Row {}

    /// A row that is left out.
    public record Reject(long line, String reason) implements Row {}

    /// Rows of one table. Rows in = rows given + rejects.
    public interface Reader extends Closeable {
        List<String> header();

        Optional<Row> next() throws IOException;

        long accepted();

        long rejected();
    }

    public static Reader open(InputStream in, String fileName, Limits limits) throws IOException {
        throw new IllegalStateException("not there yet");
    }

    public static void writeCell(StringBuilder line, String text) {
        throw new IllegalStateException("not there yet");
    }
}
