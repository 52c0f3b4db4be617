package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.server.Caller;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An incident as a person who was not there gets it: a press whose force falls, and whose verdicts
/// are wrong from then on.
class ReportCommandTest {
    private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
    private static final int HOURS = 72;
    private static final int FALLS = 60;
    private static final int ROWS = 40;

    private static final String PRESS =
            """
            kind: Endpoint
            name: press
            window: 1h
            origin: replay
            reference: first 48h
            truth-within: 1h
            input: {force: {type: number}, "line <b>": {type: category}}
            output: {label: {type: category, classes: [ok, bent]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.force > 11 then 'bent' else 'ok' end"}}
            """;

    @TempDir private Path folder = Path.of("");

    private static void play(Caller caller) {
        var chance = new Random(9);
        for (int hour = 0; hour < HOURS; hour++) {
            var body = Json.object();
            var rows = body.putArray("rows");
            var bent = new boolean[ROWS];
            for (int i = 0; i < ROWS; i++) {
                double force = 10 + chance.nextGaussian();
                bent[i] = force > 11;
                rows.addObject()
                        .put("at", at(hour).plusSeconds(90L * i).toString())
                        .putObject("input")
                        .put("force", hour < FALLS ? force : force - 2)
                        .put("line <b>", chance.nextBoolean() ? "A" : "<script>alert(1)</script>");
            }
            var said =
                    caller.post("/api/v1/endpoints/press/replay", Json.text(body))
                            .is(200)
                            .json()
                            .path("predictions");
            var truths = Json.array();
            for (int i = 0; i < ROWS; i += 2)
                truths.addObject()
                        .put("id", "t" + hour + "-" + i)
                        .put("prediction", said.get(i).path("id").asString())
                        .put("truth", bent[i] ? "bent" : "ok")
                        .put("at", at(hour).plusSeconds(90L * i + 600).toString());
            caller.post("/api/v1/feedback", Json.text(truths)).is(200, 201);
        }
    }

    private static Instant at(int hour) {
        return BEGIN.plus(Duration.ofHours(hour));
    }

    @Test
    void tellsWhatRangWhatMovedHowRightItWasWhoDidWhatAndWhatToRecall() throws IOException {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(PRESS);
            play(caller);
            assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(2))).isTrue();
            server.davy().monitors().judgeNow();
            for (var alarm :
                    caller.get("/api/v1/alarms?endpoint=press").is(200).json().path("alarms"))
                if (alarm.path("watch").asString().equals("input.force"))
                    caller.post(
                                    "/api/v1/alarms/"
                                            + alarm.path("id").asString()
                                            + "/acknowledge",
                                    "{\"why\":\"a worn spring\"}")
                            .is(200);

            var file = folder.resolve("incident.html");
            var told = report(server, at(48), at(HOURS), file);
            assertThat(told.exit()).as(told.err()).isEqualTo(Exit.NO);
            assertThat(told.out())
                    .contains("beginning 2026-03-04 12:00")
                    .contains("input.force fell");
            var page = Files.readString(file);
            assertThat(page)
                    .contains("input.force begins to ring")
                    .contains("a worn spring")
                    .contains("live rule")
                    .contains("50 % of the answers whose truth has come")
                    .contains("480 predictions were made while something rang")
                    .contains("Then, from 2026-03-02 00:00: 1,920 rows, median 9.89")
                    .doesNotContain("<script>")
                    .doesNotContain("http");
            var json =
                    Json.read(
                            report(server, at(48), at(HOURS), file, "-o", "json")
                                    .out()
                                    .getBytes(StandardCharsets.UTF_8),
                            Limits.DEFAULT);
            assertThat(json.at("/recall/ids").size()).isEqualTo(480);

            var quiet = report(server, at(48), at(FALLS - 1), file);
            assertThat(quiet.exit()).as(quiet.err()).isEqualTo(Exit.YES);
            assertThat(quiet.out()).startsWith("Nothing rang at press from 2026-03-04 00:00");
            assertThat(report(server, at(50), at(49), file).exit()).isEqualTo(Exit.NO);
        }
    }

    private static Commands.Told report(
            Server server, Instant from, Instant to, Path file, String... more) {
        var words =
                new ArrayList<>(
                        List.of(
                                "report",
                                "press",
                                "--from",
                                from.toString(),
                                "--to",
                                to.toString(),
                                "--html",
                                file.toString()));
        words.addAll(List.of(more));
        var here = Map.of("DAVY_SERVER", "http://127.0.0.1:" + server.port());
        return Commands.runWith("", here, words.toArray(String[]::new));
    }
}
