package dev.davy.cli;

import dev.davy.data.Finding;
import dev.davy.data.Reading;
import dev.davy.data.Table;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.web.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/// What all commands on plain files take.
final class TableOptions {
    @Option(
            names = "--missing",
            paramLabel = "TEXT",
            description =
                    "a text that stands for a missing value, beside the empty cell; repeatable")
    private List<String> missing = new ArrayList<>();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "write the answer as a page with pictures, in one file")
    private @Nullable Path html;

    Table open(Path file) throws IOException {
        return Table.open(file, reading());
    }

    /// Parts of one table.
    List<Table> open(List<Path> files) throws IOException {
        return Table.open(files, reading());
    }

    private Reading reading() {
        return new Reading(new HashSet<>(missing), Limits.DEFAULT);
    }

    /// Writes the report where one was asked for.
    void write(Report report) throws IOException {
        if (html != null) report.write(html);
    }

    static ArrayNode json(List<Finding> findings) {
        var list = Json.array();
        for (var finding : findings) {
            var each =
                    Json.object()
                            .put("code", finding.code())
                            .put("wrong", finding.wrong())
                            .put("times", finding.times())
                            .put("text", finding.text());
            finding.column().ifPresent(column -> each.put("column", column));
            finding.line().ifPresent(line -> each.put("line", line));
            list.add(each);
        }
        return list;
    }

    static final List<String> HEADS = List.of("LINE", "TIMES", "CODE", "WHAT");

    static List<List<String>> rows(List<Finding> findings) {
        return findings.stream()
                .map(each ->
                        List.of(
                                each.line().isPresent() ? "" + each.line().getAsLong() : "",
                                "" + each.times(),
                                each.code(),
                                each.text()))
                .toList();
    }

    /// On standard error, so that what is piped on stays data.
    static void warn(Terminal terminal, String file, List<Finding> findings) {
        for (var finding : findings)
            terminal.err()
                    .println(
                            Terminal.clean(
                                    "%s%s: %s: %s%s"
                                            .formatted(
                                                    file,
                                                    finding.line().isPresent()
                                                            ? ":" + finding.line().getAsLong()
                                                            : "",
                                                    finding.code(),
                                                    finding.text(),
                                                    finding.times() > 1
                                                            ? " (" + finding.times() + " times)"
                                                            : "")));
    }
}
