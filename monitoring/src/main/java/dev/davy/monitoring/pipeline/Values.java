package dev.davy.monitoring.pipeline;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// The values of one thing in a sample: numbers, or texts, or neither.
final class Values {
    private double[] numbers = new double[16];
    private int count;
    private final Map<String, Long> texts = new TreeMap<>();
    private long textCount;

    void number(double number) {
        if (!Double.isFinite(number)) {
            // Not a number is a category of its own, and one worth seeing.
            text(Double.toString(number));
            return;
        }
        if (count == numbers.length) numbers = Arrays.copyOf(numbers, 2 * count);
        numbers[count++] = number;
    }

    void text(String text) {
        texts.merge(text, 1L, Long::sum);
        textCount++;
    }

    /// How many rows have a value.
    long present() {
        return count + textCount;
    }

    /// Whether they can be compared as numbers: one alone can't.
    boolean isNumbers() {
        return count > 1 && textCount == 0;
    }

    double[] numbers() {
        return Arrays.copyOf(numbers, count);
    }

    /// Numbers among texts are one text, and so is a single one.
    Map<String, Long> texts() {
        if (count == 0) return Map.copyOf(texts);
        var all = new TreeMap<>(texts);
        all.merge("(numbers)", (long) count, Long::sum);
        return all;
    }

    /// The middle of the numbers; else the most frequent text, with its share of the rows.
    ///
    /// @param rows of the sample
    String shown(long rows) {
        if (present() == 0) return "missing";
        if (isNumbers()) {
            var sorted = numbers();
            Arrays.sort(sorted);
            return "%.3g".formatted(sorted[count / 2]);
        }
        var most = texts().entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        return "%s %.0f %%".formatted(most.getKey(), 100.0 * most.getValue() / rows);
    }
}
