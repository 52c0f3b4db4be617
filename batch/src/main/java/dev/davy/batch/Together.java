package dev.davy.batch;

import dev.davy.jobs.JobStopped;
import dev.davy.schema.Output;
import dev.davy.strict.Csv;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The blocks of all parts, one after the other in the order of the input, while parts are still
/// made; what was refused goes into a file of its own on the way.
final class Together implements AutoCloseable {
    private final Path folder;
    private final Board board;
    private final BufferedWriter rejects;
    private final StringBuilder line = new StringBuilder();
    final Rows rows;
    private int part = -1;
    private Part.@Nullable Reader reader;

    /// Of the part that is read, in UTF-8 and as text.
    byte[][] arms = new byte[0][];

    final Map<String, byte[][]> dictionaries = new LinkedHashMap<>();

    Together(Path folder, Board board, List<Output> outputs, boolean files, Path rejected)
            throws IOException {
        this.folder = folder;
        this.board = board;
        rows = new Rows(outputs, files);
        rejects = Files.newBufferedWriter(rejected);
        var head = new ArrayList<>(List.of("row", "line", "reason"));
        if (files) head.add(1, "file");
        Csv.writeRow(line, head);
        rejects.append(line);
    }

    /// Moves to the next block that has rows; false at the end of the input.
    boolean next() throws IOException, JobStopped, InterruptedException {
        while (true) {
            var block = reader == null ? null : reader.next();
            if (block == null) {
                if (reader != null) reader.close();
                reader = null;
                if (!board.await(part + 1)) return false;
                part++;
                reader = new Part.Reader(Part.path(folder, part));
                open(reader);
                continue;
            }
            rows.read(block);
            for (var refused : rows.refused) refuse(refused);
            if (rows.count > 0) return true;
        }
    }

    private void open(Part.Reader opened) {
        var list = opened.trailer.path("arms");
        arms = new byte[list.size()][];
        for (int i = 0; i < arms.length; i++) arms[i] = utf8(list.get(i).asString());
        dictionaries.clear();
        opened.trailer
                .path("dictionaries")
                .properties()
                .forEach(each -> {
                    var texts = new byte[each.getValue().size()][];
                    for (int i = 0; i < texts.length; i++)
                        texts[i] = utf8(each.getValue().get(i).asString());
                    dictionaries.put(each.getKey(), texts);
                });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void refuse(Part.Refused refused) throws IOException {
        line.setLength(0);
        var cells =
                new ArrayList<>(
                        List.of(
                                Long.toString(refused.number() + 1),
                                Long.toString(refused.line()),
                                refused.reason()));
        if (rows.files) cells.add(1, refused.file().orElse(""));
        Csv.writeRow(line, cells);
        rejects.append(line);
    }

    @Override
    public void close() throws IOException {
        if (reader != null) reader.close();
        rejects.close();
    }
}
