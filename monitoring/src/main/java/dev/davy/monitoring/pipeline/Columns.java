package dev.davy.monitoring.pipeline;

import dev.davy.schema.Column;
import dev.davy.schema.Schema;
import dev.davy.serving.Prediction;
import dev.davy.serving.Prediction.ComponentAnswer;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The values of many things over the rows of one sample, each by its name. A row that does not
/// tell of a thing has it missing.
final class Columns {
    /// A vector of at most so many numbers is compared number by number.
    private static final int SPREAD_MAX = 32;

    private static final Values NONE = new Values();

    private final TreeMap<String, Values> byName = new TreeMap<>();
    private long rows;

    long rows() {
        return rows;
    }

    SortedSet<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    Values of(String name) {
        return byName.getOrDefault(name, NONE);
    }

    private Values at(String name) {
        return byName.computeIfAbsent(name, any -> new Values());
    }

    /// One row of the input. Times always move on, and are left out; of texts and hashes only
    /// whether they are there is compared, since each may be another.
    void inputs(List<@Nullable Object> inputs, Schema schema) {
        if (inputs.size() != schema.columns().size()) return;
        rows++;
        for (int i = 0; i < inputs.size(); i++) input(schema.columns().get(i), inputs.get(i));
    }

    private void input(Column column, @Nullable Object value) {
        if (value == null) {
            // So that it is known even where no row has it.
            switch (column.type()) {
                case TIME, IMAGE, AUDIO, VECTOR -> {}
                case NUMBER, INTEGER, CATEGORY, TEXT, BOOLEAN -> at(column.name());
            }
            return;
        }
        switch (column.type()) {
            case TIME -> {}
            case TEXT -> at(column.name()).text("(a text)");
            case NUMBER, INTEGER, CATEGORY, BOOLEAN, IMAGE, AUDIO, VECTOR ->
                    value(column.name(), value);
        }
    }

    /// What the components of one row said: `vad.speech`, `vad.confidence`.
    void said(List<ComponentAnswer> answers) {
        rows++;
        for (var answer : answers) {
            answer.values()
                    .forEach((output, value) -> value(answer.component() + "." + output, value));
            if (answer.confidence().isPresent())
                at(answer.component() + ".confidence").number(answer.confidence().getAsDouble());
        }
    }

    private void value(String name, Object value) {
        switch (value) {
            case Number number -> at(name).number(number.doubleValue());
            case String text -> at(name).text(text);
            case Boolean flag -> at(name).text(flag.toString());
            case Prediction.Summary summary ->
                    summary.measured()
                            .forEach((what, number) -> at(name + "." + what).number(number));
            case Prediction.Numbers(var _, var numbers) -> numbers(name, numbers);
            case Prediction.Hashed _ -> at(name).text("(a hash)");
            case Prediction.Withheld _, Instant _ -> {}
            case List<?> list ->
                    at(name).text(
                                    String.join(
                                            ", ",
                                            list.stream().map(String::valueOf).sorted().toList()));
            default -> at(name).text(value.toString());
        }
    }

    private void numbers(String name, List<? extends Number> numbers) {
        if (numbers.size() == 1) {
            at(name).number(numbers.getFirst().doubleValue());
        } else if (numbers.size() <= SPREAD_MAX) {
            for (int i = 0; i < numbers.size(); i++)
                at(name + "[" + i + "]").number(numbers.get(i).doubleValue());
        } else {
            var summary = numbers.stream().mapToDouble(Number::doubleValue).summaryStatistics();
            at(name + ".mean").number(summary.getAverage());
            at(name + ".min").number(summary.getMin());
            at(name + ".max").number(summary.getMax());
        }
    }
}
