package dev.davy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// Rows of a table of numbers, each with its time and its truth, on their way into the file that
/// `davy replay` plays.
final class PastRows {
    private final List<String> columns;
    private final List<Instant> times = new ArrayList<>();
    private final List<double[]> values = new ArrayList<>();
    private final List<String> truths = new ArrayList<>();

    PastRows(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    void add(Instant at, double[] row, String truth) {
        times.add(at);
        values.add(row);
        truths.add(truth);
    }

    List<String> columns() {
        return columns;
    }

    int size() {
        return times.size();
    }

    Instant at(int row) {
        return times.get(row);
    }

    Instant end() {
        return times.getLast();
    }

    /// How many rows happened before.
    int before(Instant time) {
        int rows = 0;
        while (rows < times.size() && times.get(rows).isBefore(time)) rows++;
        return rows;
    }

    /// Two classes, told apart by the first rows.
    LinearModel classes(int first, String second) {
        return LinearModel.logistic(
                columns,
                values.subList(0, first),
                truths.stream()
                        .limit(first)
                        .mapToDouble(each -> each.equals(second) ? 1 : 0)
                        .toArray());
    }

    /// A number, foretold by the first rows.
    LinearModel number(int first) {
        return LinearModel.leastSquares(
                columns,
                values.subList(0, first),
                truths.stream().limit(first).mapToDouble(Double::parseDouble).toArray());
    }

    /// Columns `time`, those of the model, and `truth`.
    Path write(Path file) throws IOException {
        var text = new StringBuilder("time," + String.join(",", columns) + ",truth\n");
        for (int i = 0; i < times.size(); i++) {
            text.append(times.get(i));
            for (double each : values.get(i)) text.append(',').append(each);
            text.append(',').append(truths.get(i)).append('\n');
        }
        return Files.writeString(file, text);
    }

    // ---- what they come from

    /// A CSV file, gzipped or not, without quoted commas: its rows by column.
    static List<Map<String, String>> read(Path file) throws IOException {
        List<String> lines;
        if (file.toString().endsWith(".gz"))
            try (var in = new GZIPInputStream(Files.newInputStream(file))) {
                lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            }
        else lines = Files.readAllLines(file);
        var names = lines.getFirst().split(",", -1);
        var rows = new ArrayList<Map<String, String>>();
        for (var line : lines.subList(1, lines.size())) {
            var cells = line.split(",", -1);
            var row = new LinkedHashMap<String, String>();
            for (int i = 0; i < names.length; i++) row.put(names[i], cells[i]);
            rows.add(row);
        }
        return rows;
    }

    static String text(Map<String, String> row, String column) {
        var text = row.get(column);
        if (text == null) throw new IllegalArgumentException("no column " + column + " in " + row);
        return text;
    }

    static double number(Map<String, String> row, String column) {
        return Double.parseDouble(text(row, column));
    }
}
