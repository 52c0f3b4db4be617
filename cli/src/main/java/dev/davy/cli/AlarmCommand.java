package dev.davy.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Alarms, and what a person does about them.
@Command(name = "alarm", description = "See what rings, look after it, silence it, or end it.")
final class AlarmCommand {
    private final Connection connection;

    AlarmCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(
            name = "list",
            description = "Alarms, newest first.",
            footer = {"", "Exit code 1: something rings."})
    int list(
            @Option(names = "--endpoint", paramLabel = "NAME") @Nullable String endpoint,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "pending, firing, acknowledged or resolved")
                    @Nullable String state,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "20") int limit) {
        try (var client = connection.client()) {
            var path = "/api/v1/alarms?limit=" + limit;
            if (endpoint != null) path += "&endpoint=" + Client.encoded(endpoint);
            if (state != null) path += "&state=" + Client.encoded(state);
            var alarms = client.get(path);
            var rows = new ArrayList<List<String>>();
            boolean rings = false;
            for (var alarm : alarms.path("alarms")) {
                rings |= rings(alarm);
                rows.add(
                        List.of(
                                Values.cell(alarm, "/id"),
                                Values.cell(alarm, "/endpoint"),
                                Values.cell(alarm, "/state"),
                                Values.cell(alarm, "/severity"),
                                Values.cell(alarm, "/since"),
                                Values.cell(alarm, "/windows"),
                                Values.cell(alarm, "/why")));
            }
            connection.show(
                    alarms,
                    List.of("ALARM", "ENDPOINT", "STATE", "SEVERITY", "SINCE", "WINDOWS", "WHY"),
                    rows);
            return rings ? Exit.NO : Exit.YES;
        }
    }

    private static boolean rings(JsonNode alarm) {
        var state = Values.cell(alarm, "/state");
        return state.equals("firing") || state.equals("acknowledged");
    }

    @Command(name = "acknowledge", description = "Say that you look after an alarm.")
    int acknowledge(
            @Parameters(paramLabel = "ALARM") String alarm,
            @Option(names = "--why", paramLabel = "TEXT", defaultValue = "") String why) {
        return tell(alarm, "acknowledge", why, null);
    }

    @Command(name = "silence", description = "Tell nobody of an alarm for a while.")
    int silence(
            @Parameters(paramLabel = "ALARM") String alarm,
            @Option(
                            names = "--for",
                            paramLabel = "DURATION",
                            defaultValue = "1h",
                            description = "how long: 30m, 2h (${DEFAULT-VALUE})")
                    String length,
            @Option(names = "--why", paramLabel = "TEXT", defaultValue = "") String why) {
        return tell(alarm, "silence", why, length);
    }

    @Command(
            name = "resolve",
            description = "Say that an alarm is over; if it is not, another begins.")
    int resolve(
            @Parameters(paramLabel = "ALARM") String alarm,
            @Option(names = "--why", paramLabel = "TEXT", defaultValue = "") String why) {
        return tell(alarm, "resolve", why, null);
    }

    private int tell(String alarm, String verb, String why, @Nullable String length) {
        try (var client = connection.client()) {
            var body = dev.davy.strict.Json.object();
            if (!why.isEmpty()) body.put("why", why);
            if (length != null) body.put("for", length);
            var told = client.post("/api/v1/alarms/" + Client.encoded(alarm) + "/" + verb, body);
            if (connection.json()) connection.terminal().json(told);
            else
                connection
                        .terminal()
                        .line(
                                Values.cell(told, "/watch")
                                        + " of "
                                        + Values.cell(told, "/endpoint")
                                        + " is "
                                        + Values.cell(told, "/state"));
            connection.terminal().next("davy alarm list");
            return Exit.YES;
        }
    }
}
