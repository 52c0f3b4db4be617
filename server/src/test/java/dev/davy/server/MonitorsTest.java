package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

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

/// Real time series, reported in their order: what rings, when, and what never does.
class MonitorsTest {
    @TempDir private Path folder = Path.of("");

    private static final String MARKET =
            """
            kind: Endpoint
            name: market
            external: true
            window: 7d
            reference: first 362d
            input:
              nswprice: {type: number}
              nswdemand: {type: number}
              vicprice: {type: number}
              vicdemand: {type: number}
              transfer: {type: number}
            output: {label: {type: category, classes: [falls, rises]}}
            """;

    private static final Instant BEGIN = Instant.parse("1996-05-07T00:00:00Z");

    /// From row 17,424 on the neighbour's market takes part: its columns were constant before.
    @Test
    void theNeighbourThatJoinsTheMarketIsSeenWithinThreeWindowsAndNotBefore() throws IOException {
        var lines = elec2();
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(MARKET);
            report(caller, lines);
            assertThat(server.davy().readers().awaitCaughtUp(Duration.ofSeconds(120))).isTrue();
            server.davy().monitors().judgeNow();
            var alarms = caller.get("/api/v1/alarms?endpoint=market").is(200).json().path("alarms");
            for (var alarm : alarms)
                System.out.println(
                        alarm.path("since").asString()
                                + " "
                                + alarm.path("state")
                                + " "
                                + alarm.path("why").asString());
            System.out.println(
                    caller.get("/api/v1/endpoints/market/monitoring")
                            .is(200)
                            .json()
                            .toPrettyString());
            var joins = BEGIN.plus(Duration.ofMinutes(30L * 17_424));
            for (var column : List.of("input.vicprice", "input.vicdemand", "input.transfer")) {
                var first = Instant.MAX;
                for (var alarm : alarms)
                    if (alarm.path("watch").asString().equals(column)) {
                        var since = Instant.parse(alarm.path("since").asString());
                        if (since.isBefore(first)) first = since;
                    }
                assertThat(first)
                        .as(column)
                        .isBetween(
                                joins.minus(Duration.ofDays(7)), joins.plus(Duration.ofDays(14)));
            }
        }
    }

    private static List<String> elec2() throws IOException {
        var file = SharedData.folder("elec2").resolve("elec.csv.gz");
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            return lines.subList(1, lines.size());
        }
    }

    private static void report(Caller caller, List<String> lines) {
        var batch = Json.array();
        var truths = new ArrayList<String>();
        String before = "0";
        for (int i = 0; i < lines.size(); i++) {
            var cells = lines.get(i).split(",", -1);
            var one = batch.addObject();
            one.put("endpoint", "market").put("id", "row-" + i);
            one.put("at", BEGIN.plus(Duration.ofMinutes(30L * i)).toString())
                    .put("version", "rule/1");
            var input = one.putObject("input");
            var names =
                    List.of("period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer");
            for (int c = 1; c < 6; c++) input.put(names.get(c), Double.parseDouble(cells[c]));
            one.putObject("output").put("label", before.equals("1") ? "rises" : "falls");
            before = cells[6];
            truths.add(cells[6].equals("1") ? "rises" : "falls");
            if (batch.size() == 1_000 || i == lines.size() - 1) {
                var taken =
                        caller.post("/api/v1/predictions", Json.text(batch)).is(200, 201).json();
                feedback(caller, taken, truths, i);
                batch = Json.array();
                truths.clear();
            }
        }
    }

    private static void feedback(Caller caller, JsonNode taken, List<String> truths, int upTo) {
        var list = Json.array();
        int n = 0;
        for (var each : taken.path("predictions")) {
            int row = upTo - truths.size() + 1 + n;
            list.addObject()
                    .put("id", "truth-" + row)
                    .put("prediction", each.path("prediction").asString())
                    .put("truth", truths.get(n))
                    .put("at", BEGIN.plus(Duration.ofMinutes(30L * row + 60)).toString());
            n++;
        }
        caller.post("/api/v1/feedback", Json.text(list)).is(200, 201);
    }
}
