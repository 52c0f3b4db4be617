package dev.davy.cli;

import dev.davy.strict.Audio;
import dev.davy.strict.Images;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Asks an endpoint: one input for an answer at once, or a whole table or folder as a job.
@Command(
        name = "predict",
        description =
                "Ask an endpoint: an image, a recording, or rows as JSON at once; a table (CSV,"
                        + " Parquet) or a folder of images or recordings as a job.",
        footer = {
            "",
            "A table goes as a job when --out or --no-log is given, when it is Parquet, gzip or over 1 MB;",
            "a folder always. Exit code 1: some rows were refused; they are in FILE's .rejects.csv."
        })
final class PredictCommand implements Callable<Integer> {
    private static final int LONGEST = 60;

    /// A table that is answered in one call.
    private static final long AT_ONCE_BYTES = 1 << 20;

    private final Connection connection;

    @Parameters(index = "0", paramLabel = "ENDPOINT")
    private String endpoint = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "the input; - for standard input")
    private Path file = Path.of("");

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "its media type, where the file itself does not say it: text/csv")
    private @Nullable String type;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "where the answers go: .csv or .parquet; makes it a job")
    private @Nullable Path out;

    @Option(names = "--no-log", description = "keep no prediction in the log; makes it a job")
    private boolean noLog;

    @Option(names = "--detach", description = "do not wait for the job")
    private boolean detach;

    PredictCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (isJob())
            return new BatchCommand(connection, endpoint, file, out, !noLog, detach).call();
        var input = read();
        var contentType = type != null ? type : contentType(input, file.toString());
        if (contentType.equals("application/json")) input = Json.write(rows(input));
        try (var client = connection.client()) {
            var answer =
                    client.send(
                            "POST",
                            "/api/v1/endpoints/" + Client.encoded(endpoint) + "/predict",
                            contentType,
                            BodyPublishers.ofByteArray(input));
            show(answer);
            return Exit.YES;
        }
    }

    /// What would take long, or has somewhere to go.
    private boolean isJob() throws IOException {
        if (out != null || noLog || detach || Files.isDirectory(file)) return true;
        if (file.toString().equals("-") || !Files.isReadable(file)) return false;
        var name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet") || name.endsWith(".csv.gz")) return true;
        return name.endsWith(".csv") && Files.size(file) > AT_ONCE_BYTES;
    }

    private byte[] read() throws IOException {
        long most = Limits.DEFAULT.bodyBytes();
        if (file.toString().equals("-"))
            return connection.terminal().in().readNBytes((int) most + 1);
        if (Files.isReadable(file) && !Files.isDirectory(file)) {
            try (var in = Files.newInputStream(file)) {
                return in.readNBytes((int) most + 1);
            }
        }
        throw new Problem(
                Problem.Kind.UNAVAILABLE,
                "file-not-readable",
                "'" + file + "' could not be read.",
                Files.exists(file)
                        ? "It is not a file that may be read."
                        : "There is no such file.",
                "Name an image, a WAV, a CSV or a JSON file, or - for standard input.");
    }

    /// By what the bytes are, then by the file's name: a wrong extension changes nothing.
    static String contentType(byte[] input, String name) {
        var media = Images.sniff(input).or(() -> Audio.sniff(input));
        if (media.isPresent()) return media.get();
        int first = 0;
        while (first < input.length && " \t\r\n".indexOf(input[first]) >= 0) first++;
        if (first < input.length && (input[first] == '{' || input[first] == '['))
            return "application/json";
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".json") || lower.endsWith(".ndjson")
                ? "application/json"
                : "text/csv";
    }

    /// `{"rows":[…]}` as it is; a list of rows, or one row, is put into it.
    static JsonNode rows(byte[] json) {
        var tree = Json.read(json, Limits.DEFAULT);
        if (tree.has("rows")) return tree;
        var body = Json.object();
        if (tree.isArray()) body.set("rows", tree);
        else body.set("rows", Json.array().add(tree));
        return body;
    }

    private void show(JsonNode answer) {
        var terminal = connection.terminal();
        if (connection.json()) {
            terminal.json(answer);
            return;
        }
        var predictions = answer.path("predictions");
        var outputs = new LinkedHashSet<String>();
        for (var prediction : predictions)
            prediction.path("output").properties().forEach(each -> outputs.add(each.getKey()));
        var heads = new ArrayList<String>();
        for (var output : outputs) heads.add(Terminal.clean(output.toUpperCase(Locale.ROOT)));
        heads.addAll(List.of("CONFIDENCE", "VERSION", "PREDICTION"));
        var rows = new ArrayList<List<String>>();
        for (var prediction : predictions) {
            var cells = new ArrayList<String>();
            for (var output : outputs)
                cells.add(shortened(Values.text(prediction.path("output").path(output))));
            cells.add(Values.cell(prediction, "/confidence"));
            cells.add(Values.cell(prediction, "/version"));
            cells.add(Values.cell(prediction, "/id"));
            rows.add(cells);
        }
        terminal.table(heads, rows);
        if (predictions.size() == 1)
            terminal.next(
                    "davy feedback --prediction "
                            + Values.cell(predictions.get(0), "/id")
                            + " --truth VALUE");
    }

    // An embedding of a thousand numbers is not read in a table; -o json has all of it.
    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
