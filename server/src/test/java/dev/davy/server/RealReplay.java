package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Plays rows of a real table to an endpoint, each at its time, and reads what rang.
final class RealReplay {
    /// @param truth what is told of it, so long after
    record Row(Instant at, ObjectNode input, Optional<String> truth, Duration after) {}

    /// What rang.
    ///
    /// @param since when the first bad window begins
    /// @param look what moved, most surely first
    record Rang(String watch, String part, Instant since, String why, List<String> look) {}

    private final Server server;
    private final Caller caller;
    private final String endpoint;
    private final int batch;
    private final Optional<String> output;

    RealReplay(Server server, String endpoint, int batch) {
        this(server, endpoint, batch, Optional.empty());
    }

    /// @param output that truth is of; empty: the only one
    RealReplay(Server server, String endpoint, int batch, Optional<String> output) {
        this.output = output;
        this.server = server;
        this.caller = Caller.of(server);
        this.endpoint = endpoint;
        this.batch = batch;
    }

    void play(List<Row> rows) {
        for (int from = 0; from < rows.size(); from += batch) {
            var some = rows.subList(from, Math.min(rows.size(), from + batch));
            var body = Json.object();
            var sent = body.putArray("rows");
            for (var row : some)
                sent.addObject().put("at", row.at().toString()).set("input", row.input());
            var said =
                    caller.post("/api/v1/endpoints/" + endpoint + "/replay", Json.text(body))
                            .is(200)
                            .json()
                            .path("predictions");
            var truths = Json.array();
            for (int i = 0; i < some.size(); i++) {
                var row = some.get(i);
                var id = said.get(i).path("id").asString();
                assertThat(id).as("%s", said.get(i)).isNotEmpty();
                if (row.truth().isEmpty()) continue;
                var truth =
                        truths.addObject()
                                .put("id", endpoint + "-" + (from + i))
                                .put("prediction", id)
                                .put("truth", row.truth().get())
                                .put("at", row.at().plus(row.after()).toString());
                output.ifPresent(of -> truth.put("output", of));
            }
            if (!truths.isEmpty()) caller.post("/api/v1/feedback", Json.text(truths)).is(200, 201);
        }
    }

    /// All that rang, the first first.
    List<Rang> rang() {
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(5))).isTrue();
        server.davy().monitors().judgeNow();
        var rang = new ArrayList<Rang>();
        for (var alarm :
                caller.get("/api/v1/alarms?limit=1000&endpoint=" + endpoint)
                        .is(200)
                        .json()
                        .path("alarms")) {
            var look = new ArrayList<String>();
            for (var each : alarm.at("/detail/look")) look.add(each.path("what").asString());
            rang.add(
                    new Rang(
                            alarm.path("watch").asString(),
                            alarm.at("/detail/part").asString(),
                            Instant.parse(alarm.path("since").asString()),
                            alarm.path("why").asString(),
                            look));
        }
        rang.sort(Comparator.comparing(Rang::since));
        return rang;
    }

    /// Quality over a stretch: the first output's.
    JsonNode quality(Instant from, Instant to) {
        return health(from, to).at("/quality/0");
    }

    JsonNode health(Instant from, Instant to) {
        return caller.get(
                        "/api/v1/endpoints/%s/monitoring?from=%s&to=%s"
                                .formatted(endpoint, from, to))
                .is(200)
                .json();
    }

    /// A line of the table in docs/monitoring.md.
    void tell(String set, String toAlarm, long falseAlarms, JsonNode quality) {
        System.out.printf(
                "| %s | %s | %d | %s | %s | %s |%n",
                set,
                toAlarm,
                falseAlarms,
                said(quality.path("estimated")),
                said(quality.path("realised")),
                said(quality.at("/baselines/unchanged")));
    }

    private static String said(JsonNode number) {
        return number.isNumber() ? "%.3f".formatted(number.asDouble()) : "–";
    }
}
