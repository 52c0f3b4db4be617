package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import dev.davy.server.PowerMarket.Twist;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What was asked in the past, asked again of another version: rehearsals and comparisons on real
/// traffic, over HTTP, with nothing moved.
class AskedAgainTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Server server;
    private final Caller caller;

    AskedAgainTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void traffic(int seconds) throws Exception {
        try (var market = new PowerMarket(caller)) {
            caller.push("power", market.model(1, false, Twist.NONE));
            caller.push("power", market.model(6, false, Twist.NONE));
            caller.push("power", market.model(6, true, Twist.NONE));
            caller.apply(
                    """
                    kind: Endpoint
                    name: power
                    model: power/1
                    rollout:
                      steps: [shadow for 1s, 20%, 50% approve, 100%]
                      each-step: {at-least: 1s, requests: 20}
                      guards:
                        - {watch: errors, worse-by: +5 points}
                        - {watch: quality.accuracy, worse-by: +10 points, slices: [input.nswdemand > 0.4]}
                        - {watch: latency.p50, worse-by: 20 ms}
                      deadline: 1m
                      bake: 1s
                    """);
            market.ask("power", 2);
            Thread.sleep(Duration.ofSeconds(seconds));
            market.hush();
            assertThat(market.wrong()).isEmpty();
        }
    }

    private JsonNode done(String path, ObjectNode body) throws InterruptedException {
        var job = caller.post("/api/v1/endpoints/power" + path, Json.text(body)).is(201).json();
        var at = "/api/v1/jobs/" + job.path("id").asString();
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            var now = caller.get(at).is(200).json();
            switch (now.path("state").asString()) {
                case "done" -> {
                    return now.path("result");
                }
                case "failed" -> throw new AssertionError(now.toPrettyString());
                default -> Thread.sleep(50);
            }
        }
        throw new AssertionError("the job takes too long");
    }

    private static ObjectNode to(String name, String version) {
        return Json.object().put(name, version).put("since", "1h");
    }

    @Test
    void rehearsesAPolicyOnWhatWasAsked() throws Exception {
        traffic(12);
        var before = caller.log("type=prediction").size();
        var good = done("/rollout/rehearsals", to("to", "power/2"));
        assertThat(good.path("outcome").asString()).as(good.toPrettyString()).isEqualTo("promoted");
        assertThat(good.at("/requests/shadow").asLong()).isPositive();
        assertThat(good.at("/requests/candidate").asLong()).isPositive();
        assertThat(good.at("/requests/feedback").asLong()).isPositive();
        assertThat(good.path("happened").toString()).contains("a person would have been asked");
        assertThat(good.path("not-known").toString())
                .contains("latency.p50", "under the callers' load");

        var bad = done("/rollout/rehearsals", to("to", "power/3"));
        assertThat(bad.path("outcome").asString()).isEqualTo("rolled-back");
        var happened = bad.path("happened");
        assertThat(happened.get(happened.size() - 1).path("why").asString())
                .contains("quality.accuracy");

        var strict = to("to", "power/2");
        strict.putObject("policy")
                .put("strategy", "canary")
                .putArray("guards")
                .addObject()
                .put("watch", "errors")
                .put("worse-by", "+0.01 points");
        var waits = done("/rollout/rehearsals", strict);
        assertThat(waits.path("outcome").asString()).isEqualTo("still-waiting");
        assertThat(waits.at("/next/guards/0").asString()).isEqualTo("errors");

        // Nothing was moved, and nothing logged.
        assertThat(caller.log("type=prediction")).hasSize(before);
        assertThat(caller.get("/api/v1/endpoints/power/rollout").status()).isEqualTo(404);
        assertThat(caller.get("/api/v1/endpoints/power").json().at("/live/model").asString())
                .isEqualTo("power/1");
    }

    @Test
    void saysWhatIsWrongBeforeAnythingIsLoaded() throws Exception {
        traffic(2);
        for (var path : new String[] {"/rollout/rehearsals", "/diffs"}) {
            var name = path.equals("/diffs") ? "with" : "to";
            caller.post("/api/v1/endpoints/power" + path, "{\"" + name + "\":\"power/9\"}").is(404);
            caller.post(
                            "/api/v1/endpoints/power" + path,
                            "{\"" + name + "\":\"power/2\",\"since\":\"tomorrow\"}")
                    .is(422);
            caller.post("/api/v1/endpoints/none" + path, "{}").is(404);
        }
        var body = to("to", "power/2");
        body.putObject("policy").put("steps", "all");
        caller.post("/api/v1/endpoints/power/rollout/rehearsals", Json.text(body)).is(422);
    }

    @Test
    void saysWhichLoggedAnswersWouldFlip() throws Exception {
        traffic(2);
        var diff = done("/diffs", to("with", "power/2"));
        // The other version, asked itself.
        caller.endpoint("other", "power/2");
        long flips = 0;
        var kinds = new HashMap<String, Long>();
        var answers = caller.log("type=prediction&endpoint=power");
        for (var each : answers) {
            var was = each.at("/decision/output/price").asString();
            var rows = Json.array();
            rows.add(each.path("input"));
            var would =
                    caller.predictRows("other", Json.text(rows)).at("/0/output/price").asString();
            if (!was.equals(would)) flips++;
            kinds.merge(was + " " + would, 1L, Long::sum);
        }
        assertThat(diff.path("compared").asLong()).isEqualTo(answers.size());
        assertThat(diff.path("flipped").asLong()).isEqualTo(flips).isPositive();
        var told = new HashMap<String, Long>();
        for (var each : diff.path("kinds"))
            told.put(
                    each.path("was").asString() + " " + each.path("would-be").asString(),
                    each.path("count").asLong());
        assertThat(told).isEqualTo(kinds);
        assertThat(diff.path("share").asDouble())
                .isBetween(
                        diff.at("/interval/lower").asDouble(),
                        diff.at("/interval/upper").asDouble());
        assertThat(diff.at("/slices/0/slice").asString()).contains("nswdemand");
        assertThat(diff.at("/slices/0/compared").asLong()).isPositive();
        assertThat(diff.at("/truth/known").asLong()).isPositive();
        assertThat(diff.at("/flips/0/input/nswprice").isNumber()).isTrue();
    }

    @Test
    void whatIsErasedIsErasedFromWhatWasCompared() throws Exception {
        caller.push("plus", plus(1));
        caller.push("plus", plus(2));
        caller.apply(
                """
                kind: Endpoint
                name: power
                input: {x: {type: vector, shape: [2]}, who: {type: text}}
                entity: input.who
                model: plus/1
                """);
        for (var who : new String[] {"ann", "bob", "ann", "cleo"})
            caller.predictRows("power", "[{\"x\":[1,2],\"who\":\"%s\"}]".formatted(who));
        var diff = done("/diffs", to("with", "plus/2"));
        assertThat(diff.path("flips")).hasSize(4);
        assertThat(diff.toString()).contains("ann");
        caller.post("/api/v1/erasures", "{\"entity\":\"ann\"}").is(201);
        var left = caller.get("/api/v1/jobs").is(200).json().toString();
        assertThat(left).doesNotContain("\"ann\"");
        JsonNode after = Json.object();
        for (var job : caller.get("/api/v1/jobs").is(200).json().path("jobs"))
            after =
                    caller.get("/api/v1/jobs/" + job.path("id").asString())
                            .is(200)
                            .json()
                            .path("result");
        assertThat(after.path("flips")).hasSize(2);
        assertThat(after.path("erased").asInt()).isEqualTo(2);
        assertThat(after.path("flipped").asInt()).as("counts tell of nobody").isEqualTo(4);
        assertThat(after.toString()).contains("bob").doesNotContain("\"ann\"");
    }

    private static byte[] plus(float added) {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 2)
                .output("y", TinyOnnx.FLOAT, "N", 2)
                .weights(TinyOnnx.floats("a", new long[] {1}, added))
                .add("Add", "x a", "y")
                .bytes();
    }

    @Test
    void drawsWhereThereAreTooMany() throws Exception {
        traffic(2);
        var all = done("/diffs", to("with", "power/2"));
        var some = done("/diffs", to("with", "power/2").put("most", 200));
        assertThat(some.path("seen")).isEqualTo(all.path("seen"));
        assertThat(some.path("compared").asLong()).isBetween(100L, 300L);
        assertThat(some.at("/interval/upper").asDouble())
                .isGreaterThan(all.at("/interval/upper").asDouble() - 0.1);
        var again = done("/diffs", to("with", "power/2").put("most", 200));
        assertThat(again.path("compared")).isEqualTo(some.path("compared"));
    }
}
