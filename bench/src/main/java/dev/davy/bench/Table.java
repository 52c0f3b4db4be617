package dev.davy.bench;

import java.util.ArrayList;
import java.util.List;

/// A table as `docs/performance.md` shows it: Markdown, with its columns aligned for a terminal.
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        rows.add(List.of(header));
    }

    /// Numbers are written by [Target#number], everything else as it prints.
    void row(Object... cells) {
        var row = new ArrayList<String>();
        for (var cell : cells)
            row.add(
                    cell instanceof Number number
                            ? Target.number(number.doubleValue())
                            : cell.toString());
        if (row.size() != rows.getFirst().size())
            throw new IllegalArgumentException(row + " does not fit " + rows.getFirst());
        rows.add(List.copyOf(row));
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        var widths = new int[columns];
        for (var row : rows)
            for (int i = 0; i < columns; i++)
                widths[i] = Math.max(Math.max(widths[i], 3), row.get(i).length());
        var text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < columns; i++)
                text.append("| ")
                        .append(padded(rows.get(r).get(i), widths[i], r > 0 && i > 0))
                        .append(' ');
            text.append("|\n");
            if (r > 0) continue;
            for (int i = 0; i < columns; i++)
                text.append("| ").append("-".repeat(widths[i] - 1)).append(i == 0 ? "- " : ": ");
            text.append("|\n");
        }
        return text.toString();
    }

    private static String padded(String cell, int width, boolean right) {
        var spaces = " ".repeat(width - cell.length());
        return right ? spaces + cell : cell + spaces;
    }
}
