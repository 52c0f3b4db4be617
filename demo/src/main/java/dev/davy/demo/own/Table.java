package dev.davy.demo.own;

import dev.davy.strict.Csv;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A person's table.
///
/// @param rejects what is no row, [#TOLD] at most
/// @param rejected how many there are
/// @param more whether the file goes on behind [#MOST] rows
public record Table(
        String name,
        List<String> header,
        List<Line> lines,
        List<String> rejects,
        long rejected,
        boolean more) {
    /// Rows that are read: enough for a reference and for traffic, and it stays within a second.
    public static final int MOST = 50_000;

    static final int TOLD = 5;

    /// One row.
    ///
    /// @param number of the line of the file, the header is 1
    public record Line(long number, List<String> cells) {}

    public Table {
        header = List.copyOf(header);
        lines = List.copyOf(lines);
        rejects = List.copyOf(rejects);
    }

    /// Reads a CSV file, gzipped or not.
    ///
    /// @throws Problem UNACCEPTABLE what [Csv] throws, and `table-empty`; UNAVAILABLE
    ///   `file-not-readable`
    public static Table read(Path file, Limits limits) {
        var name = String.valueOf(file.getFileName());
        try (var csv = Csv.open(Files.newInputStream(file), name, limits)) {
            var lines = new ArrayList<Line>();
            var rejects = new ArrayList<String>();
            var row = csv.next();
            for (; row.isPresent() && lines.size() < MOST; row = csv.next())
                switch (row.get()) {
                    case Csv.CsvRow(long line, var cells) -> lines.add(new Line(line, cells));
                    case Csv.Reject(long line, var reason) -> {
                        if (rejects.size() < TOLD) rejects.add("line " + line + ": " + reason);
                    }
                }
            if (lines.isEmpty())
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "table-empty",
                        "'" + name + "' has no rows that can be read.",
                        rejects.isEmpty() ? List.of("It has a header only.") : rejects,
                        "Name a CSV file with at least one row below the header.");
            return new Table(name, csv.header(), lines, rejects, csv.rejected(), row.isPresent());
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "file-not-readable",
                    "'" + file + "' could not be read.",
                    Files.exists(file)
                            ? "It is no file that may be read."
                            : "There is no such file.",
                    "Name a CSV file.");
        }
    }

    /// The place of a column: its name itself, or the only one that is the same but for case and
    /// signs; -1 when there is none.
    int place(String column) {
        int exact = header.indexOf(column);
        if (exact >= 0) return exact;
        int found = -1;
        for (int at = 0; at < header.size(); at++)
            if (plain(header.get(at)).equals(plain(column))) {
                if (found >= 0) return -1;
                found = at;
            }
        return found;
    }

    // As converters write a column's name as that of a tensor.
    private static String plain(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^\\p{Alnum}]", "_");
    }
}
