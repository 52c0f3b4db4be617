package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Whole rollouts of models that look at pictures, over HTTP, with the truth told a moment later:
/// the good one comes live by itself, the one that was taught wrong labels goes back by its
/// quality, and no caller sees an error in either.
@Tag("slow")
class RealImageRolloutsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NAME = "digits";

    /// What live looks at of a picture: hardly more than its left half. It is right in 83 of 100.
    private static final int NARROW = 16;

    private static final int WHOLE = 28;

    private final Server server;
    private final Caller caller;

    RealImageRolloutsTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Digits digits() throws IOException {
        var digits = new Digits(caller);
        caller.push(NAME, digits.learnt(NARROW, digit -> digit));
        caller.apply(
                """
                kind: Endpoint
                name: digits
                model: digits/1
                rollout:
                  steps: [shadow for 1s, 10%, 50%, 100%]
                  each-step: {at-least: 1s, requests: 20}
                  guards:
                    - {watch: errors, worse-by: +5 points}
                    - {watch: quality.accuracy, worse-by: +10 points}
                  deadline: 2m
                  bake: 1s
                """);
        return digits;
    }

    private JsonNode rolledOut(Digits digits) throws InterruptedException {
        digits.ask(NAME, 2);
        caller.post(
                        "/api/v1/endpoints/" + NAME + "/rollout",
                        Json.text(Json.object().put("to", "digits/2").put("why", "a test")))
                .is(201);
        var now = digits.over(NAME, PATIENCE);
        digits.hush();
        return now;
    }

    private String live() {
        return caller.get("/api/v1/endpoints/" + NAME).is(200).json().at("/live/model").asString();
    }

    @Test
    void aBetterNetworkComesLiveByItself() throws Exception {
        try (var digits = digits()) {
            caller.push(NAME, digits.network());
            var done = rolledOut(digits);
            assertThat(done.at("/state/is").asString())
                    .as(done.toPrettyString())
                    .isEqualTo("finished");
            assertThat(done.at("/shadow/asked").asLong()).isPositive();
            assertThat(digits.wrong()).isEmpty();
            assertThat(digits.arms()).containsKeys("live", "candidate");
            assertThat(live()).isEqualTo("digits/2");
        }
    }

    /// Whoever typed in the labels was a line too low from the fives on.
    @Test
    void oneThatWasTaughtWrongLabelsGoesBackByItsQuality() throws Exception {
        try (var digits = digits()) {
            caller.push(
                    NAME, digits.learnt(WHOLE, digit -> digit < 5 ? digit : 5 + (digit - 4) % 5));
            var back = rolledOut(digits);
            assertThat(back.at("/state/is").asString())
                    .as(back.toPrettyString())
                    .isEqualTo("rolled-back");
            var history = back.path("history");
            assertThat(history.get(history.size() - 1).path("why").asString())
                    .contains("quality.accuracy");
            assertThat(digits.wrong()).isEmpty();
            assertThat(live()).isEqualTo("digits/1");
        }
    }
}
