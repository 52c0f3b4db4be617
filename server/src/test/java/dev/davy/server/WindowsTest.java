package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.monitoring.Measure;
import dev.davy.monitoring.Span;
import dev.davy.monitoring.Window;
import dev.davy.serving.Origin;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the windows hold equals what SQL makes of the archive.
class WindowsTest {
    private static final String LOANS =
            """
            kind: Endpoint
            name: loan-approval
            input:
              amount: {type: number, required: false}
              purpose: {type: category, required: false}
              owner: {type: boolean, required: false}
            output: {risk: {type: category, classes: [bad, good]}, rate: {type: number}}
            pipeline:
              - {name: judge, rule: {risk: "case when input.amount > 1000 then 'bad' else 'good' end", rate: "input.amount / 100"}}
            """;
    private static final int ROWS = 600;

    @TempDir private Path folder = Path.of("");
    private Server server = nothing();
    private Caller caller = Caller.at("http://127.0.0.1:1");
    private final Random chance = new Random(7);
    private final Instant begin = Span.HOUR.start(Instant.now().minus(Duration.ofHours(3)));

    @SuppressWarnings("NullAway") // set before each test
    private static Server nothing() {
        return null;
    }

    @BeforeEach
    void start() {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        caller.apply(LOANS);
        // Over two hours of event time, in no order.
        for (int i = 0; i < ROWS; i++) {
            var at = begin.plusMillis(chance.nextInt(2 * 3_600_000));
            var row = Json.object();
            if (chance.nextInt(10) > 0) row.put("amount", chance.nextGaussian() * 800 + 900);
            if (chance.nextInt(4) > 0) row.put("purpose", "p" + chance.nextInt(4));
            if (chance.nextInt(5) > 0) row.put("owner", chance.nextBoolean());
            var rows = Json.object();
            rows.set("rows", Json.array().add(row));
            var id =
                    caller.post("/api/v1/endpoints/loan-approval/predict?at=" + at, Json.text(rows))
                            .is(200)
                            .json()
                            .at("/predictions/0/id")
                            .asString();
            if (chance.nextInt(5) == 0)
                caller.post(
                                "/api/v1/feedback",
                                "{\"id\":\"t%d\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"good\"}"
                                        .formatted(i, id))
                        .is(200, 201);
        }
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofSeconds(60))).isTrue();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode rows(String sql) {
        return caller.post("/api/v1/query", Json.text(Json.object().put("sql", sql)))
                .is(200)
                .json()
                .path("rows");
    }

    @Test
    void eachMinuteIsWhatSqlMakesOfIt() {
        var minutes =
                server.davy()
                        .windows()
                        .series(
                                "loan-approval",
                                Origin.LIVE,
                                Span.MINUTE,
                                begin,
                                begin.plus(Duration.ofHours(2)));
        var rows = rows(sql("date_trunc('minute', event_time)"));
        assertThat(rows.size()).isEqualTo(minutes.size());
        var windows = minutes.entrySet().iterator();
        for (var row : rows) {
            var window = windows.next();
            assertThat(row.get(0).asLong()).isEqualTo(window.getKey().getEpochSecond());
            equal(window.getValue(), row);
        }
    }

    @Test
    void soAreHoursAndAnyStretch() {
        for (var row : rows(sql("date_trunc('hour', event_time)"))) {
            var hour = Instant.ofEpochSecond(row.get(0).asLong());
            equal(over(hour, hour.plus(Duration.ofHours(1))), row);
        }
        equal(
                over(begin, begin.plus(Duration.ofHours(2))),
                rows(sql("date_trunc('day', TIMESTAMP '2000-01-01')")).get(0));
    }

    @Test
    void feedbackIsCountedWhenItBecameKnown() {
        var known =
                rows("SELECT count(*) FROM feedback WHERE kind = 'truth'").get(0).get(0).asLong();
        var now = Instant.now();
        assertThat(over(now.minus(Duration.ofMinutes(30)), now).feedback().count())
                .isEqualTo(known);
    }

    private Window over(Instant from, Instant to) {
        return server.davy().windows().over("loan-approval", Origin.LIVE, from, to);
    }

    private static String sql(String group) {
        return """
        SELECT epoch(%s)::BIGINT, count(*), count(failure), count(*) - count(input_amount),
          min(input_amount), max(input_amount), avg(input_amount), stddev_samp(input_amount),
          count(*) FILTER (output_risk = 'bad'), count(*) FILTER (input_purpose = 'p1'),
          count(*) FILTER (input_purpose IS NULL), count(*) FILTER (input_owner),
          avg(output_rate), avg(latency_ms), max(latency_ms)
        FROM loan_approval GROUP BY 1 ORDER BY 1\
        """
                .formatted(group);
    }

    private static void equal(Window window, JsonNode row) {
        assertThat(window.predictions()).isEqualTo(row.get(1).asLong());
        assertThat(window.failed()).isEqualTo(row.get(2).asLong());
        var amount = of(window, "amount");
        assertThat(amount.count()).isEqualTo(row.get(1).asLong());
        assertThat(amount.missing()).isEqualTo(row.get(3).asLong());
        if (amount.moments().count() > 0) {
            assertThat(amount.moments().min()).isEqualTo(row.get(4).asDouble());
            assertThat(amount.moments().max()).isEqualTo(row.get(5).asDouble());
            assertThat(amount.moments().mean()).isCloseTo(row.get(6).asDouble(), within(1e-6));
        }
        if (amount.moments().count() > 1)
            assertThat(Math.sqrt(amount.moments().variance().orElseThrow()))
                    .isCloseTo(row.get(7).asDouble(), within(1e-6));
        assertThat(times(window.outputs().get("risk"), "bad")).isEqualTo(row.get(8).asLong());
        var purpose = of(window, "purpose");
        assertThat(times(purpose, "p1")).isEqualTo(row.get(9).asLong());
        assertThat(purpose.missing()).isEqualTo(row.get(10).asLong());
        assertThat(times(of(window, "owner"), "true")).isEqualTo(row.get(11).asLong());
        var rate = window.outputs().get("rate");
        if (rate != null && rate.moments().count() > 0)
            assertThat(rate.moments().mean()).isCloseTo(row.get(12).asDouble(), within(1e-6));
        assertThat(window.latency().moments().mean())
                .isCloseTo(row.get(13).asDouble(), within(1e-6));
        assertThat(window.latency().moments().max())
                .isCloseTo(row.get(14).asDouble(), within(1e-6));
    }

    private static Measure of(Window window, String column) {
        return java.util.Objects.requireNonNull(window.inputs().get(column));
    }

    private static long times(@org.jspecify.annotations.Nullable Measure of, String text) {
        return of == null ? 0 : of.texts().values().getOrDefault(text, 0L);
    }
}
