package dev.davy.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// An answer in the making.
final class Answering {
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, double[]> scores = new LinkedHashMap<>();
    private OptionalDouble confidence = OptionalDouble.empty();

    void put(String output, Object value) {
        values.put(output, value);
    }

    Answer answer() {
        return new Answer(values, scores, confidence);
    }

    /// @param raw the scores as the model gives them; none where it gives none
    /// @param label the label as the model writes it; none for the class with the highest score
    void category(
            Take.Category take,
            double[] raw,
            Optional<String> label,
            Map<String, Integer> classOf) {
        var classes = take.classes();
        // Without a list of classes any text is one.
        if (classes.isEmpty()) label.ifPresent(text -> values.put(take.output(), text));
        var shown = new double[0];
        if (take.scores().isPresent()) {
            shown = Activations.perClass(take, raw);
            scores.put(take.output(), shown);
        }
        int best =
                label.map(text -> classOf.getOrDefault(text, -1)).orElse(Activations.best(shown));
        if (best < 0 || best >= classes.size()) return;
        values.put(take.output(), classes.get(best));
        if (confidence.isEmpty() && best < shown.length && !Double.isNaN(shown[best]))
            confidence = OptionalDouble.of(shown[best]);
    }

    void numbers(Take take, double[] numbers) {
        switch (take) {
            case Take.MultiLabel labels -> multiLabel(labels, numbers);
            case Take.Number number -> number(number, numbers);
            case Take.Vector vector -> {
                var floats = new float[numbers.length];
                for (int at = 0; at < floats.length; at++) floats[at] = (float) numbers[at];
                values.put(vector.output(), floats);
            }
            case Take.Ranking ranking -> ranking(ranking, numbers);
            case Take.Category _, Take.Text _, Take.Boxes _ ->
                    throw new IllegalStateException("not numbers alone: " + take);
        }
    }

    private void multiLabel(Take.MultiLabel take, double[] numbers) {
        var shown = Activations.apply(take.activation(), numbers);
        if (shown.length != take.classes().size()) throw wrongCount(take.scores(), shown.length);
        var found = new ArrayList<String>();
        for (int c = 0; c < shown.length; c++)
            if (shown[c] >= take.threshold()) found.add(take.classes().get(c));
        values.put(take.output(), List.copyOf(found));
        scores.put(take.output(), shown);
    }

    private void number(Take.Number take, double[] numbers) {
        if (take.index() >= numbers.length) throw wrongCount(take.from(), numbers.length);
        var one = new double[] {numbers[take.index()]};
        values.put(take.output(), Activations.apply(take.activation(), one)[0]);
    }

    private void ranking(Take.Ranking take, double[] numbers) {
        if (numbers.length != take.classes().size())
            throw wrongCount(take.scores(), numbers.length);
        var order = new ArrayList<Integer>();
        for (int c = 0; c < numbers.length; c++) order.add(c);
        order.sort(Comparator.comparingDouble((Integer c) -> numbers[c]).reversed());
        values.put(take.output(), order.stream().map(take.classes()::get).toList());
        scores.put(take.output(), numbers);
    }

    private static RuntimeException wrongCount(String tensor, int count) {
        return Failures.broken(
                "output '"
                        + tensor
                        + "' has "
                        + count
                        + " numbers a row, which is not what the bundle says");
    }
}
