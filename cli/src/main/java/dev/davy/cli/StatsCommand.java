package dev.davy.cli;

import dev.davy.stats.check.Check;
import dev.davy.stats.check.Vectors;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Our formulas against known answers.
@Command(name = "stats", description = "Check Davy's statistics.")
final class StatsCommand {
    private static final long BYTES_MAX = 256L << 20;

    private final Connection connection;

    StatsCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(
            name = "check",
            description = {
                "Compute every entry of a file of known answers, and say of each whether ours is the"
                        + " same.",
                "The file is a JSON array of {name, statistic, params, inputs, expected, tolerance}."
            })
    int check(@Parameters(paramLabel = "FILE") Path file) throws IOException {
        if (!Files.isRegularFile(file))
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "file-not-found",
                    "The known answers can't be read.",
                    "There is no file " + file + ".",
                    "Give the path of a JSON file.");
        var terminal = connection.terminal();
        Vectors vectors;
        try (var in = Files.newInputStream(file)) {
            vectors = Vectors.read(Json.read(in, BYTES_MAX, Limits.DEFAULT));
        }
        int passed = 0;
        int failed = 0;
        int skipped = 0;
        for (var vector : vectors.vectors()) {
            var name = Terminal.clean(vector.name());
            var entry = Json.object().put("name", vector.name());
            switch (Vectors.check(vector)) {
                case Check.Passed() -> {
                    passed++;
                    say("pass         " + name);
                    entry.put("result", "pass");
                }
                case Check.Failed(var at, var expected, var computed) -> {
                    failed++;
                    say(
                            "fail         %s%s: expected %s, computed %s"
                                    .formatted(
                                            name,
                                            at.isEmpty() ? "" : " at " + Terminal.clean(at),
                                            Terminal.clean(expected),
                                            Terminal.clean(computed)));
                    entry.put("result", "fail")
                            .put("at", at)
                            .put("expected", expected)
                            .put("computed", computed);
                }
                case Check.Skipped(var reason) -> {
                    skipped++;
                    say("not offered  " + name + ": " + Terminal.clean(reason));
                    entry.put("result", "not offered").put("reason", reason);
                }
            }
            if (connection.json()) terminal.json(entry);
        }
        if (connection.json())
            terminal.json(
                    Json.object()
                            .put("passed", passed)
                            .put("failed", failed)
                            .put("skipped", skipped));
        else terminal.line("%d passed, %d failed, %d skipped".formatted(passed, failed, skipped));
        return failed > 0 ? Exit.NO : Exit.YES;
    }

    private void say(String line) {
        if (!connection.json()) connection.terminal().line(line);
    }
}
