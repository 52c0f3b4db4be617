package dev.davy.bench;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// `davy log export`, line by line.
final class LogExport {
    private LogExport() {}

    static void read(Place place, int port, Consumer<JsonNode> each)
            throws IOException, InterruptedException {
        var command = Candidate.Davy.cli(place, port, "log", "export");
        var builder = new ProcessBuilder(command.words());
        builder.environment().putAll(command.environment());
        builder.redirectError(place.work().resolve("export.errors").toFile());
        var process = builder.start();
        try (var lines = process.getInputStream()) {
            eachLine(lines, line -> each.accept(Json.read(line, Limits.DEFAULT)));
        }
        int code = process.waitFor();
        if (code != 0) throw new Unmeasurable("davy log export ended with code " + code);
    }

    private static void eachLine(InputStream in, Consumer<byte[]> each) throws IOException {
        var line = new ByteArrayOutputStream();
        var part = new byte[64 * 1024];
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
            int from = 0;
            for (int i = 0; i < read; i++) {
                if (part[i] != '\n') continue;
                line.write(part, from, i - from);
                each.accept(line.toByteArray());
                line.reset();
                from = i + 1;
            }
            line.write(part, from, read - from);
        }
        if (line.size() > 0)
            throw new IOException(
                    "the last line broke off: " + line.toString(StandardCharsets.UTF_8));
    }
}
