package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Whatever in a pipeline is changed behind the callers' backs is named: a rule, a table, a wire,
/// and another server's model that keeps its name.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("InlineFormatString") // a declaration reads better in one piece
class AttributionTest {
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int ROWS = 250;

    private final Server remote;
    private final Server server;
    private final Caller there;
    private final Caller caller;
    private final Random random = new Random(20_251_121);

    AttributionTest(@TempDir Path folder) throws IOException {
        remote = Server.start(Settings.of(folder.resolve("remote")).port(0));
        var config = folder.resolve("davy.yaml");
        Files.writeString(config, "remotes: [\"127.0.0.1:" + remote.port() + "\"]\n");
        server = Server.start(Settings.read(config, folder.resolve("data")).port(0));
        there = Caller.of(remote);
        caller = Caller.of(server);
    }

    @BeforeAll
    void declares() {
        opinion("input.amount / 1000");
    }

    @AfterAll
    void stop() {
        server.close();
        remote.close();
    }

    private void opinion(String score) {
        there.apply(
                """
                kind: Endpoint
                name: opinion
                input: {amount: {type: number}}
                pipeline:
                  - {name: opinion, rule: {score: "%s"}}
                """
                        .formatted(score));
    }

    private String offer(String name) {
        return """
        kind: Endpoint
        name: %s
        input:
          amount: {type: number}
          purpose: {type: category, classes: [car, house, other]}
          person: {type: text, log: hash}
        output:
          decision: {type: text, from: word.decision}
          rate: {type: number, from: rates.rate}
        pipeline:
          - name: rates
            lookup:
              key: purpose
              equals: input.purpose
              table: [{purpose: car, rate: 4}, {purpose: house, rate: 2}]
          - name: second
            when: "input.amount >= 200"
            remote: {url: "http://127.0.0.1:%d", model: opinion}
            input: {amount: "input.amount"}
          - name: word
            rule: {decision: "case when rates.rate is null then 'ask' when second.score > 0.6 then 'refuse' else 'grant' end", spare: "'ask'"}
        """
                .formatted(name, remote.port());
    }

    /// An hour of traffic.
    private void hour(String endpoint, int number, int rows, double amounts) {
        for (int sent = 0; sent < rows; sent += 50) {
            var body = Json.object();
            var list = body.putArray("rows");
            for (int i = sent; i < Math.min(rows, sent + 50); i++)
                list.addObject()
                        .put("amount", amounts * random.nextDouble())
                        .put("purpose", List.of("car", "house", "other").get(random.nextInt(3)))
                        .put("person", "p-" + random.nextInt(1_000));
            var at = START.plus(HOUR.multipliedBy(number)).plusSeconds(sent);
            caller.post("/api/v1/endpoints/" + endpoint + "/predict?at=" + at, Json.text(body))
                    .is(200);
        }
    }

    private static String query(int reference, int hour) {
        return "?from=%s&to=%s&reference-from=%s&reference-to=%s"
                .formatted(
                        START.plus(HOUR.multipliedBy(hour)),
                        START.plus(HOUR.multipliedBy(hour + 1)),
                        START.plus(HOUR.multipliedBy(reference)),
                        START.plus(HOUR.multipliedBy(reference + 1)));
    }

    private JsonNode attributed(String endpoint) {
        return caller.get("/api/v1/endpoints/" + endpoint + "/attribution" + query(0, 1))
                .is(200)
                .json();
    }

    private static void blames(JsonNode found, String component, String how) {
        assertThat(found.at("/verdict/is").asString())
                .as(found.toPrettyString())
                .isEqualTo("component-changed");
        assertThat(found.at("/verdict/component").asString()).isEqualTo(component);
        assertThat(found.at("/verdict/says").asString()).contains(how);
    }

    @Test
    void nobodyIsBlamedWhereNothingChangedAndNothingIsLogged() {
        caller.apply(offer("same"));
        hour("same", 0, ROWS, 1_000);
        hour("same", 1, ROWS, 1_000);
        int logged = caller.log("").size();
        var found = attributed("same");
        assertThat(found.at("/verdict/is").asString())
                .as(found.toPrettyString())
                .isEqualTo("nothing");
        assertThat(found.at("/stretch/predictions").asInt()).isEqualTo(ROWS);
        assertThat(found.at("/stretch/asked-again").asInt()).isEqualTo(200);
        for (var component : found.path("components")) {
            assertThat(component.at("/agrees/share").asDouble()).isEqualTo(1);
            assertThat(component.at("/agrees/low").asDouble()).isBetween(0.97, 1.0);
        }
        // It is only asked about large amounts.
        assertThat(found.at("/components/1/answered").asInt()).isBetween(130, 190);
        assertThat(caller.log("")).hasSize(logged);
        assertThat(attributed("same").path("components"))
                .as("drawn by the same seed")
                .isEqualTo(found.path("components"));
    }

    @ParameterizedTest
    @CsvSource({
        "rule, word, > 0.6, > 0.5",
        "table, rates, rate: 4, rate: 5",
        "wire, second, \"input.amount\"}, \"input.amount / 2\"}",
        "condition, second, >= 200, >= 300",
        "outputs, (outputs), word.decision, word.spare"
    })
    void aDeclarationThatChangedIsNamed(String name, String blamed, String text, String other) {
        caller.apply(offer(name));
        hour(name, 0, ROWS, 1_000);
        caller.apply(offer(name).replace(text, other));
        hour(name, 1, ROWS, 1_000);
        blames(attributed(name), blamed, "declared otherwise");
    }

    @Test
    void anotherServersModelThatKeepsItsNameIsFoundByItsAnswers() {
        caller.apply(offer("remote"));
        hour("remote", 0, ROWS, 1_000);
        opinion("input.amount / 1000 + 0.1");
        hour("remote", 1, ROWS, 1_000);
        var found = attributed("remote");
        opinion("input.amount / 1000");
        blames(found, "second", "its server answers the reference's inputs otherwise");
        assertThat(found.at("/components/1/agreed-in-reference/share").asDouble()).isLessThan(0.4);
        assertThat(found.at("/components/1/agrees/share").asDouble()).isEqualTo(1);
        // What comes after it is asked with what it had said then, and is not blamed.
        assertThat(found.at("/components/2/agreed-in-reference/share").asDouble()).isEqualTo(1);
    }

    @Test
    void otherInputsAreNamed() {
        caller.apply(offer("larger"));
        hour("larger", 0, ROWS, 1_000);
        hour("larger", 1, ROWS, 1_500);
        var found = attributed("larger");
        assertThat(found.at("/verdict/is").asString())
                .as(found.toPrettyString())
                .isEqualTo("input-drifted");
        assertThat(found.at("/input/0/what").asString()).isEqualTo("amount");
        assertThat(found.at("/input/0/drifted").asBoolean()).isTrue();
    }

    @Test
    void bothAreNamedWhereBothChanged() {
        caller.apply(offer("both"));
        hour("both", 0, ROWS, 1_000);
        caller.apply(offer("both").replace("rate: 2", "rate: 3"));
        hour("both", 1, ROWS, 1_500);
        var verdict = attributed("both").path("verdict");
        assertThat(verdict.path("is").asString()).isEqualTo("several");
        assertThat(verdict.at("/all/0/is").asString()).isEqualTo("input-drifted");
        assertThat(verdict.at("/all/1/component").asString()).isEqualTo("rates");
    }

    @Test
    void itIsTooEarlyAfterAFewPredictions() {
        caller.apply(offer("few"));
        hour("few", 0, ROWS, 1_000);
        hour("few", 1, 30, 1_000);
        var verdict = attributed("few").path("verdict");
        assertThat(verdict.path("is").asString()).isEqualTo("too-early");
        assertThat(verdict.path("needed").asInt()).isBetween(100, 170);
    }

    /// A version that answered the reference for some minutes only is not what it is about.
    @Test
    void theReferenceIsWhatAnsweredMostOfIt() {
        caller.apply(offer("mixed").replace("rate: 4", "rate: 5"));
        hour("mixed", 0, 50, 1_000);
        caller.apply(offer("mixed"));
        hour("mixed", 0, ROWS, 1_000);
        hour("mixed", 1, ROWS, 1_000);
        var found = attributed("mixed");
        assertThat(found.at("/verdict/is").asString()).isEqualTo("nothing");
        assertThat(found.at("/reference/left-out-for-it-stood-otherwise").asInt()).isEqualTo(50);
    }

    @Test
    void whatCannotBeAnsweredSaysWhy() {
        caller.get("/api/v1/endpoints/nobody/attribution").is(404);
        caller.apply(offer("silent"));
        var nothing = caller.get("/api/v1/endpoints/silent/attribution").is(404);
        assertThat(nothing.json().path("code").asString()).isEqualTo("nothing-to-attribute");
        var empty =
                caller.get(
                        "/api/v1/endpoints/silent/attribution?from=%s&to=%s"
                                .formatted(START, START));
        assertThat(empty.is(400).json().path("code").asString()).isEqualTo("stretch-empty");
        caller.apply(offer("hidden").replace("{type: number}", "{type: number, log: hash}"));
        hour("hidden", 0, 50, 1_000);
        hour("hidden", 1, 50, 1_000);
        var hidden = caller.get("/api/v1/endpoints/hidden/attribution" + query(0, 1)).is(422);
        assertThat(hidden.json().path("detail").asString()).contains("amount");
        caller.get("/api/v1/endpoints/silent/attribution?rows=5").is(400);
        caller.get("/api/v1/endpoints/silent/attribution?origin=moon").is(400);
    }
}
