package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What rings before anything is known to be normal, what is new, and what is told of it.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FirstWindowsTest {
    private static final Instant BEGIN = Instant.parse("2026-03-02T00:20:00Z");

    private static final String PRESS =
            """
            kind: Endpoint
            name: press
            window: 1h
            origin: replay
            reference: first 2d
            monitors:
              - {watch: input.force.mean, above: 20}
              - {watch: requests, below: 15}
            input: {force: {type: number}, line: {type: text}}
            output: {label: {type: category, classes: [ok, bent]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.force > 12 then 'bent' else 'ok' end"}}
            """;

    @TempDir private Path folder = Path.of("");
    private Server server = nothing();
    private Caller caller = Caller.at("http://127.0.0.1:1");

    @SuppressWarnings("NullAway") // set before each test
    private static Server nothing() {
        return null;
    }

    @BeforeEach
    void start() {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        caller.apply(PRESS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// A row every three minutes: twenty in a whole hour, thirteen in the first, which is cut.
    private void replay(int fromMinute, int toMinute, double force, List<String> lines) {
        var body = Json.object();
        var rows = body.putArray("rows");
        for (int minute = fromMinute; minute < toMinute; minute += 3) {
            var row = rows.addObject().put("at", BEGIN.plus(Duration.ofMinutes(minute)).toString());
            row.putObject("input")
                    .put("force", force + minute % 7 * 0.1)
                    .put("line", lines.get(minute / 3 % lines.size()));
        }
        caller.post("/api/v1/endpoints/press/replay", Json.text(body)).is(200);
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
        server.davy().monitors().judgeNow();
    }

    private Map<String, JsonNode> alarms() {
        var all = new TreeMap<String, JsonNode>();
        for (var alarm : caller.get("/api/v1/alarms?endpoint=press").is(200).json().path("alarms"))
            all.put(alarm.path("monitor").asString(), alarm);
        return all;
    }

    @Test
    void aLimitRingsInTheFirstWholeWindowAndNotInTheOneThatIsCut() {
        replay(0, 100, 10, List.of("A", "B"));
        // The first hour has fewer than fifteen rows, for it began twenty minutes late.
        assertThat(alarms()).isEmpty();
        replay(100, 160, 30, List.of("A", "B"));
        replay(160, 220, 10, List.of("A", "B"));
        var rang = alarms();
        assertThat(rang.keySet()).containsExactly("input.force.mean");
        var alarm = rang.get("input.force.mean");
        assertThat(alarm).isNotNull();
        assertThat(alarm.path("since").asString()).isEqualTo("2026-03-02T02:00:00Z");
        assertThat(alarm.path("why").asString())
                .matches("input.force.mean is 30\\.\\d, above the limit of 20\\.0");
    }

    @Test
    void aLineThatWasNeverSeenIsNamed() {
        // Twenty-five hours of two lines, then an hour with a third and a fourth.
        replay(0, 25 * 60 + 40, 10, List.of("A", "B"));
        assertThat(alarms()).isEmpty();
        replay(25 * 60 + 40, 26 * 60 + 40, 10, List.of("A", "B", "D", "D", "E"));
        replay(26 * 60 + 40, 26 * 60 + 50, 10, List.of("A", "B"));
        var alarm = alarms().get("input.line");
        assertThat(alarm).isNotNull();
        assertThat(alarm.path("why").asString())
                .contains("never seen before are 'D' (40.0 %), 'E' (20.0 %)");
        assertThat(alarm.at("/detail/new/0/value").asString()).isEqualTo("D");
        assertThat(alarm.at("/detail/new")).hasSize(2);
        assertThat(caller.get("/endpoints/press/metric?watch=input.line").is(200).text())
                .contains("never seen before are");

        var path =
                "/api/v1/endpoints/press/report?from=2026-03-02T00:00:00Z&to=2026-03-04T00:00:00Z";
        assertThat(caller.get(path).is(200).json().path("alarms")).hasSizeGreaterThan(0);
        var page = caller.send("GET", path, new byte[0], "accept", "text/html").is(200);
        assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("content-security-policy")).contains("default-src 'none'");
        assertThat(page.text())
                .startsWith("<!doctype html>")
                .contains("What happened at press from 2026-03-02 00:00")
                .contains("never seen before are 'D'")
                .doesNotContain("<script")
                .doesNotContain("http://")
                .doesNotContain("https://");
    }

    @Test
    void eachMetricIsListedWithWhatItSaidAndWhatItCosts() {
        replay(0, 25 * 60 + 40, 10, List.of("A", "B"));
        replay(25 * 60 + 40, 29 * 60 + 40, 30, List.of("A", "B"));
        replay(29 * 60 + 40, 29 * 60 + 50, 30, List.of("A", "B"));
        var json = caller.get("/api/v1/endpoints/press/metrics").is(200).json();
        var byName = new TreeMap<String, JsonNode>();
        for (var each : json.path("metrics")) byName.put(each.path("monitor").asString(), each);
        assertThat(byName.keySet())
                .contains("input.force.mean", "input.force", "input.line", "requests", "errors");
        var force = byName.get("input.force");
        assertThat(force).isNotNull();
        assertThat(force.path("moved").asInt()).isPositive();
        assertThat(force.path("alarms").asInt()).isEqualTo(1);
        assertThat(force.path("last-moved").asString()).startsWith("2026-03-03T0");
        assertThat(force.path("bytes-a-day").asInt()).isPositive();
        assertThat(force.path("micros-a-window").asDouble()).isPositive();
        assertThat(force.path("price-share").asDouble()).isBetween(0.1, 0.5);
        var line = byName.get("input.line");
        assertThat(line).isNotNull();
        assertThat(line.path("moved").asInt()).isZero();
        assertThat(line.has("last-moved")).isFalse();

        // What was judged for five hours and never moved; of ninety days nothing can be said yet.
        assertThat(silentFor("5h")).contains("input.line").doesNotContain("input.force");
        assertThat(silentFor("90d")).isEmpty();
        assertThat(caller.get("/endpoints/press/metrics").is(200).text())
                .contains("What are the metrics of")
                .contains("input.force.mean");
    }

    private List<String> silentFor(String span) {
        var names = new ArrayList<String>();
        for (var each :
                caller.get("/api/v1/endpoints/press/metrics?silent-for=" + span)
                        .is(200)
                        .json()
                        .path("metrics")) names.add(each.path("monitor").asString());
        return names;
    }
}
