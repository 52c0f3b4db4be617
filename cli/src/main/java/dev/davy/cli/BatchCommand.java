package dev.davy.cli;

import dev.davy.strict.Audio;
import dev.davy.strict.Csv;
import dev.davy.strict.Hashes;
import dev.davy.strict.Images;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A table or folder on its way through an endpoint: sent, done as a job, and its result fetched.
final class BatchCommand {
    private static final String OCTETS = "application/octet-stream";

    private final Connection connection;
    private final String endpoint;
    private final Path input;
    private final Path out;
    private final boolean logged;
    private final boolean detach;

    BatchCommand(
            Connection connection,
            String endpoint,
            Path input,
            @Nullable Path out,
            boolean logged,
            boolean detach) {
        this.connection = connection;
        this.endpoint = endpoint;
        this.input = input;
        this.out = out != null ? out : beside(input);
        this.logged = logged;
        this.detach = detach;
    }

    /// `customers.csv.gz` becomes `customers.predictions.csv`: in the form in which it came.
    private static Path beside(Path input) {
        var name = String.valueOf(input.toAbsolutePath().normalize().getFileName());
        var plain = name.replaceFirst("(?i)(\\.csv\\.gz|\\.csv|\\.parquet)$", "");
        boolean table = name.toLowerCase(Locale.ROOT).matches(".*\\.csv(\\.gz)?");
        return input.toAbsolutePath()
                .normalize()
                .resolveSibling(plain + ".predictions." + (table ? "csv" : "parquet"));
    }

    int call() throws IOException, InterruptedException {
        var lower = out.toString().toLowerCase(Locale.ROOT);
        if (!lower.endsWith(".csv") && !lower.endsWith(".parquet"))
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "format-unknown",
                    "The answers can't be written to '" + out + "'.",
                    "The form follows from the ending, which is neither .csv nor .parquet.",
                    "Name a file that ends in one of these.");
        if (!Files.isReadable(input))
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "file-not-readable",
                    "'" + input + "' could not be read.",
                    Files.exists(input) ? "It may not be read." : "There is no such file.",
                    "Name a CSV or Parquet file, or a folder of images or recordings.");
        try (var client = connection.client()) {
            var arguments = Json.object().put("endpoint", endpoint);
            arguments.put("name", String.valueOf(input.getFileName()));
            arguments.put("input", kind());
            arguments.put("output", lower.endsWith(".csv") ? "csv" : "parquet");
            arguments.put("log", logged);
            arguments.put("file", Files.isDirectory(input) ? sendAll(client) : send(client, input));
            var body = Json.object().put("kind", "batch-prediction");
            body.set("arguments", arguments);
            var job = client.post("/api/v1/jobs", body);
            if (detach) return detached(job);
            return new JobCommand(connection).follow(client, Values.cell(job, "/id"), out);
        }
    }

    private int detached(JsonNode job) {
        if (connection.json()) connection.terminal().json(job);
        else connection.terminal().line(Values.cell(job, "/id"));
        connection.terminal().next("davy job watch " + Values.cell(job, "/id") + " --out " + out);
        return Exit.YES;
    }

    private String kind() throws IOException {
        if (Files.isDirectory(input)) return "files";
        try (var in = Files.newInputStream(input)) {
            var first = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
            var name = input.toString().toLowerCase(Locale.ROOT);
            return first.equals("PAR1") || name.endsWith(".parquet") ? "parquet" : "csv";
        }
    }

    private String send(Client client, Path file) throws IOException {
        return Values.cell(
                client.send(
                        "POST",
                        "/api/v1/batch/files",
                        OCTETS,
                        Progress.of(connection.terminal(), file)),
                "/digest");
    }

    /// Each file by itself, then the list of them.
    private String sendAll(Client client) throws IOException {
        List<Path> files;
        try (var found = Files.walk(input)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        var list = new StringBuilder();
        Csv.writeRow(list, List.of("file", "sha256"));
        int sent = 0;
        for (var file : files) {
            if (!isMedium(file)) continue;
            var bytes = Files.readAllBytes(file);
            client.send("POST", "/api/v1/batch/files", OCTETS, BodyPublishers.ofByteArray(bytes));
            var name = input.relativize(file).toString();
            Csv.writeRow(list, List.of(name, Hashes.sha256(bytes)));
            sent++;
        }
        if (sent == 0)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "folder-without-files",
                    "There is nothing to ask in '" + input + "'.",
                    "None of its "
                            + files.size()
                            + " files is a PNG, JPEG, GIF or BMP image or a WAV recording.",
                    "Name a folder of images or recordings.");
        return Values.cell(
                client.send(
                        "POST",
                        "/api/v1/batch/files",
                        OCTETS,
                        BodyPublishers.ofString(list.toString())),
                "/digest");
    }

    /// By what a file is or calls itself: what calls itself an image and is none is refused with a
    /// reason; a read-me is no row at all.
    private static boolean isMedium(Path file) throws IOException {
        var name = file.toString().toLowerCase(Locale.ROOT);
        if (name.matches(".*\\.(png|jpe?g|gif|bmp|wav)$")) return true;
        try (var in = Files.newInputStream(file)) {
            var first = in.readNBytes(64);
            return Images.sniff(first).isPresent() || Audio.sniff(first).isPresent();
        }
    }
}
