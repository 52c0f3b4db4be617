package dev.davy.batch;

import dev.davy.storage.Ids;
import dev.davy.strict.Csv;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Writes the result as CSV.
final class CsvResult {
    private final Together together;
    private final Optional<UUID> job;
    private final StringBuilder line = new StringBuilder();

    private CsvResult(Together together, Optional<UUID> job) {
        this.together = together;
        this.job = job;
    }

    /// @param job from whose id those of the predictions follow; empty: they were not logged
    static void write(Together together, Optional<UUID> job, Path file) throws Exception {
        try (var out = Files.newBufferedWriter(file)) {
            var result = new CsvResult(together, job);
            var rows = together.rows;
            Csv.writeRow(
                    result.line, ParquetResult.names(rows.outputs, rows.files, job.isPresent()));
            while (together.next()) {
                for (int row = 0; row < rows.count; row++) result.row(row);
                result.flush(out);
            }
            result.flush(out);
        }
    }

    private void flush(BufferedWriter out) throws IOException {
        out.append(line);
        line.setLength(0);
    }

    private void row(int at) {
        var rows = together.rows;
        line.append(rows.numbers[at] + 1);
        if (rows.files) cell(rows.names[at]);
        for (int o = 0; o < rows.outputs.size(); o++) {
            var output = rows.outputs.get(o);
            if (Rows.isClasses(output)) {
                int code = rows.codes[o][at];
                cell(
                        code < 0
                                ? null
                                : new String(
                                        Objects.requireNonNull(
                                                together.dictionaries.get(output.name()))[code],
                                        StandardCharsets.UTF_8));
            } else if (Rows.isReal(output)) {
                real(rows.reals[o][at]);
            } else {
                cell(rows.texts[o][at]);
            }
        }
        real(rows.confidences[at]);
        cell(new String(together.arms[rows.arms[at]], StandardCharsets.UTF_8));
        job.ifPresent(of -> line.append(',').append(Ids.derived(of, rows.numbers[at])));
        line.append('\n');
    }

    private void cell(@org.jspecify.annotations.Nullable String text) {
        line.append(',');
        if (text != null) Csv.writeCell(line, text);
    }

    private void real(double value) {
        line.append(',');
        if (!Double.isNaN(value)) line.append(value);
    }
}
