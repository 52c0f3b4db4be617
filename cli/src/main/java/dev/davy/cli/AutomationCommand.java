package dev.davy.cli;

import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// How much a model decides.
@Command(name = "automation", description = "See how much a model decides alone, and change it.")
final class AutomationCommand {
    private final Connection connection;

    AutomationCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(name = "show", description = "The level, what it rests on, and what is recommended.")
    int show(@Parameters(paramLabel = "ENDPOINT") String endpoint) {
        try (var client = connection.client()) {
            var found = client.get(path(endpoint));
            if (connection.json()) connection.terminal().json(found);
            else show(found);
            return Exit.YES;
        }
    }

    private void show(JsonNode found) {
        var terminal = connection.terminal();
        terminal.line(
                "level %s%s"
                        .formatted(
                                Values.cell(found, "/level"),
                                found.path("stepped-down").asBoolean(false)
                                        ? " (stepped down: " + Values.cell(found, "/why") + ")"
                                        : Values.cell(found, "/desired")
                                                        .equals(Values.cell(found, "/level"))
                                                ? ""
                                                : " (declared: "
                                                        + Values.cell(found, "/desired")
                                                        + "; "
                                                        + Values.cell(found, "/who")
                                                        + ": "
                                                        + Values.cell(found, "/why")
                                                        + ")"));
        for (var each : found.path("slices"))
            terminal.line(
                    "  where " + Values.cell(each, "/where") + ": " + Values.cell(each, "/level"));
        terminal.line(
                "%s of at most %s cases open"
                        .formatted(
                                Values.cell(found, "/queue/open"),
                                Values.cell(found, "/queue/at-most")));
        for (var each : found.path("thresholds"))
            terminal.line(
                    "%s%s: %s"
                            .formatted(
                                    Values.cell(each, "/version"),
                                    Values.cell(each, "/slice").isEmpty()
                                            ? ""
                                            : " where " + Values.cell(each, "/slice"),
                                    Values.cell(each, "/says")));
        var rows = new ArrayList<List<String>>();
        for (var each : found.path("table"))
            rows.add(
                    List.of(
                            Values.cell(each, "/who"),
                            Values.cell(each, "/slice"),
                            Values.cell(each, "/cases"),
                            share(each.path("figure")),
                            share(each.path("low")) + " to " + share(each.path("high")),
                            Values.cell(each, "/against")));
        if (!rows.isEmpty())
            connection.show(
                    found, List.of("WHO", "SLICE", "CASES", "RIGHT", "95 %", "AGAINST"), rows);
        var recommended = Values.cell(found, "/recommendation/why");
        if (!recommended.isEmpty())
            terminal.line(
                    "The evidence supports "
                            + Values.cell(found, "/recommendation/level")
                            + ": "
                            + recommended);
        for (var each : found.path("recommendation").path("missing"))
            terminal.line("  missing: " + each.asString(""));
    }

    private static String share(JsonNode number) {
        return number.isNumber()
                ? String.format(Locale.ROOT, "%.1f %%", 100 * number.doubleValue())
                : "";
    }

    @Command(name = "set", description = "Change the level now; the declaration stays as it is.")
    int set(
            @Parameters(paramLabel = "ENDPOINT") String endpoint,
            @Parameters(
                            paramLabel = "LEVEL",
                            description = "human-only, shadow, assist, partial or full")
                    String level,
            @Option(
                            names = "--where",
                            paramLabel = "CONDITION",
                            description = "of this slice of 'automation.levels' only")
                    @Nullable String where,
            @Option(names = "--why", paramLabel = "TEXT", required = true) String why) {
        try (var client = connection.client()) {
            var body = Json.object().put("level", level).put("why", why);
            if (where != null) body.put("where", where);
            var found = client.post(path(endpoint), body);
            if (connection.json()) connection.terminal().json(found);
            else
                connection
                        .terminal()
                        .line(endpoint + " is at level " + Values.cell(found, "/level"));
            connection.terminal().next("davy events " + endpoint);
            return Exit.YES;
        }
    }

    private static String path(String endpoint) {
        return "/api/v1/endpoints/" + Client.encoded(endpoint) + "/automation";
    }
}
