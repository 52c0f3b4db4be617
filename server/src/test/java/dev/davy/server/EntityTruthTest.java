package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Truth that is told of an entity: whose prediction it counts for, in whatever order all comes.
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class EntityTruthTest {
    private static final String CREDIT =
            """
            kind: Endpoint
            name: credit
            origin: replay
            entity: input.customer
            feedback: {within: 10d, truth: last}
            input: {customer: {type: text}, amount: {type: number}}
            output:
              risk: {type: category, classes: [good, bad]}
              limit: {type: number}
            pipeline:
              - {name: judge, rule: {risk: "case when input.amount > 1000 then 'bad' else 'good' end", limit: "input.amount"}}
            """;

    @TempDir private Path folder = Path.of("");

    /// What is sent: a prediction of `customer amount at`, or a truth of it.
    private sealed interface Sent {
        record Asked(String customer, double amount, String at) implements Sent {}

        record Told(String id, String customer, String output, String truth, String at, String more)
                implements Sent {}
    }

    private static final List<Sent> ALL =
            List.of(
                    new Sent.Asked("ann", 500, "2026-03-01T10:00:00Z"),
                    new Sent.Asked("ann", 2000, "2026-03-03T10:00:00Z"),
                    new Sent.Asked("bob", 700, "2026-03-01T11:00:00Z"),
                    new Sent.Asked("cid", 800, "2026-03-01T12:00:00Z"),
                    new Sent.Asked("dora", 900, "2026-03-02T12:00:00Z"),
                    // Of ann's first: right.
                    new Sent.Told("t1", "ann", "risk", "\"good\"", "2026-03-02T10:00:00Z", ""),
                    // Of her second: wrong, then corrected to be right.
                    new Sent.Told("t2", "ann", "risk", "\"good\"", "2026-03-04T10:00:00Z", ""),
                    new Sent.Told(
                            "t3",
                            "ann",
                            "risk",
                            "\"bad\"",
                            "2026-03-04T09:00:00Z",
                            ",\"replaces\":\"t2\""),
                    // Partial: of the other output alone.
                    new Sent.Told("t4", "bob", "limit", "650", "2026-03-02T10:00:00Z", ""),
                    // Too late, and before anything was asked.
                    new Sent.Told("t5", "cid", "risk", "\"bad\"", "2026-03-20T10:00:00Z", ""),
                    new Sent.Told("t6", "dora", "risk", "\"bad\"", "2026-03-01T10:00:00Z", ""));

    @Test
    void whateverTheOrderTruthCountsForTheLastPredictionBeforeIt() {
        for (long seed = 0; seed < 6; seed++) {
            var order = new ArrayList<>(ALL);
            if (seed > 0) Collections.shuffle(order, new Random(20_260_301 + seed));
            try (var server = server("data" + seed)) {
                var caller = Caller.of(server);
                caller.apply(CREDIT);
                for (var each : order) send(server, caller, each);
                var risk = quality(caller, "risk");
                assertThat(risk.path("outcomes").asInt())
                        .as("seed %d: %s", seed, order)
                        .isEqualTo(2);
                assertThat(risk.path("realised").asDouble())
                        .as("seed %d: %s", seed, order)
                        .isEqualTo(1.0);
                var limit = quality(caller, "limit");
                assertThat(limit.path("outcomes").asInt()).isEqualTo(1);
                assertThat(limit.path("realised").asDouble()).isEqualTo(50.0);
            }
        }
    }

    @Test
    void itCountsForAllOfAWindowWhereThatIsDeclared() {
        try (var server = server("data")) {
            var caller = Caller.of(server);
            caller.apply(CREDIT.replace("truth: last", "truth: all"));
            for (var each : ALL) send(server, caller, each);
            var risk = quality(caller, "risk");
            // The correction, bad, became known last, and is of both.
            assertThat(risk.path("outcomes").asInt()).isEqualTo(2);
            assertThat(risk.path("realised").asDouble()).isEqualTo(0.5);
        }
    }

    @Test
    void withoutADeclarationItCountsForNoQuality() {
        try (var server = server("data")) {
            var caller = Caller.of(server);
            caller.apply(CREDIT.replace(", truth: last", ""));
            for (var each : ALL) send(server, caller, each);
            assertThat(quality(caller, "risk").isMissingNode()).isTrue();
            var wrong =
                    caller.post(
                                    "/api/v1/apply",
                                    "application/yaml",
                                    Caller.utf8(CREDIT.replace("truth: last", "truth: first")))
                            .is(422)
                            .text();
            assertThat(wrong).contains("'truth' is 'first'");
        }
    }

    /// Who is erased is not joined any more.
    @Test
    void erasureForgetsWhatWasToldOfAnEntity() {
        try (var server = server("data")) {
            var caller = Caller.of(server);
            caller.apply(CREDIT);
            send(server, caller, ALL.get(0));
            send(server, caller, ALL.get(5));
            send(
                    server,
                    caller,
                    new Sent.Told("o1", "eve", "risk", "\"bad\"", "2026-03-02T10:00:00Z", ""));
            for (var who : List.of("ann", "eve"))
                caller.post(
                                "/api/v1/erasures",
                                "{\"entity\":\"" + who + "\",\"why\":\"asked for\"}")
                        .is(201);
            // She comes again: what was told of her before is not known any more.
            send(server, caller, new Sent.Asked("eve", 500, "2026-03-01T10:00:00Z"));
            send(server, caller, new Sent.Asked("ann", 500, "2026-03-01T10:30:00Z"));
            // Windows are sums, which tell nothing of anybody: the one outcome stays in them.
            assertThat(quality(caller, "risk").path("outcomes").asInt()).isEqualTo(1);
        }
    }

    private Server server(String name) {
        return Server.start(Settings.of(folder.resolve(name)).port(0));
    }

    private static void send(Server server, Caller caller, Sent sent) {
        switch (sent) {
            case Sent.Asked(var customer, double amount, var at) -> {
                var body = Json.object();
                body.putArray("rows")
                        .addObject()
                        .put("at", at)
                        .putObject("input")
                        .put("customer", customer)
                        .put("amount", amount);
                caller.post("/api/v1/endpoints/credit/replay", Json.text(body)).is(200);
            }
            case Sent.Told(var id, var customer, var output, var truth, var at, var more) ->
                    caller.post(
                                    "/api/v1/feedback",
                                    """
                                    {"id":"%s","endpoint":"credit","entity":"%s","output":"%s","truth":%s,"at":"%s"%s}\
                                    """
                                            .formatted(id, customer, output, truth, at, more))
                            .is(200, 201);
        }
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
    }

    private static JsonNode quality(Caller caller, String output) {
        for (var each :
                caller.get(
                                "/api/v1/endpoints/credit/monitoring?from=2026-02-01T00:00:00Z&to=2026-05-01T00:00:00Z")
                        .is(200)
                        .json()
                        .path("quality"))
            if (each.path("output").asString().equals(output)) return each;
        return Json.object().path("nothing");
    }
}
