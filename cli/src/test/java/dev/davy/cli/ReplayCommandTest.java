package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import dev.davy.server.Caller;
import dev.davy.server.PowerMarket;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Replays as a person types them, against a real server.
@Timeout(180)
@SuppressWarnings("NullAway.Init") // the server is started before each test
class ReplayCommandTest {
    @TempDir private Path folder = Path.of("");
    private Server server;
    private Caller caller;

    @BeforeEach
    void start() {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// Endpoint `sign`: says whether a number is above zero.
    private void sign() {
        var graph =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 1)
                        .output("scores", TinyOnnx.FLOAT, "N", 2)
                        .weights(TinyOnnx.floats("weights", new long[] {1, 2}, 0, 1))
                        .add("MatMul", "x weights", "sum")
                        .add("Softmax", "sum", "scores", TinyOnnx.integer("axis", 1));
        var yaml =
                """
                kind: Model
                input:
                  x: {type: number}
                output:
                  sign: {type: category, classes: [no, yes], scores: scores}
                """;
        caller.push("sign", Map.of("model.yaml", Caller.utf8(yaml), "model.onnx", graph.bytes()));
        caller.endpoint("sign", "sign/1");
    }

    private Path table(String... lines) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), String.join("\n", lines) + "\n");
    }

    private Commands.Told replay(Path file, String... more) {
        var words = new ArrayList<>(List.of("replay", file.toString()));
        words.addAll(List.of(more));
        var here = Map.of("DAVY_SERVER", "http://127.0.0.1:" + server.port());
        return Commands.runWith("", here, words.toArray(String[]::new));
    }

    private JsonNode told(Path file, String... more) {
        var words = new ArrayList<>(List.of(more));
        words.addAll(List.of("-o", "json"));
        var said = replay(file, words.toArray(String[]::new));
        return Caller.parsed(said.out());
    }

    /// Else a window would be judged before all of its rows have come.
    @Test
    void rowsComeIntoTheLogInTheirOrder() throws Exception {
        sign();
        var lines = new ArrayList<>(List.of("x,is"));
        for (int i = 0; i < 3_000; i++) lines.add(i % 7 - 3 + "," + i % 2);
        var file = table(lines.toArray(String[]::new));
        var said = told(file, "--endpoint", "sign", "--start", "2020-01-01", "--every", "1m");
        assertThat(said.path("answered").asInt()).isEqualTo(3_000);
        var times = new ArrayList<Instant>();
        for (var line :
                caller.get("/api/v1/log?endpoint=sign&limit=10000").is(200).text().lines().toList())
            if (line.contains("\"type\":\"prediction\""))
                times.add(
                        Instant.parse(
                                Json.read(Caller.utf8(line), Limits.DEFAULT)
                                        .path("event-time")
                                        .asString("")));
        assertThat(times).hasSize(3_000).isSorted();
    }

    @Test
    void playsEachRowAtItsTimeAndTellsItsTruthLater() throws Exception {
        sign();
        var file =
                table(
                        "when,x,who,is,note",
                        "2020-01-31,1,anna,1,a",
                        "2020-02-01 12:00,-1,bert,0,b",
                        "2020-02-01T12:00+02:00,,cleo,1,c");
        // The last is before the second: 10:00 in UTC.
        var disordered = replay(file, "--endpoint", "sign", "--time", "when");
        assertThat(disordered.exit()).isEqualTo(Exit.NO);
        assertThat(disordered.err()).contains("not in the order of time", "Line 4", "line 3");

        file =
                table(
                        "when,x,who,is,note",
                        "2020-01-31,1,anna,1,a",
                        "2020-02-01 12:00,-1,bert,0,b",
                        "2020-02-02T12:00+02:00,2,cleo,,c",
                        "2020-02-03,four,dora,1,d");
        var said =
                replay(
                        file,
                        "--endpoint",
                        "sign",
                        "--time",
                        "when",
                        "--entity",
                        "who",
                        "--truth",
                        "is=sign",
                        "--truth-value",
                        "1=yes",
                        "--truth-value",
                        "0=no",
                        "--truth-delay",
                        "2d");
        assertThat(said.exit()).as(said.err()).isEqualTo(Exit.NO);
        assertThat(said.out())
                .contains("4 of 4 rows of table.csv")
                .contains("2020-01-31 00:00 to 2020-02-03 00:00 (UTC), 3 days")
                .contains(
                        "3 answered",
                        "1 refused",
                        "rows-malformed, 1 times: line 5: 'x' is \"four\"")
                .contains("2 truths told", "1 truths not told")
                .contains("Left out, because the endpoint does not take them: note.")
                .contains("Replaying again makes new predictions.");

        var log = caller.log("");
        var predictions = new HashMap<String, JsonNode>();
        for (var line : log)
            if (line.path("type").asString().equals("prediction")) {
                assertThat(line.path("origin").asString()).isEqualTo("replay");
                predictions.put(line.path("entity").asString(), line);
            }
        assertThat(predictions).containsOnlyKeys("anna", "bert", "cleo");
        assertThat(predictions.getOrDefault("cleo", Json.object()).path("event-time").asString())
                .isEqualTo("2020-02-02T10:00:00Z");
        var joined =
                caller.get(
                                "/api/v1/predictions/"
                                        + predictions
                                                .getOrDefault("anna", Json.object())
                                                .path("id")
                                                .asString())
                        .is(200)
                        .json();
        assertThat(joined.at("/truth/sign").asString()).isEqualTo("yes");
        assertThat(joined.at("/feedback/0/at").asString()).isEqualTo("2020-02-02T00:00:00Z");
    }

    @Test
    void rowsWithoutTimesFollowEachOtherEvenlyAndAStretchIsChosen() throws Exception {
        sign();
        var lines = new ArrayList<>(List.of("x"));
        for (int i = 0; i < 2_000; i++) lines.add("" + (i - 1_000.5));
        var file = table(lines.toArray(String[]::new));
        String[] hourly = {"--endpoint", "sign", "--start", "2000-01-01", "--every", "1h"};
        var all = told(file, hourly);
        assertThat(all.path("answered").asInt()).isEqualTo(2_000);
        assertThat(all.path("to").asString())
                .isEqualTo(
                        Instant.parse("2000-01-01T00:00:00Z")
                                .plusSeconds(1_999 * 3_600L)
                                .toString());

        var some = new ArrayList<>(List.of(hourly));
        some.addAll(List.of("--from", "2000-01-02", "--to", "2000-01-03T06:00Z"));
        var day = told(file, some.toArray(String[]::new));
        assertThat(day.path("rows").asInt()).isEqualTo(30);
        assertThat(day.path("from").asString()).isEqualTo("2000-01-02T00:00:00Z");
        assertThat(day.path("to").asString()).isEqualTo("2000-01-03T05:00:00Z");

        // 1,999 hours in about a fifth of a second.
        some = new ArrayList<>(List.of(hourly));
        some.addAll(List.of("--speed", "36000000", "--shuffle", "day", "--seed", "5"));
        var shuffled = told(file, some.toArray(String[]::new));
        assertThat(shuffled.path("answered").asInt()).isEqualTo(2_000);
        assertThat(shuffled.path("seconds").asDouble()).isGreaterThan(0.19);
    }

    @Test
    void truthAfterRowsComesWithTheTimeOfTheRowThen() throws Exception {
        sign();
        var lines = new ArrayList<>(List.of("when,x,is"));
        for (int day = 1; day <= 28; day++)
            lines.add("2021-02-%02d,%d,%s".formatted(day, day - 14, day > 14 ? "yes" : "no"));
        var file = table(lines.toArray(String[]::new));
        told(
                file,
                "--endpoint",
                "sign",
                "--time",
                "when",
                "--truth",
                "is",
                "--truth-delay",
                "10 rows");
        var times = new HashMap<String, String>();
        for (var line : caller.log("type=prediction"))
            times.put(line.path("id").asString(), line.path("event-time").asString());
        var truths = caller.log("type=feedback");
        assertThat(truths).hasSize(28);
        for (var truth : truths) {
            int day = day(times.getOrDefault(truth.path("prediction").asString(), ""));
            assertThat(day(truth.path("at").asString())).isEqualTo(Math.min(28, day + 10));
            assertThat(truth.path("truth").asString()).isEqualTo(day > 14 ? "yes" : "no");
        }
    }

    private static int day(String time) {
        return Integer.parseInt(time.substring(8, 10));
    }

    @Test
    void saysWhatCannotBe() throws Exception {
        sign();
        var file = table("when,x", "2020-01-31,1", "soon,2");
        assertThat(replay(file, "--endpoint", "sign", "--time", "when").err())
                .contains("table.csv:3: 'when' is 'soon', which is no time.");
        assertThat(replay(file, "--endpoint", "sign", "--time", "wen").err())
                .contains("Did you mean 'when'?");
        assertThat(replay(file, "--endpoint", "sing", "--time", "when").exit()).isEqualTo(Exit.NO);
        var other = Files.writeString(folder.resolve("other.csv"), "when,y\n2020-01-31,1\n");
        assertThat(replay(other, "--endpoint", "sign", "--time", "when").err())
                .contains("other.csv lacks the column 'x'");
        var usage =
                replay(
                        file,
                        "--endpoint",
                        "sign",
                        "--speed",
                        "-1",
                        "--truth-delay",
                        "1d",
                        "--every",
                        "x");
        assertThat(usage.exit()).isEqualTo(Exit.USAGE);
        assertThat(usage.err())
                .contains("--time", "--start and --every", "--speed is a number", "--truth names");
        assertThat(caller.log("")).isEmpty();
    }

    @Test
    void theElectricityMarketIsPlayed() throws Exception {
        var file = SharedData.folder("elec2").resolve("elec.csv.gz");
        try (var market = new PowerMarket(caller)) {
            caller.push("power", market.model(6, false, PowerMarket.Twist.NONE));
        }
        caller.endpoint("power", "power/1");
        var said =
                told(
                        file,
                        "--endpoint",
                        "power",
                        "--start",
                        "1996-05-07",
                        "--every",
                        "30m",
                        "--to",
                        "1996-07-06",
                        "--truth",
                        "class",
                        "--truth-value",
                        "1=rises",
                        "--truth-value",
                        "0=falls",
                        "--truth-delay",
                        "48 rows");
        assertThat(said.path("answered").asInt()).as(Json.text(said)).isEqualTo(60 * 48);
        assertThat(said.at("/truth/told").asInt()).isEqualTo(60 * 48);
        assertThat(said.path("to").asString()).isEqualTo("1996-07-05T23:30:00Z");
    }

    @Test
    void truthOfAFileOfItsOwnFindsItsRowsAndTheOrphansAreCounted() throws Exception {
        var hotel = SharedData.folder("hotel-bookings-monitored");
        sign();
        var rows = folder.resolve("bookings.csv");
        // The model of these tests takes one column, by its name.
        var lines = Files.readAllLines(hotel.resolve("production_data_2016_12.csv"));
        var renamed = new ArrayList<>(lines);
        renamed.set(0, lines.getFirst().replace("lead_time", "x"));
        Files.write(rows, renamed);
        var said =
                told(
                        rows,
                        "--endpoint",
                        "sign",
                        "--time",
                        "timestamp",
                        "--entity",
                        "customer_id",
                        "--truth",
                        "is_canceled",
                        "--truth-value",
                        "1=yes",
                        "--truth-value",
                        "0=no",
                        "--truth-file",
                        hotel.resolve("production_data_targets.csv").toString(),
                        "--truth-key",
                        "customer_id",
                        "--truth-delay",
                        "30d");
        assertThat(said.path("answered").asInt()).as(Json.text(said)).isEqualTo(2_544);
        assertThat(said.at("/truth/told").asInt()).isEqualTo(14_796);
        assertThat(said.at("/truth/orphans").asInt()).isEqualTo(14_796 - 2_544);
        var orphan =
                caller.log("type=feedback").stream()
                        .filter(line -> line.path("prediction").isMissingNode())
                        .count();
        assertThat(orphan).isEqualTo(14_796 - 2_544);
    }
}
