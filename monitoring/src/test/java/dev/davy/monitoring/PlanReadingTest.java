package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanReadingTest {
    @Test
    void metricsAreReadAsTheyAreWritten() {
        for (var text :
                List.of(
                        "errors",
                        "requests",
                        "confidence",
                        "latency.p99",
                        "input.age",
                        "input.image.brightness",
                        "input.age.missing",
                        "input.age.p50",
                        "output.label.share(scratch)",
                        "component.vad.output.speech",
                        "event.redo",
                        "quality.accuracy",
                        "quality.recall(scratch)",
                        "quality.label.recall(scratch)",
                        "quality.mae",
                        "quality.surprise")) assertThat(Metric.read(text).text()).isEqualTo(text);
        assertThat(Metric.read("latency.p99")).isInstanceOf(Metric.Quantile.class);
        assertThat(Metric.read("quality.label.recall(scratch)"))
                .isInstanceOfSatisfying(
                        Metric.Figure.class,
                        figure -> {
                            assertThat(figure.output()).hasValue("label");
                            assertThat(figure.of()).hasValue("scratch");
                        });
        assertThatThrownBy(() -> Metric.read("brightness"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("metric-unknown"));
        assertThatThrownBy(() -> Metric.read("quality.recall")).isInstanceOf(Problem.class);
    }

    @Test
    void aCorrectionTakesAwayWhatCountedBefore() {
        var one = Sums.of(1, 2).merge(Sums.of(0, 0.5)).merge(Sums.of(1, 1));
        var less = one.minus(Sums.of(0, 0.5));
        assertThat(less.mean().mean()).isEqualTo(1);
        assertThat(less.count()).isEqualTo(2);
        assertThat(one.mean().mean()).isEqualTo(3 / 3.5);
    }
}
