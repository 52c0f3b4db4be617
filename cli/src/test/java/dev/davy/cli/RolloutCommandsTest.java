package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.server.Caller;
import dev.davy.server.PowerMarket;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A rollout as a person types it, on real traffic: the better one comes live, the next one is
/// taken back by hand.
@Timeout(180)
class RolloutCommandsTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void startsWatchesAndRollsBack() throws Exception {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0));
                var market = new PowerMarket(Caller.of(server))) {
            var caller = Caller.of(server);
            caller.push("power", market.model(1, false, PowerMarket.Twist.NONE));
            caller.push("power", market.model(6, false, PowerMarket.Twist.NONE));
            caller.push("power", market.model(5, false, PowerMarket.Twist.NONE));
            caller.apply(
                    """
                    kind: Endpoint
                    name: power
                    model: power/1
                    rollout:
                      steps: [10%, 50%, 100%]
                      each-step: {at-least: 1s, requests: 20}
                      guards:
                        - {watch: errors, worse-by: +10 points}
                        - {watch: quality.accuracy, worse-by: +20 points}
                      deadline: 2m
                      bake: 1s
                    """);
            market.ask("power", 2);

            var changed = folder.resolve("power.yaml");
            Files.writeString(
                    changed,
                    """
                    kind: Endpoint
                    name: power
                    model: power/2
                    rollout:
                      steps: [shadow for 1h, 5% approve, 100%]
                      each-step: {at-least: 10m, requests: 500}
                      guards:
                        - {watch: errors, worse-by: +0.5 points}
                        - {watch: latency.p99, worse-by: "max(20 ms, 50%)"}
                        - {watch: quality.accuracy, worse-by: +2 points, observe-only: true}
                    """);
            var would = davy(server, "apply", "-f", changed.toString(), "--dry-run");
            assertThat(would.exit()).as(would.err()).isEqualTo(Exit.YES);
            assertThat(would.out())
                    .contains(
                            "a rollout begins: power/1 → power/2",
                            "step 1: shadow, at least 60 min",
                            "step 2: 5 %, at least 10 min, 500 requests, then a person approves",
                            "guard errors: at most 0.5 points worse",
                            "guard latency.p99: at most 20 ms or 50 % of live's longer",
                            "quality.accuracy: at most 2 points worse; only told, stops nothing");
            assertThat(davy(server, "rollout", "status", "power").exit()).isNotEqualTo(Exit.YES);

            var rehearsed =
                    davy(
                            server,
                            "rollout",
                            "rehearse",
                            "power",
                            "--to",
                            "power/2",
                            "--since",
                            "1h");
            assertThat(rehearsed.out())
                    .as(rehearsed.err())
                    .contains("power/2 would", "What a rehearsal can't know:", "10 %", "errors");
            var page = folder.resolve("diff.html");
            var diff =
                    davy(
                            server,
                            "diff",
                            "power",
                            "--with",
                            "power/2",
                            "--since",
                            "1h",
                            "--html",
                            page.toString());
            assertThat(diff.exit()).as(diff.err()).isEqualTo(Exit.NO);
            assertThat(diff.out()).contains("answers would be others", "WOULD BE", "nswprice");
            assertThat(Files.readString(page))
                    .contains("Which answers of power would flip under power/2?")
                    .doesNotContain("http://", "src=\"/");
            assertThat(davy(server, "diff", "power", "--with", "power/9").exit())
                    .isNotEqualTo(Exit.YES);

            var dry = davy(server, "rollout", "start", "power", "--to", "power/2", "--dry-run");
            assertThat(dry.exit()).isEqualTo(Exit.YES);
            assertThat(dry.out()).contains("Would bring power/2 live at power, where power/1 is.");
            assertThat(davy(server, "rollout", "status", "power").exit()).isEqualTo(Exit.NO);

            var begun =
                    davy(server, "rollout", "start", "power", "--to", "power/2", "--why", "better");
            assertThat(begun.out()).contains("Bringing power/2", "10 %", "quality.accuracy");
            var status = davy(server, "rollout", "status", "power");
            assertThat(status.exit()).as(status.err()).isEqualTo(Exit.YES);
            assertThat(status.out()).contains("power: power/1 → power/2", "errors");
            var watched = davy(server, "rollout", "watch", "power");
            assertThat(watched.exit()).as(watched.out()).isEqualTo(Exit.YES);
            assertThat(watched.out().lines().toList().getLast()).contains("live, ");
            assertThat(davy(server, "get", "endpoint", "power").out()).contains("power/2");

            davy(server, "rollout", "start", "power", "--to", "power/3");
            var back = davy(server, "rollout", "rollback", "power", "--why", "a feeling");
            assertThat(back.exit()).as(back.err()).isEqualTo(Exit.YES);
            assertThat(back.out()).contains("rolled back", "a feeling");
            assertThat(davy(server, "rollout", "status", "power").exit()).isEqualTo(Exit.NO);
            var again = davy(server, "rollout", "start", "power", "--to", "power/3");
            assertThat(again.err()).contains("was rolled back", "--retry");
            assertThat(davy(server, "get", "endpoint", "power").out()).contains("power/2");
            assertThat(davy(server, "events", "power").out()).contains("a feeling");
            market.hush();
            assertThat(market.wrong()).isEmpty();
        }
    }

    private static Commands.Told davy(Server server, String... words) {
        var here = Map.of("DAVY_SERVER", "http://127.0.0.1:" + server.port());
        return Commands.runWith("", here, words);
    }
}
