package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.runtime.SharedData;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// What rings, when, what it says, and what people do about it.
class MonitorsTest {
    @TempDir private Path folder = Path.of("");

    private static final Instant BEGIN = Instant.parse("1996-05-07T00:00:00Z");

    private static final String MARKET =
            """
            kind: Endpoint
            name: market
            window: 7d
            origin: replay
            reference: first 362d
            slices: [input.nswdemand >= 0.5]
            input:
              nswprice: {type: number}
              nswdemand: {type: number}
              vicprice: {type: number}
              vicdemand: {type: number}
              transfer: {type: number}
            output: {label: {type: category, classes: ["0", "1"]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.nswprice > 0.05 then '1' else '0' end"}}
            """;

    /// From row 17,424 on the neighbour's market takes part: its columns were constant before.
    @Test
    void theNeighbourThatJoinsTheMarketRingsInItsFirstWindowAndNothingDoesBefore()
            throws IOException {
        var lines = elec2();
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(MARKET);
            replay(caller, lines);
            assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(5))).isTrue();
            server.davy().monitors().judgeNow();

            var joins = BEGIN.plus(Duration.ofDays(363));
            var watched = new ArrayList<String>();
            for (var alarm : alarms(caller)) {
                // From June on the price lies below that of every month before, for a year
                // (docs/monitoring.md): that is no false alarm.
                if (alarm.path("watch").asString().equals("input.nswprice")) {
                    assertThat(Instant.parse(alarm.path("since").asString()))
                            .isAfter(Instant.parse("1997-06-01T00:00:00Z"));
                    continue;
                }
                watched.add(alarm.path("watch").asString());
                assertThat(Instant.parse(alarm.path("since").asString()))
                        .isBetween(joins.minus(Duration.ofDays(7)), joins);
                assertThat(alarm.path("state").asString()).isEqualTo("firing");
            }
            assertThat(watched)
                    .containsExactlyInAnyOrder(
                            "input.vicprice", "input.vicdemand", "input.transfer");

            var whole =
                    caller.get(
                                    "/api/v1/endpoints/market/monitoring?from=%s&to=1999-01-01T00:00:00Z"
                                            .formatted(BEGIN))
                            .is(200)
                            .json();
            assertThat(whole.path("drift").asString()).isEqualTo("data");
            var quality = whole.at("/quality/0");
            assertThat(quality.path("outcomes").asInt()).isEqualTo(45_312);
            // The published accuracy of the rule that nothing changes.
            assertThat(quality.at("/baselines/unchanged").asDouble())
                    .isCloseTo(0.853, within(5e-4));

            people(caller, transfer(caller));
            pages(caller);
            assertThat(orphans(caller)).isEqualTo(2);
        }
    }

    private static final String PRESS =
            """
            kind: Endpoint
            name: press
            metrics:
              - {name: heavy, value: input.force > 2 and output.label = 'bent'}
              - {name: cost, value: "case when output.label = 'bent' then 2.5 else 0 end"}
            input: {force: {type: number}}
            output: {label: {type: category, classes: [ok, bent]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.force > 1 then 'bent' else 'ok' end"}}
            """;

    /// What a person declared counts like a column.
    @Test
    void aMetricIsAnExpressionOverThePrediction() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(PRESS);
            for (double force : List.of(0.5, 1.5, 2.5, 3.5))
                caller.post(
                                "/api/v1/endpoints/press/predict",
                                "{\"rows\":[{\"force\":%s}]}".formatted(force))
                        .is(200);
            assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
            assertThat(mean(caller, "metric.heavy")).isEqualTo(0.5);
            assertThat(mean(caller, "metric.cost")).isEqualTo(0.75 * 2.5);

            var wrong =
                    caller.post(
                                    "/api/v1/apply",
                                    "application/yaml",
                                    Caller.utf8(
                                            PRESS.replace("input.force > 2", "input.weight > 2")))
                            .is(422)
                            .text();
            assertThat(wrong).contains("metric 'heavy'").contains("input.weight");
        }
    }

    private static double mean(Caller caller, String watch) {
        double sum = 0;
        long rows = 0;
        for (var window :
                caller.get("/api/v1/endpoints/press/metric?watch=" + watch)
                        .is(200)
                        .json()
                        .path("windows")) {
            sum += window.path("value").asDouble() * window.path("rows").asLong();
            rows += window.path("rows").asLong();
        }
        return sum / rows;
    }

    private static JsonNode transfer(Caller caller) {
        for (var alarm : alarms(caller))
            if (alarm.path("watch").asString().equals("input.transfer")) return alarm;
        throw new AssertionError("nothing rang of transfer");
    }

    private static JsonNode alarms(Caller caller) {
        return caller.get("/api/v1/alarms?endpoint=market").is(200).json().path("alarms");
    }

    private static void people(Caller caller, JsonNode alarm) {
        var path = "/api/v1/alarms/" + alarm.path("id").asString();
        var seen =
                caller.post(path + "/acknowledge", "{\"why\":\"the neighbour joined\"}")
                        .is(200)
                        .json();
        assertThat(seen.path("state").asString()).isEqualTo("acknowledged");
        assertThat(seen.path("note").asString()).isEqualTo("the neighbour joined");
        caller.post(path + "/silence", "{\"for\":\"2h\"}").is(200);
        caller.post(path + "/resolve", "{\"why\":\"it is so now\"}").is(200);
        caller.post(path + "/resolve", "{}").is(409);
        var what = new ArrayList<String>();
        for (var event :
                caller.get(
                                "/api/v1/events?kind=alarm&name=market/"
                                        + alarm.path("monitor").asString())
                        .is(200)
                        .json()
                        .path("events")) what.add(event.path("what").asString());
        assertThat(what).containsExactly("resolved", "silenced", "acknowledged", "firing");
    }

    private static void pages(Caller caller) {
        var page = caller.get("/endpoints/market/monitoring").is(200).text();
        assertThat(page).containsPattern("No: [23] alarms ring since 1997-05-01");
        var metric = caller.get("/endpoints/market/metric?watch=input.transfer").is(200).text();
        assertThat(metric).contains("input.nswdemand &gt;= 0.5").contains("rings");
        caller.get("/endpoints/market/metric?watch=input.moon").is(404);
        caller.get(
                        "/endpoints/market/predictions?from=1997-05-01T00:00:00Z&to=1997-05-08T00:00:00Z")
                .is(200);
    }

    private static int orphans(Caller caller) {
        caller.post(
                        "/api/v1/feedback",
                        """
                        [{"id":"o1","endpoint":"market","prediction":"01900000-0000-7000-8000-000000000001","truth":"1"},
                         {"id":"o2","endpoint":"market","prediction":"01900000-0000-7000-8000-000000000002","truth":"0"}]
                        """)
                .is(200, 201);
        for (int i = 0; i < 600; i++) {
            int orphans =
                    caller.get("/api/v1/endpoints/market/monitoring")
                            .is(200)
                            .json()
                            .path("orphans")
                            .asInt();
            if (orphans == 2) return orphans;
        }
        return 0;
    }

    private static List<String> elec2() throws IOException {
        var file = SharedData.folder("elec2").resolve("elec.csv.gz");
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            return lines.subList(1, lines.size());
        }
    }

    private static final int BATCH = 5_000;
    private static final List<String> COLUMNS =
            List.of("nswprice", "nswdemand", "vicprice", "vicdemand", "transfer");

    private static void replay(Caller caller, List<String> lines) {
        for (int from = 0; from < lines.size(); from += BATCH) {
            var batch = lines.subList(from, Math.min(lines.size(), from + BATCH));
            var body = Json.object();
            var rows = body.putArray("rows");
            for (int i = 0; i < batch.size(); i++) row(rows, from + i, batch.get(i));
            var answered =
                    caller.post("/api/v1/endpoints/market/replay", Json.text(body))
                            .is(200)
                            .json()
                            .path("predictions");
            var truths = Json.array();
            for (int i = 0; i < batch.size(); i++)
                truths.addObject()
                        .put("id", "truth-" + (from + i))
                        .put("prediction", answered.get(i).path("id").asString())
                        .put("truth", batch.get(i).split(",", -1)[6])
                        .put("at", at(from + i).plus(Duration.ofHours(1)).toString());
            caller.post("/api/v1/feedback", Json.text(truths)).is(200, 201);
        }
    }

    private static Instant at(int row) {
        return BEGIN.plus(Duration.ofMinutes(30L * row));
    }

    private static void row(ArrayNode rows, int number, String line) {
        var cells = line.split(",", -1);
        var row = rows.addObject().put("at", at(number).toString());
        var input = row.putObject("input");
        for (int i = 0; i < COLUMNS.size(); i++)
            input.put(COLUMNS.get(i), Double.parseDouble(cells[i + 1]));
    }
}
