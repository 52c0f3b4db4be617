package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Who decided what an endpoint with automation was asked, as a metric of its output.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DecidedByTest {
    private static final String LOANS =
            """
            kind: Endpoint
            name: loans
            monitors: [{watch: decided-by.share(waiting), above: 50%}]
            input: {amount: {type: number}}
            output: {risk: {type: category, classes: [bad, good]}}
            pipeline:
              - {name: risk, rule: {risk: "case when input.amount > 1000 then 'bad' else 'good' end"}}
            automation: {level: partial, alone-when: input.amount < 900, spot-check: 0%, while-in-review: {answer: {risk: bad}}}
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void theModelAlonePeopleAndWhoStillWaitsAreTold() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(LOANS);
            for (int i = 0; i < 6; i++) ask(caller, 100 + i);
            var first = ask(caller, 2_000);
            var second = ask(caller, 3_000);
            assertThat(decided(server, caller).path("model").asDouble()).isEqualTo(0.75);
            assertThat(decided(server, caller).path("waiting").asDouble()).isEqualTo(0.25);
            assertThat(decided(server, caller).path("people").asDouble()).isZero();

            judge(caller, first, "good");
            // A correction is the same person's, and counts no second time.
            judge(caller, first, "bad");
            var now = decided(server, caller);
            assertThat(now.path("people").asDouble()).isEqualTo(0.125);
            assertThat(now.path("waiting").asDouble()).isEqualTo(0.125);
            judge(caller, second, "bad");
            now = decided(server, caller);
            assertThat(now.path("people").asDouble()).isEqualTo(0.25);
            assertThat(now.path("waiting").asDouble()).isZero();
            assertThat(now.path("rows").asInt()).isEqualTo(8);
            assertThat(share(caller, "people")).isEqualTo(0.25);
            assertThat(caller.get("/endpoints/loans/monitoring").is(200).text())
                    .contains("Of 8 rows the model decided 75 % alone and people 25 %");
        }
    }

    @Test
    void whereNobodyCanBeAskedNothingIsTold() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(LOANS.substring(0, LOANS.indexOf("automation:")));
            ask(caller, 100);
            assertThat(decided(server, caller).isMissingNode()).isTrue();
        }
    }

    private static String ask(Caller caller, double amount) {
        return caller.post(
                        "/api/v1/endpoints/loans/predict",
                        "{\"rows\":[{\"amount\":" + amount + "}]}")
                .is(200)
                .json()
                .at("/predictions/0/id")
                .asString();
    }

    private static void judge(Caller caller, String prediction, String risk) {
        caller.post(
                        "/api/v1/reviews/" + prediction + "/judgement",
                        "{\"reviewer\":\"ann\",\"answer\":{\"risk\":\"" + risk + "\"}}")
                .is(200, 201);
    }

    private static JsonNode decided(Server server, Caller caller) {
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
        return caller.get("/api/v1/endpoints/loans/monitoring").is(200).json().path("decided-by");
    }

    private static double share(Caller caller, String who) {
        var windows =
                caller.get("/api/v1/endpoints/loans/metric?watch=decided-by.share(" + who + ")")
                        .is(200)
                        .json()
                        .path("windows");
        return windows.get(windows.size() - 1).path("value").asDouble();
    }
}
