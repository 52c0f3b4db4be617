package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Schema;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Yaml;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyReadingTest {
    private static final Schema INPUT =
            new Schema(
                    List.of(
                            new Column(
                                    "line",
                                    ColumnType.CATEGORY,
                                    true,
                                    List.of("A", "B"),
                                    LogPolicy.KEEP,
                                    List.of(),
                                    Optional.empty(),
                                    Optional.empty()),
                            Column.of("rate", ColumnType.INTEGER),
                            Column.of("age", ColumnType.NUMBER)));

    private static Plan read(String yaml) {
        var tree =
                Yaml.read(yaml.getBytes(StandardCharsets.UTF_8), "e.yaml", Limits.DEFAULT)
                        .getFirst()
                        .tree();
        return PolicyReading.read(
                tree, Optional.of(INPUT), Optional.of(Logged.OUTPUTS), Optional.empty());
    }

    private static final String DESIGN =
            """
            steps: [shadow for 1h, 1%, 5% approve, 25%, 50%, 100%]
            each-step: {at-least: 10m, requests: 700}
            guards:
              - {watch: errors, worse-by: +0.5 points}
              - {watch: quality.recall(scratch), worse-by: +2 points, slices: [line]}
              - {watch: latency.p99, worse-by: 20 ms}
              - {watch: output.label.share(scratch), worse-by: -3 points, slices: [input.age >= 60]}
              - {watch: output.label.missing}
              - {watch: confidence, slices: [rate]}
              - {watch: agreement, at-least: 95%}
              - {watch: event.redo, worse-by: 1 point, observe-only: true}
            false-rollback: 4%
            missed-harm: 10%
            deadline: 3d
            bake: 2h
            truth-within: 1h
            keep-previous: until next rollout
            """;

    @Test
    void readsWhatTheDesignWrites() {
        var plan = read(DESIGN);
        assertThat(plan.stages())
                .extracting(Stage::share)
                .containsExactly(0.0, 0.01, 0.05, 0.25, 0.5, 1.0);
        assertThat(plan.stages().get(0))
                .isEqualTo(new Stage(0, true, Duration.ofHours(1), 0, false));
        assertThat(plan.stages().get(2))
                .isEqualTo(new Stage(0.05, false, Duration.ofMinutes(10), 700, true));
        assertThat(plan.keepPrevious()).isTrue();
        var facts = new Watch.Facts(Map.of("rate", List.of("16000", "8000")), Map.of(0.99, 100.0));
        var policy = plan.policy(facts, Optional.of(Logged.OUTPUTS), 5);
        assertThat(policy.guards())
                .containsExactly(
                        new Guard.Rate("errors", 0.005, 5, List.of(), false),
                        new Guard.Rate(
                                "quality.recall(scratch)",
                                0.02,
                                5,
                                List.of("line=A", "line=B"),
                                false),
                        new Guard.Latency("latency.p99", 0.99, 20, List.of(), false),
                        new Guard.Rate(
                                "output.label.share(scratch) falling",
                                0.03,
                                5,
                                List.of("input.age >= 60"),
                                false),
                        new Guard.Rate("output.label.missing", 0.02, 5, List.of(), false),
                        new Guard.Rate(
                                "confidence", 0.02, 5, List.of("rate=16000", "rate=8000"), false),
                        new Guard.Pairs("agreement", 0.050000000000000044, 5, List.of(), false),
                        new Guard.Rate("event.redo", 0.01, 5, List.of(), true));
        assertThat(policy.falseRollback()).isEqualTo(0.04);
        assertThat(PolicyJson.policy(PolicyJson.policy(policy))).isEqualTo(policy);
    }

    @Test
    void defaultsHoldLatencyByWhatLiveNeeds() {
        var plan = read("case: replace");
        assertThat(plan.stages()).hasSize(5);
        var slow = new Watch.Facts(Map.of(), Map.of(0.99, 100.0));
        assertThat(plan.policy(slow, Optional.of(Logged.OUTPUTS), 5).guards())
                .contains(new Guard.Latency("latency.p99", 0.99, 50, List.of(), false));
        assertThat(plan.policy(Watch.Facts.NONE, Optional.of(Logged.OUTPUTS), 5).guards())
                .contains(new Guard.Latency("latency.p99", 0.99, 20, List.of(), false));
    }

    @Test
    void eachCaseAndStrategyBringsItsOwn() {
        assertThat(read("case: new").watches())
                .containsExactly(
                        new Watch("errors", new Watch.Allowed.AtMost(0.01), List.of(), false));
        assertThat(read("case: assist").stages().getFirst().shadow()).isTrue();
        assertThat(read("strategy: blue-green").stages())
                .extracting(Stage::share)
                .containsExactly(0.0, 1.0);
        assertThat(read("strategy: immediate").watches()).isEmpty();
        assertThat(read("strategy: dark").stages().getFirst().approve()).isTrue();
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() ->
                        read(
                                """
                                steps: [5%, 1%, 100%]
                                gards: []
                                false-rollback: 200%
                                guards:
                                  - {watch: quality.recall(dent), worse-by: 2 points}
                                  - {watch: output.lable.missing}
                                  - {watch: errors, worse-by: 2%}
                                  - {watch: latency.p99, at-most: 3%}
                                  - {watch: confidence, slices: [age]}
                                  - {watch: output.label.missing, slices: [colour = 3]}
                                  - {watch: errors, worse-by: -1 points}
                                """))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(String.join("\n", problem.violations()))
                                        .contains(
                                                "steps",
                                                "gards",
                                                "false-rollback",
                                                "no class 'dent'",
                                                "no output 'lable'",
                                                "points above 0",
                                                "must be a time, like 50 ms",
                                                "age",
                                                "colour",
                                                "guards[6]"));
    }
}
