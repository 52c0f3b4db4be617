package dev.davy.monitoring;

import dev.davy.schema.Expression;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.serving.Cases;
import dev.davy.serving.LoggedInput;
import dev.davy.serving.Prediction;
import dev.davy.strict.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Metrics that a person declared as an expression over what a prediction holds: `input.…`,
/// `output.…`, `confidence`, `latency` in milliseconds, `failed`. For one thread.
///
/// A number counts as it is, a truth as 1 or 0, a text as a category; each is a column like any
/// other, `metric.NAME`.
final class Customs {
    private final List<Plan.Custom> declared;
    private final List<Output> outputs;
    private final Map<Long, List<Compiled>> known = new HashMap<>();

    private record Compiled(String column, Expression expression) {}

    Customs(List<Plan.Custom> declared, List<Output> outputs) {
        this.declared = List.copyOf(declared);
        this.outputs = List.copyOf(outputs);
    }

    /// @throws Problem UNACCEPTABLE if it can't be read against this input
    static void check(Plan.Custom custom, Schema schema, List<Output> outputs) {
        Expression.parse(custom.expression(), scope(schema, outputs));
    }

    private static Expression.Scope scope(Schema schema, List<Output> outputs) {
        var input = schema.scope("input");
        return path ->
                switch (path) {
                    case "confidence", "latency" -> Optional.of(Expression.Type.NUMBER);
                    case "failed" -> Optional.of(Expression.Type.BOOLEAN);
                    default ->
                            path.startsWith("output.")
                                    ? output(path.substring("output.".length()), outputs)
                                    : input.typeOf(path);
                };
    }

    private static Optional<Expression.Type> output(String name, List<Output> outputs) {
        return outputs.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .flatMap(output ->
                        switch (output.kind()) {
                            case OutputKind.Category _, OutputKind.Text _ ->
                                    Optional.of(Expression.Type.TEXT);
                            case OutputKind.Number _ -> Optional.of(Expression.Type.NUMBER);
                            case OutputKind.MultiLabel _,
                                    OutputKind.Boxes _,
                                    OutputKind.Ranking _,
                                    OutputKind.Vector _ ->
                                    Optional.empty();
                        });
    }

    /// Counts them all.
    void count(Window.Builder into, Prediction prediction, Optional<Schema> schema) {
        count(into::component, prediction, schema);
    }

    /// The same into columns of any kind.
    void count(
            Function<String, Measure.Builder> into,
            Prediction prediction,
            Optional<Schema> schema) {
        if (declared.isEmpty() || schema.isEmpty()) return;
        for (var each : known.computeIfAbsent(prediction.schema(), _ -> compiled(schema.get()))) {
            var measure = into.apply(each.column);
            switch (each.expression.value(path -> value(prediction, schema.get(), path))) {
                case Boolean is -> measure.number(is ? 1 : 0);
                case Number number -> measure.number(number.doubleValue());
                case String text -> measure.text(text);
                case null -> measure.missing();
                default -> measure.opaque();
            }
        }
    }

    private List<Compiled> compiled(Schema schema) {
        var all = new ArrayList<Compiled>();
        for (var custom : declared)
            try {
                all.add(
                        new Compiled(
                                "metric." + custom.name(),
                                Expression.parse(custom.expression(), scope(schema, outputs))));
            } catch (Problem notOfThisSchema) {
                // Predictions of an earlier schema have no such metric.
            }
        return all;
    }

    private static @Nullable Object value(Prediction prediction, Schema schema, String path) {
        return switch (path) {
            case "confidence" ->
                    Cases.confidence(prediction).isPresent()
                            ? (Double) Cases.confidence(prediction).getAsDouble()
                            : null;
            case "latency" -> prediction.nanos() / 1e6;
            case "failed" -> prediction.decision().failure().isPresent();
            default ->
                    path.startsWith("output.")
                            ? said(Cases.answer(prediction).get(path.substring("output.".length())))
                            : LoggedInput.value(prediction, schema, path);
        };
    }

    private static @Nullable Object said(@Nullable Object output) {
        return switch (output) {
            case Double number -> number;
            case Float number -> number.doubleValue();
            case Long number -> number;
            case String text -> text;
            case Boolean flag -> flag;
            case Instant time -> time;
            case Prediction.Numbers(var _, var values) when values.size() == 1 ->
                    values.getFirst().doubleValue();
            case null, default -> null;
        };
    }
}
