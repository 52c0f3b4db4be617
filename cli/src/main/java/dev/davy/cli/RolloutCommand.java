package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Bringing a candidate live.
@Command(
        name = "rollout",
        description = "Bring a candidate live step by step, watched by guards, and back again.")
final class RolloutCommand {
    private static final long PAUSE_MILLIS = 1_000;

    /// States that end a rollout.
    static final Set<String> ENDS = Set.of("finished", "rolled-back");

    /// What a person says with a command.
    static final class Reason {
        @Option(names = "--why", paramLabel = "REASON")
        private String why = "";

        @Option(
                names = "--revision",
                paramLabel = "N",
                description = "that was looked at; refused when the rollout has moved on since")
        private @Nullable Integer revision;
    }

    private final Connection connection;

    RolloutCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(name = "start", description = "Begin to bring a version live.")
    int start(
            @Parameters(paramLabel = "ENDPOINT") String endpoint,
            @Option(
                            names = "--to",
                            paramLabel = "NAME/VERSION",
                            description = "left out: the version that the endpoint desires")
                    @Nullable String to,
            @Option(names = "--case", paramLabel = "CASE", description = "new, assist or replace")
                    @Nullable String purpose,
            @Option(names = "--retry", description = "although this version was rolled back before")
                    boolean retry,
            @Option(names = "--dry-run", description = "say what would happen, and do nothing")
                    boolean dryRun,
            @Option(names = "--why", paramLabel = "REASON", defaultValue = "") String why) {
        try (var client = connection.client()) {
            var body = Json.object();
            if (to != null) body.put("to", to);
            if (purpose != null) body.put("case", purpose);
            body.put("retry", retry).put("dry-run", dryRun);
            if (!why.isEmpty()) body.put("why", why);
            var started = client.post(path(endpoint), body);
            if (connection.json()) connection.terminal().json(started);
            else {
                var terminal = connection.terminal();
                terminal.line(
                        (dryRun ? "Would bring " : "Bringing ")
                                + Values.cell(started, "/candidate")
                                + " live at "
                                + endpoint
                                + ", where "
                                + Values.cell(started, "/live")
                                + " is.");
                RolloutShown.stages(started).forEach(terminal::line);
                RolloutShown.guards(started).forEach(terminal::line);
                if (started.has("skips"))
                    terminal.line("It skips: " + Values.cell(started, "/skips"));
                if (!dryRun) terminal.next("davy rollout watch " + endpoint);
            }
            return Exit.YES;
        }
    }

    @Command(
            name = "status",
            description = "Where it is, what each guard says, and what it waits for.")
    int status(@Parameters(paramLabel = "ENDPOINT") String endpoint) {
        try (var client = connection.client()) {
            var rollout = client.get(path(endpoint));
            if (connection.json()) connection.terminal().json(rollout);
            else new RolloutShown(rollout).lines().forEach(connection.terminal()::line);
            return verdict(rollout);
        }
    }

    @Command(name = "watch", description = "Show it as it goes, until it is over or waits for you.")
    int watch(@Parameters(paramLabel = "ENDPOINT") String endpoint) throws InterruptedException {
        var terminal = connection.terminal();
        boolean live = terminal.person() && !connection.json();
        try (var client = connection.client()) {
            int before = 0;
            int revision = 0;
            while (true) {
                var rollout = client.get(path(endpoint));
                var state = Values.cell(rollout, "/state/is");
                if (live) {
                    var lines = new RolloutShown(rollout).lines();
                    if (before > 0) terminal.err().print("\u001b[" + before + "A");
                    for (var line : lines)
                        terminal.err().println("\u001b[2K" + Terminal.clean(line));
                    // What was there before and is not now.
                    terminal.err().print("\u001b[J");
                    terminal.err().flush();
                    before = lines.size();
                } else if (rollout.path("revision").asInt() != revision) {
                    // Nobody looks: one line a change, for a log.
                    if (connection.json()) terminal.json(rollout);
                    else terminal.line(RolloutShown.headline(rollout));
                }
                revision = rollout.path("revision").asInt();
                if (ENDS.contains(state) || state.equals("paused")) return verdict(rollout);
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /// A rollout that went back, or stands still, is no yes.
    private static int verdict(JsonNode rollout) {
        return switch (Values.cell(rollout, "/state/is")) {
            case "rolled-back", "paused" -> Exit.NO;
            default -> Exit.YES;
        };
    }

    @Command(
            name = "plan",
            description = "How long each step will need, by the traffic that there is.")
    int plan(
            @Parameters(paramLabel = "ENDPOINT") String endpoint,
            @Option(names = "--to", paramLabel = "NAME/VERSION") @Nullable String to,
            @Option(names = "--case", paramLabel = "CASE") @Nullable String purpose,
            @Option(
                            names = "--beyond",
                            paramLabel = "POINTS",
                            description = "harm beyond the margin that is asked about; 1 point")
                    @Nullable String beyond) {
        try (var client = connection.client()) {
            var query = new ArrayList<String>();
            if (to != null) query.add("to=" + encoded(to));
            if (purpose != null) query.add("case=" + encoded(purpose));
            if (beyond != null) query.add("beyond=" + encoded(beyond));
            var plan =
                    client.get(
                            path(endpoint)
                                    + "/plan"
                                    + (query.isEmpty() ? "" : "?" + String.join("&", query)));
            var rows = new ArrayList<List<String>>();
            for (var stage : plan.path("stages"))
                rows.add(
                        List.of(
                                stage.path("share").asDouble() == 0
                                        ? "none yet"
                                        : RolloutShown.percent(stage.path("share").asDouble()),
                                stage.has("until-next")
                                        ? RolloutShown.time(Values.cell(stage, "/until-next"))
                                        : "no time would do",
                                stage.has("until-seen")
                                        ? RolloutShown.time(Values.cell(stage, "/until-seen"))
                                        : "no time would do"));
            if (!connection.json())
                connection
                        .terminal()
                        .line(
                                "At %s requests a second and %s errors, %s needs about:"
                                        .formatted(
                                                RolloutShown.number(
                                                        plan.path("per-second").asDouble()),
                                                RolloutShown.percent(
                                                        plan.path("errors").asDouble()),
                                                Values.cell(plan, "/candidate")));
            connection.show(
                    plan,
                    List.of(
                            "SHARE",
                            "TO GO ON, IF EQUAL",
                            "TO SEE "
                                    + RolloutShown.number(100 * plan.path("beyond").asDouble())
                                    + " POINTS MORE THAN ALLOWED"),
                    rows);
            return Exit.YES;
        }
    }

    @Command(name = "pause", description = "Hold it; the guards go on watching.")
    int pause(@Parameters(paramLabel = "ENDPOINT") String endpoint, @Mixin Reason reason) {
        return tell(endpoint, "pause", reason);
    }

    @Command(name = "resume", description = "Let one that is paused go on.")
    int resume(@Parameters(paramLabel = "ENDPOINT") String endpoint, @Mixin Reason reason) {
        return tell(endpoint, "resume", reason);
    }

    @Command(name = "approve", description = "Let it go on from a step that asks.")
    int approve(@Parameters(paramLabel = "ENDPOINT") String endpoint, @Mixin Reason reason) {
        return tell(endpoint, "approve", reason);
    }

    @Command(
            name = "promote",
            description = "Give the candidate all traffic now, whatever the guards say.")
    int promote(@Parameters(paramLabel = "ENDPOINT") String endpoint, @Mixin Reason reason) {
        return tell(endpoint, "promote", reason);
    }

    @Command(name = "rollback", description = "Give all traffic back, at once.")
    int rollback(@Parameters(paramLabel = "ENDPOINT") String endpoint, @Mixin Reason reason) {
        return tell(endpoint, "rollback", reason);
    }

    private int tell(String endpoint, String verb, Reason reason) {
        try (var client = connection.client()) {
            ObjectNode body = Json.object();
            if (!reason.why.isEmpty()) body.put("why", reason.why);
            if (reason.revision != null) body.put("revision", reason.revision);
            var told = client.post(path(endpoint) + "/" + verb, body);
            if (connection.json()) connection.terminal().json(told);
            else connection.terminal().line(RolloutShown.headline(told));
            return Exit.YES;
        }
    }

    private static String path(String endpoint) {
        return "/api/v1/endpoints/" + encoded(endpoint) + "/rollout";
    }
}
