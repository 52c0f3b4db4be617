package dev.davy.cli;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Background work.
@Command(name = "job", description = "List, watch, cancel and resume background work.")
final class JobCommand {
    private static final Set<String> ENDS = Set.of("done", "failed", "cancelled");
    private static final int CELLS = 30;
    private static final long PAUSE_MILLIS = 250;

    private final Connection connection;

    JobCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(name = "list", description = "Jobs, newest first.")
    int list(
            @Option(names = "--state", paramLabel = "STATE") @Nullable String state,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "20") int limit) {
        try (var client = connection.client()) {
            var path = "/api/v1/jobs?limit=" + limit;
            if (state != null) path += "&state=" + Client.encoded(state);
            var jobs = client.get(path);
            var rows = new ArrayList<List<String>>();
            for (var job : jobs.path("jobs"))
                rows.add(
                        List.of(
                                Values.cell(job, "/id"),
                                Values.cell(job, "/kind"),
                                Values.cell(job, "/state"),
                                progress(job),
                                Values.cell(job, "/who"),
                                Values.cell(job, "/about")));
            connection.show(
                    jobs, List.of("JOB", "KIND", "STATE", "PROGRESS", "WHO", "ABOUT"), rows);
            return Exit.YES;
        }
    }

    private static String progress(JsonNode job) {
        var total = Values.cell(job, "/progress/total");
        var done = Values.cell(job, "/progress/done");
        return (total.isEmpty() ? done : done + " of " + total)
                + " "
                + Values.cell(job, "/progress/unit");
    }

    @Command(
            name = "watch",
            description = "Wait for a job; its result goes to --out when it is a batch.")
    int watch(
            @Parameters(paramLabel = "JOB") String job,
            @Option(names = "--out", paramLabel = "FILE") @Nullable Path out)
            throws IOException, InterruptedException {
        try (var client = connection.client()) {
            return follow(client, job, out);
        }
    }

    @Command(name = "cancel", description = "Tell a job to end.")
    int cancel(@Parameters(paramLabel = "JOB") String job) {
        return tell(job, "cancel");
    }

    @Command(
            name = "resume",
            description = "Let a job that failed or was cancelled go on where it was.")
    int resume(@Parameters(paramLabel = "JOB") String job) {
        return tell(job, "resume");
    }

    private int tell(String job, String verb) {
        try (var client = connection.client()) {
            var told = client.post("/api/v1/jobs/" + Client.encoded(job) + "/" + verb);
            if (connection.json()) connection.terminal().json(told);
            else
                connection
                        .terminal()
                        .line(Values.cell(told, "/id") + " is " + Values.cell(told, "/state"));
            connection.terminal().next("davy job watch " + job);
            return Exit.YES;
        }
    }

    /// Waits for the end of a job, with a bar for a person, and fetches what came of it.
    int follow(Client client, String id, @Nullable Path out)
            throws IOException, InterruptedException {
        var job = awaited(client, id);
        return job.isEmpty()
                ? Exit.NOT_DONE
                : done(client, "/api/v1/jobs/" + Client.encoded(id), job.get(), out);
    }

    /// Waits for the end of a job, with a bar for a person.
    ///
    /// @return the job, when it is done; empty when it came to another end, which is told then
    Optional<JsonNode> awaited(Client client, String id) throws InterruptedException {
        var terminal = connection.terminal();
        var path = "/api/v1/jobs/" + Client.encoded(id);
        var job = client.get(path);
        for (long pause = 20;
                !ENDS.contains(Values.cell(job, "/state"));
                pause = Math.min(PAUSE_MILLIS, 2 * pause)) {
            if (terminal.person() && !connection.json()) {
                terminal.err().print("\r" + bar(job) + "\u001b[K");
                terminal.err().flush();
            }
            Thread.sleep(pause);
            job = client.get(path);
        }
        if (terminal.person() && !connection.json()) terminal.err().print("\r\u001b[K");
        switch (Values.cell(job, "/state")) {
            case "done" -> {
                return Optional.of(job);
            }
            case "cancelled" -> show(job, "Job " + id + " was cancelled.");
            default -> {
                if (connection.json()) terminal.json(job);
                else
                    terminal.failure(
                            Values.cell(job, "/failure/what"),
                            reasons(job),
                            Values.cell(job, "/failure/todo"));
                terminal.next("davy job resume " + id);
            }
        }
        return Optional.empty();
    }

    private static List<String> reasons(JsonNode job) {
        var reasons = new ArrayList<String>();
        job.at("/failure/why").forEach(each -> reasons.add(each.asString()));
        return reasons;
    }

    private int done(Client client, String path, JsonNode job, @Nullable Path out)
            throws IOException {
        var result = job.path("result");
        boolean batch = Values.cell(job, "/kind").equals("batch-prediction");
        long rejected = result.path("rejected").asLong(0);
        if (batch && out != null) {
            fetch(client, path + "/result", out, result.path("bytes").asLong(-1));
            if (rejected > 0)
                fetch(
                        client,
                        path + "/rejects",
                        rejects(out),
                        result.path("rejects-bytes").asLong(-1));
        }
        if (connection.json()) connection.terminal().json(job);
        else if (batch) told(result, out, rejected);
        else connection.terminal().line("Job " + Values.cell(job, "/id") + " is done.");
        return rejected > 0 ? Exit.NO : Exit.YES;
    }

    private void told(JsonNode result, @Nullable Path out, long rejected) {
        var where = out == null ? "" : " in " + out;
        show(result, Values.cell(result, "/predicted") + " rows predicted" + where + ".");
        if (rejected == 0) return;
        var file = out == null ? "" : ", told in " + rejects(out);
        connection.terminal().line(rejected + " rows refused" + file + ".");
    }

    private void show(JsonNode document, String line) {
        if (connection.json()) connection.terminal().json(document);
        else connection.terminal().line(line);
    }

    /// `answers.parquet` has its `answers.rejects.csv` beside it.
    static Path rejects(Path out) {
        var name = String.valueOf(out.getFileName()).replaceFirst("\\.[A-Za-z]+$", "");
        return out.resolveSibling(name + ".rejects.csv");
    }

    /// Beside the file and renamed at the end: what was cut off is never taken for the whole.
    private static void fetch(Client client, String path, Path into, long bytes)
            throws IOException {
        var part = into.resolveSibling(into.getFileName() + ".part");
        try (var from = client.stream(path);
                var to = Files.newOutputStream(part)) {
            long came = from.transferTo(to);
            if (bytes >= 0 && came != bytes)
                throw new Problem(
                        Problem.Kind.UNAVAILABLE,
                        "result-cut-off",
                        "The result did not come whole.",
                        came + " of " + bytes + " bytes came.",
                        "Fetch it again with: davy job watch JOB --out FILE");
        }
        Files.move(part, into, StandardCopyOption.REPLACE_EXISTING);
    }

    /// `██████░░░░ 61 % 1.2 M rows/s 3 s left`.
    static String bar(JsonNode job) {
        double done = job.at("/progress/done").asDouble(0);
        double total = job.at("/progress/total").asDouble(0);
        double rate = job.at("/progress/per-second").asDouble(0);
        var unit = Terminal.clean(Values.cell(job, "/progress/unit"));
        if (total <= 0)
            return String.format(
                    Locale.ROOT,
                    "%s  %,.0f %s  %,.0f/s",
                    Values.cell(job, "/state"),
                    done,
                    unit,
                    rate);
        int full = (int) Math.clamp(CELLS * done / total, 0, CELLS);
        var left = job.at("/progress/seconds-left").asDouble(-1);
        return String.format(
                Locale.ROOT,
                "%s%s %.0f %%  %,.0f %s/s%s",
                "█".repeat(full),
                "░".repeat(CELLS - full),
                Math.min(100, 100 * done / total),
                rate,
                unit,
                left < 0 ? "" : String.format(Locale.ROOT, "  %.0f s left", left));
    }
}
