package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                if (started.has("holds"))
                    terminal.line("Its " + Values.cell(started, "/holds") + ".");
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

    @Command(
            name = "disagreements",
            description = "What live and shadow answered differently, with what was asked.")
    int disagreements(
            @Parameters(paramLabel = "ENDPOINT") String endpoint,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50") int limit) {
        try (var client = connection.client()) {
            var told = client.get(path(endpoint) + "/disagreements?limit=" + limit);
            var rows = new ArrayList<List<String>>();
            for (var each : told.path("disagreements"))
                rows.add(
                        List.of(
                                Values.cell(each, "/at"),
                                Values.cell(each, "/live"),
                                each.has("failure")
                                        ? "failed: " + Values.cell(each, "/failure")
                                        : Values.cell(each, "/shadow"),
                                Values.cell(each, "/prediction"),
                                DiffShown.asked(each)));
            if (!connection.json()) {
                connection
                        .terminal()
                        .line(
                                "Of %,d that both answered they agreed in %,d."
                                        .formatted(
                                                told.path("asked").asLong(),
                                                told.path("agreed").asLong()));
                var lines = new ArrayList<String>();
                RolloutShown.beside(told, lines);
                lines.forEach(connection.terminal()::line);
            }
            connection.show(told, List.of("WHEN", "LIVE", "SHADOW", "PREDICTION", "INPUT"), rows);
            return Exit.YES;
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
            if (!connection.json() && plan.has("holds"))
                connection
                        .terminal()
                        .line(
                                "Live is %s, so %s."
                                        .formatted(
                                                Values.cell(plan, "/live"),
                                                Values.cell(plan, "/holds")));
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

    @Command(
            name = "rehearse",
            description = {
                "What a rollout would have done with the traffic of the last days.",
                "Exit code 0: it would have come live; 1: it would not, or not yet."
            })
    int rehearse(
            @Parameters(paramLabel = "ENDPOINT") String endpoint,
            @Option(
                            names = "--to",
                            paramLabel = "NAME/VERSION",
                            description = "left out: the version that the endpoint desires")
                    @Nullable String to,
            @Option(
                            names = "--since",
                            paramLabel = "SPAN|TIME",
                            defaultValue = "7d",
                            description = "like 7d, or 2026-11-21T10:15:00Z; 7d")
                    String since,
            @Option(
                            names = {"-f", "--file"},
                            paramLabel = "FILE",
                            description =
                                    "a rollout section in YAML, in place of the endpoint's own")
                    @Nullable Path policy,
            @Option(names = "--case", paramLabel = "CASE", description = "new, assist or replace")
                    @Nullable String purpose)
            throws IOException, InterruptedException {
        try (var client = connection.client()) {
            var body = Json.object().put("since", since);
            if (to != null) body.put("to", to);
            if (purpose != null) body.put("case", purpose);
            if (policy != null) body.set("policy", section(policy));
            var begun = client.post(path(endpoint) + "/rehearsals", body);
            var job = new JobCommand(connection).awaited(client, Values.cell(begun, "/id"));
            if (job.isEmpty()) return Exit.NOT_DONE;
            var result = job.get().path("result");
            if (connection.json()) connection.terminal().json(result);
            else {
                new RehearsalShown(result).lines().forEach(connection.terminal()::line);
                connection
                        .terminal()
                        .next(
                                "davy rollout start "
                                        + endpoint
                                        + " --to "
                                        + Values.cell(result, "/candidate"));
            }
            return Values.cell(result, "/outcome").equals("promoted") ? Exit.YES : Exit.NO;
        }
    }

    /// A file of the section alone, or of a whole endpoint.
    private static JsonNode section(Path file) throws IOException {
        if (!Files.isReadable(file))
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "file-not-readable",
                    "'" + file + "' could not be read.",
                    Files.exists(file) ? "It may not be read." : "There is no such file.",
                    "Name a YAML file that says how a version comes live.");
        var tree =
                Yaml.read(Files.readAllBytes(file), file.toString(), Limits.DEFAULT)
                        .getFirst()
                        .tree();
        return tree.has("rollout") ? tree.path("rollout") : tree;
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
