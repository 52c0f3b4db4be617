package dev.davy.bench;

import dev.davy.cli.Main;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Plays a table of the past with `davy replay` to a server, and reads there what rang and how
/// right the model was.
final class PastReplay implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /// What rang.
    ///
    /// @param part `highest` or `lowest` where it was a single number
    /// @param since when the first bad window begins
    record Rang(String watch, String part, Instant since, String why) {
        boolean single() {
            return part.equals("highest") || part.equals("lowest");
        }
    }

    private final PastSet set;
    private final Server server;
    private final ReviewCalls calls;
    private long orphans;

    private PastReplay(PastSet set, Server server) {
        this.set = set;
        this.server = server;
        calls = new ReviewCalls(server::port);
    }

    /// Plays all of it, and waits until all of it is judged.
    ///
    /// @param data a folder that does not exist yet
    /// @param more what `davy replay` is told besides
    static PastReplay of(PastSet set, Path data, String... more)
            throws IOException, InterruptedException {
        var replay = new PastReplay(set, Server.start(Settings.of(data).port(0)));
        try {
            replay.play(more);
            return replay;
        } catch (RuntimeException | IOException | InterruptedException failed) {
            replay.close();
            throw failed;
        }
    }

    private void play(String... more) throws IOException, InterruptedException {
        calls.push(set.endpoint(), "application/zip", ReviewSet.zip(set.model()));
        calls.apply(set.declaration());
        var words =
                new ArrayList<>(
                        List.of("replay", set.table().toString(), "--endpoint", set.endpoint()));
        words.addAll(set.replay());
        words.addAll(List.of(more));
        words.addAll(List.of("-o", "json", "--server", "http://127.0.0.1:" + server.port()));
        var said = davy(words);
        if (!said.path("refused").isEmpty() || !said.at("/truth/refused").isEmpty())
            throw new Unmeasurable("Rows of " + set.title() + " were refused: " + said);
        orphans = said.at("/truth/orphans").asLong();
        if (!server.davy().readers().awaitCaughtUp(PATIENCE))
            throw new Unmeasurable("The windows of " + set.title() + " did not come.");
        server.davy().monitors().judgeNow();
    }

    private JsonNode davy(List<String> words) throws IOException, InterruptedException {
        var command = Candidate.java(Main.class, List.of(), words.toArray(String[]::new));
        var process =
                new ProcessBuilder(command.words())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        byte[] out = process.getInputStream().readAllBytes();
        int exit = process.waitFor();
        if (out.length == 0) throw new Unmeasurable("davy replay ended with exit code " + exit);
        return Json.read(out, Limits.DEFAULT);
    }

    /// All that rang from where what is normal ends, the first first.
    List<Rang> rang() throws InterruptedException {
        var rang = new ArrayList<Rang>();
        for (var alarm :
                calls.insist("/api/v1/alarms?limit=1000&endpoint=" + set.endpoint())
                        .expect(200)
                        .path("alarms"))
            rang.add(
                    new Rang(
                            alarm.path("watch").asString(""),
                            alarm.at("/detail/part").asString(""),
                            Instant.parse(alarm.path("since").asString("")),
                            alarm.path("why").asString("")));
        rang.sort(Comparator.comparing(Rang::since));
        return rang;
    }

    /// Truths of which no row has the key, as `davy replay` counted them.
    long orphans() {
        return orphans;
    }

    /// How the endpoint was over a stretch.
    JsonNode health(Instant from, Instant to) throws InterruptedException {
        return calls.insist(
                        "/api/v1/endpoints/%s/monitoring?from=%s&to=%s"
                                .formatted(set.endpoint(), from, to))
                .expect(200);
    }

    /// How the endpoint was from then on.
    JsonNode since(Instant from) throws InterruptedException {
        return health(from, Instant.parse("2100-01-01T00:00:00Z"));
    }

    @Override
    public void close() {
        calls.close();
        server.close();
    }
}
