package dev.davy.cli;

import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import dev.davy.strict.Visible;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Where a command reads and writes: the streams, the environment, and whether a person watches.
///
/// @param person whether standard output is a terminal
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean person) {

    private static final String DIM = "\u001b[2m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    static Terminal ofThisProcess() {
        return new Terminal(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.getenv(),
                Boolean.getBoolean("davy.terminal"));
    }

    // Not System.out: its encoding follows the locale, and in the C locale umlauts become '?'.
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    private boolean coloured() {
        return person && variable("NO_COLOR").isEmpty() && !variable("TERM").equals("dumb");
    }

    void line(String text) {
        out.println(text);
    }

    /// The next sensible command, as the last line, for a person only.
    void next(String command) {
        if (!person) return;
        out.println();
        out.println(coloured() ? DIM + "Next: " + PLAIN + command : "Next: " + command);
    }

    /// The text, to be seen first where there is colour.
    String strong(String text) {
        return coloured() ? BOLD + text + PLAIN : text;
    }

    void json(JsonNode tree) {
        out.println(Json.text(tree));
    }

    /// An answer that is no, or a thing that could not be done: what, why, what to do, on lines of
    /// their own.
    void failure(String what, List<String> why, String todo) {
        err.println(coloured() ? BOLD + clean(what) + PLAIN : clean(what));
        for (var reason : why)
            if (!reason.isBlank()) err.println((why.size() > 1 ? "  - " : "") + clean(reason));
        if (!todo.isBlank()) err.println(clean(todo));
    }

    void problem(Problem problem) {
        var why = problem.violations();
        failure(problem.what(), why.isEmpty() ? List.of(problem.why()) : why, problem.todo());
    }

    /// Aligned columns under dim heads, numbers to the right; nothing at all but the heads when
    /// there are no rows.
    void table(List<String> heads, List<List<String>> rows) {
        int columns = heads.size();
        var widths = new int[columns];
        var numbers = new boolean[columns];
        var lines = new ArrayList<List<String>>();
        for (var row : rows) lines.add(row.stream().map(Terminal::clean).toList());
        for (int c = 0; c < columns; c++) {
            int column = c;
            widths[c] = heads.get(c).length();
            for (var row : lines) widths[c] = Math.max(widths[c], width(row.get(c)));
            numbers[c] =
                    !lines.isEmpty() && lines.stream().allMatch(row -> isNumber(row.get(column)));
        }
        var head = aligned(heads, widths, numbers);
        out.println(coloured() ? DIM + head + PLAIN : head);
        for (var row : lines) out.println(aligned(row, widths, numbers));
    }

    private static String aligned(List<String> cells, int[] widths, boolean[] numbers) {
        var line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            var gap = " ".repeat(widths[c] - width(cells.get(c)));
            line.append(numbers[c] ? gap + cells.get(c) : cells.get(c) + gap);
            line.append("  ");
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isNumber(String text) {
        if (text.isEmpty()) return false;
        for (int i = 0; i < text.length(); i++)
            if ("0123456789.-+eE%<".indexOf(text.charAt(i)) < 0) return false;
        return true;
    }

    /// As [Visible#text].
    static String clean(String text) {
        return Visible.text(text);
    }
}
