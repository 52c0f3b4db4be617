package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.rollout.Policy.Case;
import dev.davy.rollout.Watch.Allowed;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a candidate is held to where no model, a declared answer or people stand before it.
class AgainstTest {
    private static Plan plan(String yaml) {
        var tree =
                Yaml.read(yaml.getBytes(StandardCharsets.UTF_8), "e.yaml", Limits.DEFAULT)
                        .getFirst()
                        .tree();
        return PolicyReading.read(
                tree, Optional.of(Logged.INPUT), Optional.of(Logged.OUTPUTS), Optional.empty());
    }

    private static final Plan WRITTEN =
            plan(
                    """
                    guards:
                      - {watch: errors, worse-by: +0.5 points, slices: [line]}
                      - {watch: latency.p99, worse-by: 20 ms}
                      - {watch: latency.p95, at-most: 50 ms}
                      - {watch: quality.accuracy, at-least: 90%}
                      - {watch: "output.label.share(scratch)", worse-by: 2 points}
                      - {watch: agreement, at-least: 80%}
                    """);

    private static List<String> watched(Plan plan) {
        return plan.watches().stream().map(Watch::metric).toList();
    }

    @Test
    void followsFromWhatIsLive() {
        assertThat(Against.of(Map.of("model", "phones/1"))).isEqualTo(Against.LIVE);
        assertThat(Against.of(Map.of("model", "rule"))).isEqualTo(Against.LIVE);
        assertThat(Against.of(Map.of("model", "127.0.0.1:8000/old"))).isEqualTo(Against.LIVE);
        assertThat(Against.of(Map.of("model", "fallback"))).isEqualTo(Against.LIMITS);
        assertThat(Against.of(Map.of("model", "people"))).isEqualTo(Against.PEOPLE);
        assertThat(Against.LIMITS.purpose()).isEqualTo(Case.NEW);
        assertThat(Against.PEOPLE.purpose()).isEqualTo(Case.ASSIST);
    }

    @Test
    void whereThereIsSomethingToCompareWithEverythingIsHeld() {
        assertThat(Against.LIVE.held(WRITTEN)).isEqualTo(WRITTEN);
        assertThat(Against.LIVE.leftOut(WRITTEN)).isEmpty();
        assertThat(Against.LIVE.holds()).isEmpty();
    }

    @Test
    void besideADeclaredAnswerOnlyLimitsAreHeld() {
        var held = Against.LIMITS.held(WRITTEN);
        assertThat(watched(held))
                .containsExactly("errors", "latency.p95 within 50 ms", "quality.accuracy");
        // So much more than none is so much at most.
        assertThat(held.watches().getFirst())
                .isEqualTo(new Watch("errors", new Allowed.AtMost(0.005), List.of("line"), false));
        assertThat(Against.LIMITS.leftOut(WRITTEN))
                .hasSize(3)
                .anyMatch(each -> each.startsWith("guard latency.p99 is left out"))
                .anyMatch(each -> each.startsWith("guard agreement is left out"));
        assertThat(Against.LIMITS.holds())
                .hasValueSatisfying(
                        each -> assertThat(each).contains("there is nothing to compare with"));
    }

    @Test
    void besidePeopleAgreementIsHeldToo() {
        assertThat(watched(Against.PEOPLE.held(WRITTEN)))
                .containsExactly(
                        "errors", "latency.p95 within 50 ms", "quality.accuracy", "agreement");
    }

    @Test
    void nothingComesLiveUnwatchedForWantOfAComparison() {
        var held = Against.LIMITS.held(plan("guards: [{watch: latency.p99, worse-by: 20 ms}]"));
        assertThat(held.watches())
                .containsExactly(new Watch("errors", new Allowed.AtMost(0.01), List.of(), false));
        // Unless somebody says so.
        assertThat(Against.LIMITS.held(plan("strategy: immediate")).watches()).isEmpty();
    }

    @Test
    void aFallbackIsNoCandidate() {
        assertThatThrownBy(() -> Against.checkIsModel("phones", Map.of("", "people")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("not rolled out");
    }

    @Test
    void aLimitOfTimeIsOneOfHowManyTakeLonger() {
        var guard = Against.LIMITS.held(WRITTEN).watches().get(1);
        var measure = Measure.of(guard.metric(), Optional.of(Logged.OUTPUTS));
        assertThat(measure).isEqualTo(new Measure.Slow(0.95, 50));
        assertThat(guard.guard(measure, Watch.Facts.NONE, 5))
                .isInstanceOfSatisfying(
                        Guard.Limit.class,
                        limit ->
                                assertThat(limit.limit())
                                        .isCloseTo(
                                                0.05, org.assertj.core.data.Offset.offset(1e-12)));
        assertThatThrownBy(() -> plan("guards: [{watch: latency.p99, at-most: 5%}]"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("must be a time");
    }
}
