package dev.davy.monitoring;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.serving.Cases;
import dev.davy.serving.LoggedInput;
import dev.davy.serving.Prediction;
import dev.davy.stats.quality.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How a prediction counts once its truth is known. Pure.
final class Outcomes {
    /// Said by one that gave no answer: wrong, whatever was true.
    static final String NOTHING = "(nothing)";

    /// How much two boxes must overlap to be the same thing.
    private static final double OVERLAP = 0.5;

    /// A person who is asked once in ten thousand cases would let one outcome stand for as many.
    private static final double WEIGHT_MOST = 10_000;

    private Outcomes() {}

    /// The output that a truth is of; empty where it can't be told.
    static Optional<Output> output(List<Output> outputs, Optional<String> named) {
        if (named.isEmpty())
            return outputs.size() == 1 ? Optional.of(outputs.getFirst()) : Optional.empty();
        return outputs.stream().filter(each -> each.name().equals(named.get())).findFirst();
    }

    /// What the outcome adds to its window.
    ///
    /// @param before the truth that came to be known just before this one, of the same output
    static Quality of(
            Prediction prediction, Output output, JsonNode truth, Optional<JsonNode> before) {
        double weight = weight(prediction);
        var said = Cases.answer(prediction).get(output.name());
        var quality = quality(output.kind(), said, truth, before, weight);
        var outputs = new TreeMap<>(Map.of(output.name(), quality));
        return new Quality(
                outputs,
                Quality.EMPTY.delay(),
                confidences(prediction, output, said, quality, weight),
                weight == 1 ? 0 : 1,
                0,
                0);
    }

    private static double weight(Prediction prediction) {
        var asked = prediction.asked();
        if (asked.isEmpty() || !(asked.getAsDouble() > 0)) return 1;
        return Math.min(WEIGHT_MOST, 1 / asked.getAsDouble());
    }

    private static Confidences confidences(
            Prediction prediction,
            Output output,
            @Nullable Object said,
            OutputQuality quality,
            double weight) {
        if (!(output.kind() instanceof OutputKind.Category) || said == null)
            return Confidences.NONE;
        var sure = Confidences.said(prediction);
        if (sure.isEmpty() || !sure.get().equals(LoggedInput.text(said))) return Confidences.NONE;
        var builder = new Confidences.Builder();
        builder.add(
                sure.get(),
                Cases.confidence(prediction).orElseThrow(),
                weight,
                quality.score().sum() > 0);
        return builder.build();
    }

    private static OutputQuality quality(
            OutputKind kind,
            @Nullable Object said,
            JsonNode truth,
            Optional<JsonNode> before,
            double weight) {
        return switch (kind) {
            case OutputKind.Category _, OutputKind.Text _ -> classes(said, truth, before, weight);
            case OutputKind.Number _ -> number(said, truth, before, weight);
            case OutputKind.MultiLabel _ -> scored(labels(said, truth), weight);
            case OutputKind.Boxes _ -> scored(boxes(said, truth), weight);
            case OutputKind.Ranking _ -> scored(ranking(said, truth), weight);
            case OutputKind.Vector _ -> vector(said, truth, weight);
        };
    }

    private static OutputQuality classes(
            @Nullable Object said, JsonNode truth, Optional<JsonNode> before, double weight) {
        var is = Shares.said(text(truth));
        var answered = said == null ? NOTHING : Shares.said(LoggedInput.text(said));
        boolean right = said != null && LoggedInput.text(said).equals(text(truth));
        var unchanged =
                before.map(was -> Sums.of(text(was).equals(text(truth)) ? 1 : 0, weight))
                        .orElse(Sums.NONE);
        return new OutputQuality(
                Sums.of(right ? 1 : 0, weight),
                new ConfusionMatrix.Builder().add(is, answered, weight).build(),
                Sums.NONE,
                Sums.NONE,
                unchanged);
    }

    private static String text(JsonNode truth) {
        return truth.isNumber() ? LoggedInput.text(truth.doubleValue()) : truth.asString("");
    }

    private static OutputQuality number(
            @Nullable Object said, JsonNode truth, Optional<JsonNode> before, double weight) {
        var number = number(said);
        if (!truth.isNumber() || number.isEmpty()) return OutputQuality.NONE;
        double off = number.getAsDouble() - truth.doubleValue();
        if (!Double.isFinite(off)) return OutputQuality.NONE;
        var unchanged =
                before.filter(JsonNode::isNumber)
                        .map(was ->
                                Sums.of(Math.abs(was.doubleValue() - truth.doubleValue()), weight))
                        .orElse(Sums.NONE);
        return new OutputQuality(
                Sums.NONE,
                ConfusionMatrix.NONE,
                Sums.of(Math.abs(off), weight),
                Sums.of(off, weight),
                unchanged);
    }

    private static OptionalDouble number(@Nullable Object said) {
        return switch (said) {
            case Number number -> OptionalDouble.of(number.doubleValue());
            case Prediction.Numbers(var _, var values) when values.size() == 1 ->
                    OptionalDouble.of(values.getFirst().doubleValue());
            case null, default -> OptionalDouble.empty();
        };
    }

    private static OutputQuality scored(OptionalDouble score, double weight) {
        return score.isEmpty()
                ? OutputQuality.NONE
                : new OutputQuality(
                        Sums.of(score.getAsDouble(), weight),
                        ConfusionMatrix.NONE,
                        Sums.NONE,
                        Sums.NONE,
                        Sums.NONE);
    }

    /// F1 of the labels: what both have, twice, of all that either has.
    private static OptionalDouble labels(@Nullable Object said, JsonNode truth) {
        if (!truth.isArray()) return OptionalDouble.empty();
        Set<String> is = new HashSet<>();
        for (var each : truth) is.add(each.asString(""));
        Set<String> answered = new HashSet<>();
        if (said instanceof List<?> list) for (var each : list) answered.add(String.valueOf(each));
        int both = is.size() + answered.size();
        if (both == 0) return OptionalDouble.of(1);
        is.retainAll(answered);
        return OptionalDouble.of(2.0 * is.size() / both);
    }

    /// F1 of the boxes: each true box is met by at most one that was said, of the same class, by
    /// half of what both cover.
    private static OptionalDouble boxes(@Nullable Object said, JsonNode truth) {
        if (!truth.isArray()) return OptionalDouble.empty();
        var answered = new ArrayList<Found>();
        if (said instanceof List<?> list)
            for (var each : list) Found.of(each).ifPresent(answered::add);
        int both = truth.size() + answered.size();
        if (both == 0) return OptionalDouble.of(1);
        int met = 0;
        for (var each : truth) {
            var is = Found.of(each);
            if (is.isEmpty()) continue;
            Found best = null;
            for (var found : answered)
                if (found.overlap(is.get()) >= OVERLAP
                        && (best == null || found.overlap(is.get()) > best.overlap(is.get())))
                    best = found;
            if (best == null) continue;
            answered.remove(best);
            met++;
        }
        return OptionalDouble.of(2.0 * met / both);
    }

    /// One box.
    private record Found(String name, double x, double y, double width, double height) {
        static Optional<Found> of(@Nullable Object said) {
            if (said instanceof JsonNode json && json.path("box").size() == 4) {
                var box = json.path("box");
                return Optional.of(
                        new Found(
                                json.path("class").asString(""),
                                box.get(0).asDouble(),
                                box.get(1).asDouble(),
                                box.get(2).asDouble(),
                                box.get(3).asDouble()));
            }
            if (said instanceof Map<?, ?> map
                    && map.get("box") instanceof List<?> box
                    && box.size() == 4) {
                var at = new double[4];
                for (int i = 0; i < 4; i++)
                    at[i] = box.get(i) instanceof Number number ? number.doubleValue() : Double.NaN;
                if (Arrays.stream(at).anyMatch(Double::isNaN)) return Optional.empty();
                return Optional.of(
                        new Found(String.valueOf(map.get("class")), at[0], at[1], at[2], at[3]));
            }
            return Optional.empty();
        }

        double overlap(Found that) {
            if (!name.equals(that.name)) return 0;
            double wide = Math.min(x + width, that.x + that.width) - Math.max(x, that.x);
            double high = Math.min(y + height, that.y + that.height) - Math.max(y, that.y);
            if (wide <= 0 || high <= 0) return 0;
            double both = wide * high;
            return both / (width * height + that.width * that.height - both);
        }
    }

    /// The share of the best that could be reached: DCG of what was said, of the best order's.
    private static OptionalDouble ranking(@Nullable Object said, JsonNode truth) {
        if (!truth.isObject() || !(said instanceof List<?> list)) return OptionalDouble.empty();
        double gained = 0;
        for (int i = 0; i < list.size(); i++)
            gained += truth.path(String.valueOf(list.get(i))).asDouble(0) / discount(i);
        var relevances = new ArrayList<Double>();
        truth.forEach(each -> relevances.add(each.asDouble(0)));
        relevances.sort((a, b) -> Double.compare(b, a));
        double best = 0;
        for (int i = 0; i < Math.min(relevances.size(), list.size()); i++)
            best += relevances.get(i) / discount(i);
        return best > 0 ? OptionalDouble.of(gained / best) : OptionalDouble.empty();
    }

    private static double discount(int place) {
        return Math.log(place + 2.0) / Math.log(2);
    }

    /// Of a vector counts how far it is off, as a root mean square.
    private static OutputQuality vector(@Nullable Object said, JsonNode truth, double weight) {
        if (!(said instanceof Prediction.Numbers(var _, var values))
                || !truth.isArray()
                || truth.size() != values.size()) return OutputQuality.NONE;
        double squares = 0;
        for (int i = 0; i < values.size(); i++) {
            double off = values.get(i).doubleValue() - truth.get(i).asDouble(Double.NaN);
            squares += off * off;
        }
        double off = Math.sqrt(squares / values.size());
        if (!Double.isFinite(off)) return OutputQuality.NONE;
        return new OutputQuality(
                Sums.NONE, ConfusionMatrix.NONE, Sums.of(off, weight), Sums.NONE, Sums.NONE);
    }
}
