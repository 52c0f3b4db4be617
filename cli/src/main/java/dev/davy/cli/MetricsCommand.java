package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What metrics were worth, and counting one over the past.
@Command(
        name = "metrics",
        description = "See what each metric of an endpoint ever said, and count one over the past.")
final class MetricsCommand {
    private final Connection connection;

    MetricsCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(
            name = "list",
            description = {
                "Each metric, how often it moved and alarmed, and what it costs:",
                "those that never say anything come first, and can go."
            })
    int list(
            @Parameters(paramLabel = "ENDPOINT") String endpoint,
            @Option(
                            names = "--silent-for",
                            paramLabel = "SPAN",
                            description = "only those that had nothing to say for so long: 90d")
                    @Nullable String silentFor) {
        try (var client = connection.client()) {
            var path = "/api/v1/endpoints/" + encoded(endpoint) + "/metrics";
            if (silentFor != null) path += "?silent-for=" + encoded(silentFor);
            var json = client.get(path);
            var rows = new ArrayList<List<String>>();
            for (var each : json.path("metrics")) rows.add(row(each));
            connection.show(
                    json,
                    List.of(
                            "METRIC",
                            "THERE",
                            "WINDOWS",
                            "MOVED",
                            "ALARMS",
                            "LAST MOVED",
                            "A DAY",
                            "A WINDOW",
                            "PRICE"),
                    rows);
            return Exit.YES;
        }
    }

    private static List<String> row(JsonNode metric) {
        return List.of(
                Values.cell(metric, "/monitor"),
                metric.path("declared").asBoolean() ? "declared" : "by itself",
                Values.cell(metric, "/windows"),
                Values.cell(metric, "/moved"),
                Values.cell(metric, "/alarms"),
                metric.has("last-moved") ? Values.cell(metric, "/last-moved") : "never",
                String.format(Locale.ROOT, "%,d B", metric.path("bytes-a-day").asLong()),
                String.format(Locale.ROOT, "%,.0f µs", metric.path("micros-a-window").asDouble()),
                String.format(Locale.ROOT, "%.1f %%", 100 * metric.path("price-share").asDouble()));
    }

    @Command(
            name = "backfill",
            description = {
                "Count a declared metric over what was predicted before it was declared.",
                "Nothing is judged again: no alarm rings for the past."
            })
    int backfill(
            @Parameters(paramLabel = "ENDPOINT") String endpoint,
            @Parameters(paramLabel = "METRIC") String metric,
            @Option(
                            names = "--from",
                            paramLabel = "TIME",
                            description = "like 2026-11-21T10:00:00Z; the first window")
                    @Nullable String from,
            @Option(names = "--to", paramLabel = "TIME", description = "the last hour that is over")
                    @Nullable String to)
            throws InterruptedException {
        try (var client = connection.client()) {
            var body = Json.object();
            if (from != null) body.put("from", from);
            if (to != null) body.put("to", to);
            var begun =
                    client.post(
                            "/api/v1/endpoints/%s/metrics/%s/backfill"
                                    .formatted(encoded(endpoint), encoded(metric)),
                            body);
            var job = new JobCommand(connection).awaited(client, Values.cell(begun, "/id"));
            if (job.isEmpty()) return Exit.NOT_DONE;
            var result = job.get().path("result");
            if (connection.json()) connection.terminal().json(result);
            else
                connection
                        .terminal()
                        .line(
                                String.format(
                                        Locale.ROOT,
                                        "%,d rows from %s to %s were counted; %,d windows hold"
                                                + " metric.%s now that did not, %,d were left as"
                                                + " they are.",
                                        result.path("rows").asLong(),
                                        Values.cell(result, "/from"),
                                        Values.cell(result, "/to"),
                                        result.path("filled").asLong(),
                                        Values.cell(result, "/metric"),
                                        result.path("left").asLong()));
            connection.terminal().next("davy metrics list " + endpoint);
            return Exit.YES;
        }
    }
}
