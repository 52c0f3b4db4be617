package dev.davy.review.explain;

import dev.davy.review.explain.Explanation.Method;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.schema.Schema;
import dev.davy.serving.Prediction;
import dev.davy.serving.Rerun;
import dev.davy.serving.past.Logged;
import dev.davy.serving.past.Restored;
import dev.davy.strict.Audio;
import dev.davy.strict.Images;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/// Explains one prediction with one model. Once, for one thread.
final class Explaining {
    /// Runs of the model for the values of a row.
    private static final int RUNS_MOST = 2_000;

    private final Logged logged;
    private final Schema schema;
    private final Wanted wanted;
    private final Recent recent;
    private final long deadlineNanos;
    private int runs;

    /// What is asked for.
    ///
    /// @param category the class whose score is followed; empty: the one that was answered
    /// @param cells of a picture's side, or of a recording
    /// @param asked whether the model may be asked at all
    record Wanted(Optional<String> category, int cells, boolean asked) {}

    Explaining(Logged logged, Schema schema, Wanted wanted, Recent recent, long deadlineNanos) {
        this.logged = logged;
        this.schema = schema;
        this.wanted = wanted;
        this.recent = recent;
        this.deadlineNanos = deadlineNanos;
    }

    /// How unusual the values are; nobody is asked.
    Explanation without() {
        return new Explanation(
                Method.NONE,
                logged.prediction().version(),
                Optional.empty(),
                OptionalDouble.empty(),
                "",
                Optional.empty(),
                columns(Map.of()),
                recent.size(logged.prediction().id()),
                0);
    }

    /// @throws Problem UNACCEPTABLE `explanation-not-possible`; NOT_FOUND `content-not-kept`;
    ///   MODEL_FAILED; DEADLINE
    Explanation with(Rerun model) {
        var needed = model.inputs();
        for (var name : needed) checkKept(name);
        var row = Restored.row(logged, schema, needed).orElseThrow(this::notPossible);
        var answer = ask(model, List.of(row)).getFirst();
        if (answer.failure().isPresent()) throw failed(answer.failure().get());
        if (answer.outputs().isEmpty()) throw byPeople();
        var target = Target.of(model.outputs().getFirst(), answer, wanted.category());
        double base = target.in(answer);
        Asking asking = rows -> ask(model, rows).stream().mapToDouble(target::in).toArray();
        var media =
                schema.columns().stream()
                        .filter(each -> row.at(each.name()) instanceof Media)
                        .findFirst();
        return media.isPresent()
                ? occluded(model, row, media.get(), target, base, asking)
                : sampled(model, row, target, base, asking);
    }

    private Explanation occluded(
            Rerun model, Row row, Column column, Target target, double base, Asking asking) {
        var file = ((Media) java.util.Objects.requireNonNull(row.at(column.name()))).bytes();
        var occlusion = new Occlusion(asking, row, column.name());
        var grid =
                column.type() == ColumnType.IMAGE
                        ? occlusion.of(
                                new Picture(Images.decode(file, Limits.DEFAULT)),
                                wanted.cells(),
                                base)
                        : occlusion.of(
                                new Recording(Audio.decode(file, Limits.DEFAULT)),
                                2 * wanted.cells(),
                                base);
        return explained(
                Method.OCCLUSION, model, target, base, column.name(), Optional.of(grid), Map.of());
    }

    private Explanation sampled(Rerun model, Row row, Target target, double base, Asking asking) {
        var needed = model.inputs();
        var columns = schema.columns().stream().map(Column::name).filter(needed::contains).toList();
        var others = recent.rows(columns, logged.prediction().id());
        if (columns.isEmpty() || others.isEmpty()) throw nothingToCompare();
        var found =
                Shapley.of(
                        asking,
                        row,
                        columns,
                        others,
                        RUNS_MOST,
                        new Random(logged.prediction().id().getLeastSignificantBits()),
                        // Half of the time is enough for a good answer.
                        () ->
                                deadlineNanos - System.nanoTime()
                                        > Explanations.ASKING.toNanos() / 2);
        return explained(Method.SHAPLEY, model, target, base, "", Optional.empty(), found.pushes());
    }

    private Explanation explained(
            Method method,
            Rerun model,
            Target target,
            double base,
            String column,
            Optional<Explanation.Grid> grid,
            Map<String, Shapley.Push> pushes) {
        return new Explanation(
                method,
                String.join(" ", model.stood().live().values().stream().sorted().toList()),
                Optional.of(target),
                OptionalDouble.of(base),
                column,
                grid,
                columns(pushes),
                recent.size(logged.prediction().id()),
                runs);
    }

    private List<Rerun.Whole> ask(Rerun model, List<Row> rows) {
        if (System.nanoTime() > deadlineNanos) throw tooLong();
        runs += rows.size();
        return model.ask(rows, deadlineNanos);
    }

    private List<Explanation.Column> columns(Map<String, Shapley.Push> pushes) {
        var columns = new ArrayList<Explanation.Column>();
        var inputs = logged.prediction().inputs();
        for (int i = 0; i < Math.min(inputs.size(), logged.columns().size()); i++) {
            var name = logged.columns().get(i);
            var value = inputs.get(i);
            if (value instanceof Prediction.Summary) continue;
            var push = Optional.ofNullable(pushes.get(name));
            columns.add(
                    new Explanation.Column(
                            name,
                            said(value),
                            push.map(each -> OptionalDouble.of(each.value()))
                                    .orElse(OptionalDouble.empty()),
                            push.map(each -> OptionalDouble.of(each.error()))
                                    .orElse(OptionalDouble.empty()),
                            isToldApart(value)
                                    ? Usual.place(
                                            value, recent.values(name, logged.prediction().id()))
                                    : Optional.empty()));
        }
        return columns;
    }

    private static boolean isToldApart(@org.jspecify.annotations.Nullable Object value) {
        return !(value instanceof Prediction.Withheld)
                && !(value instanceof Prediction.Hashed)
                && !(value instanceof Prediction.Numbers);
    }

    private static String said(@org.jspecify.annotations.Nullable Object value) {
        return switch (value) {
            case null -> "missing";
            case Prediction.Hashed _ -> "hashed";
            case Prediction.Withheld _ -> "withheld";
            default -> Usual.text(value);
        };
    }

    /// Says which column keeps the model from being asked again.
    private void checkKept(String name) {
        int place = logged.columns().indexOf(name);
        var inputs = logged.prediction().inputs();
        if (place < 0 || place >= inputs.size()) throw notPossible();
        if (inputs.get(place) instanceof Prediction.Summary && !logged.content().containsKey(name))
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "content-not-kept",
                    "The answer can't be explained.",
                    "What was sent as '"
                            + name
                            + "' is not kept: its endpoint keeps a share of"
                            + " them only, or it is too old.",
                    "Keep more of them: log.keep of the endpoint.");
    }

    private Problem notPossible() {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "explanation-not-possible",
                "The answer can't be explained.",
                "The log does not hold all that the model looked at: some of it is hashed or"
                        + " withheld, or tensors were sent in place of columns.",
                "Send rows, and let the log keep what the model looks at, if that may be.");
    }

    private static Problem byPeople() {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "explanation-not-possible",
                "The answer can't be explained.",
                "People answered, and no model could be asked why.",
                "Read what they said of it: the prediction's judgements.");
    }

    private static Problem nothingToCompare() {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "nothing-to-compare-with",
                "The answer can't be explained yet.",
                "The values of a row are held against those of recent rows, and the log has none.",
                "Ask again when more has been predicted.");
    }

    private static Problem failed(String code) {
        return new Problem(
                Problem.Kind.MODEL_FAILED,
                "model-failed-again",
                "The answer can't be explained.",
                "The model was asked the same again and failed: " + code + ".",
                "Look at the prediction itself.");
    }

    static Problem tooLong() {
        return new Problem(
                Problem.Kind.DEADLINE,
                "explanation-took-too-long",
                "The answer could not be explained in time.",
                "The model would have to be asked more often than it can answer in "
                        + Explanations.ASKING.toSeconds()
                        + " s.",
                "Ask with fewer cells.");
    }
}
