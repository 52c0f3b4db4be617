package dev.davy.monitoring;

import dev.davy.schema.Schema;
import dev.davy.serving.Cases;
import dev.davy.serving.Prediction;
import dev.davy.serving.feedback.Feedback;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a prediction counts in its window. Pure: the same predictions in the same order make the
/// same window.
final class Counting {
    /// A vector of at most so many numbers is measured number by number.
    static final int SPREAD_MAX = 32;

    private static final double NANOS_PER_MILLI = 1e6;

    private Counting() {}

    static void count(Window.Builder into, Prediction prediction, Optional<Schema> schema) {
        into.predictions++;
        into.arms.add(prediction.arm().word() + " " + prediction.version());
        components(into, prediction);
        prediction.decision().failure().ifPresent(into.errors::add);
        // Whoever decided it: what is watched is the model.
        var confidence = Cases.confidence(prediction);
        if (confidence.isPresent()) into.confidence.number(confidence.getAsDouble());
        Deciders.of(prediction).ifPresent(by -> into.component(Deciders.COLUMN).text(by));
        outputs(into, prediction);
        Confidences.said(prediction)
                .ifPresent(said -> into.confidences.add(said, confidence.orElseThrow(), 1));
        if (schema.isPresent()) inputs(into, prediction.inputs(), schema.get());
    }

    static void count(Window.Builder into, Feedback feedback) {
        into.feedback.add(
                feedback.what() instanceof Feedback.What.Event(var event, var _)
                        ? "event " + event
                        : feedback.kind());
    }

    private static void components(Window.Builder into, Prediction prediction) {
        long nanos = 0;
        boolean finite = true;
        boolean several = prediction.answers().size() > 1;
        for (var answer : prediction.answers()) {
            nanos += answer.nanos();
            if (several) component(into, answer);
            if (answer.failure().isPresent())
                into.troubles.add(answer.component() + " " + answer.failure().get());
            for (var value : answer.values().values()) finite &= isFinite(value);
            for (var scores : answer.scores().values())
                for (double score : scores) finite &= Double.isFinite(score);
        }
        if (!prediction.answers().isEmpty()) into.latency.number(nanos / NANOS_PER_MILLI);
        if (!finite) into.notFinite++;
    }

    /// One that was skipped said nothing, and is not late either.
    private static void component(Window.Builder into, Prediction.ComponentAnswer answer) {
        if (answer.skipped()) return;
        var name = answer.component();
        into.component(name + ".latency").number(answer.nanos() / NANOS_PER_MILLI);
        if (answer.confidence().isPresent())
            into.component(name + ".confidence").number(answer.confidence().getAsDouble());
        answer.values()
                .forEach(
                        (output, said) -> output(into.component(name + ".output." + output), said));
    }

    private static boolean isFinite(Object value) {
        return switch (value) {
            case Double number -> Double.isFinite(number);
            case Float number -> Float.isFinite(number);
            case Prediction.Numbers(var _, var values) -> {
                for (var each : values) if (!Double.isFinite(each.doubleValue())) yield false;
                yield true;
            }
            default -> true;
        };
    }

    private static void outputs(Window.Builder into, Prediction prediction) {
        Cases.answer(prediction).forEach((name, said) -> output(into.output(name), said));
    }

    private static void output(Measure.Builder measure, @Nullable Object said) {
        switch (said) {
            case List<?> labels -> {
                measure.row();
                for (var label : labels) if (label instanceof String text) measure.label(text);
            }
            case Prediction.Numbers(var _, var values) when values.size() == 1 ->
                    measure.number(values.getFirst().doubleValue());
            case Object value -> value(measure, value);
            case null -> measure.missing();
        }
    }

    private static void inputs(Window.Builder into, List<@Nullable Object> inputs, Schema schema) {
        // An endpoint may keep the inputs of a share of its predictions only.
        if (inputs.size() != schema.columns().size()) return;
        into.inputsKept++;
        for (int i = 0; i < inputs.size(); i++)
            input(into, schema.columns().get(i).name(), inputs.get(i));
    }

    private static void input(Window.Builder into, String name, @Nullable Object value) {
        switch (value) {
            case Prediction.Withheld _ -> {} // not even that it was there is to be known
            case Prediction.Summary(var _, var _, var _, var _, var _, var measured) -> {
                into.input(name).opaque();
                measured(into, name, measured);
            }
            case Prediction.Numbers(var _, var values) -> numbers(into, name, values);
            case Object some -> value(into.input(name), some);
            case null -> into.input(name).missing();
        }
    }

    private static void measured(Window.Builder into, String name, Map<String, Double> measured) {
        measured.forEach((what, number) -> into.input(name + "." + what).number(number));
    }

    private static void numbers(Window.Builder into, String name, List<? extends Number> values) {
        if (values.size() == 1) {
            into.input(name).number(values.getFirst().doubleValue());
            return;
        }
        into.input(name).opaque();
        if (values.size() <= SPREAD_MAX) {
            for (int i = 0; i < values.size(); i++)
                into.input(name + "[" + i + "]").number(values.get(i).doubleValue());
            return;
        }
        double sum = 0, squares = 0;
        double min = Double.POSITIVE_INFINITY, max = Double.NEGATIVE_INFINITY;
        long finite = 0;
        for (var each : values) {
            double number = each.doubleValue();
            if (!Double.isFinite(number)) continue;
            finite++;
            sum += number;
            squares += number * number;
            min = Math.min(min, number);
            max = Math.max(max, number);
        }
        into.input(name + ".not-finite").number((double) (values.size() - finite));
        if (finite == 0) return;
        double mean = sum / finite;
        into.input(name + ".mean").number(mean);
        into.input(name + ".sd").number(Math.sqrt(Math.max(0, squares / finite - mean * mean)));
        into.input(name + ".min").number(min);
        into.input(name + ".max").number(max);
    }

    private static void value(Measure.Builder into, Object value) {
        switch (value) {
            case Number number -> into.number(number.doubleValue());
            case String text -> into.text(text);
            case Boolean flag -> into.text(flag.toString());
            case Instant time -> into.number(time.getEpochSecond() + time.getNano() / 1e9);
            default -> into.opaque();
        }
    }
}
