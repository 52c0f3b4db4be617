package dev.davy.serving;

import dev.davy.runtime.Answer;
import dev.davy.schema.Expression;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Row;
import dev.davy.schema.Schema;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An endpoint's components, loaded and compiled: what stands behind an arm.
///
/// @param steps in order
/// @param outputs where each output of the endpoint comes from
public record Program(List<Step> steps, List<Source> outputs) {
    /// What the paths of the input's columns begin with.
    private static final String INPUT = "input.";

    /// One component, ready to run.
    public sealed interface Step {
        String name();

        Optional<Expression> when();

        /// What it says: outputs by name.
        List<Output> says();

        /// What stands behind it, in answers and in the log.
        String version();
    }

    /// A model, and where each of its columns comes from.
    record ModelStep(
            String name, Optional<Expression> when, LoadedModel model, Map<String, Feed> columns)
            implements Step {
        @Override
        public List<Output> says() {
            return model.bundle().outputs();
        }

        @Override
        public String version() {
            return model.version();
        }
    }

    /// Expressions.
    record RuleStep(
            String name,
            Optional<Expression> when,
            Map<String, Expression> rules,
            List<Output> says)
            implements Step {
        @Override
        public String version() {
            return "rule";
        }
    }

    /// A small table.
    record LookupStep(
            String name,
            Optional<Expression> when,
            Expression equals,
            Map<Object, Map<String, Object>> table,
            List<Output> says)
            implements Step {
        @Override
        public String version() {
            return "lookup";
        }
    }

    /// What stands where a model may come: a declared answer, or expressions; where people do, it
    /// says nothing.
    record FallbackStep(
            String name,
            String version,
            Map<String, Object> answer,
            Map<String, Expression> rules,
            List<Output> says)
            implements Step {
        @Override
        public Optional<Expression> when() {
            return Optional.empty();
        }
    }

    /// Where a model's column comes from.
    sealed interface Feed {
        /// The value of a path as it is; images and audio too.
        record AsItIs(String path) implements Feed {}

        record Computed(Expression expression) implements Feed {}
    }

    /// Where an output of the endpoint comes from.
    ///
    /// @param component its step
    /// @param output that step's name for it
    public record Source(Output output, int component, String from) {}

    public Program {
        steps = List.copyOf(steps);
        outputs = List.copyOf(outputs);
    }

    /// The only model, if that is all there is and it takes the input as it is: then tensors may go
    /// straight to it.
    public Optional<LoadedModel> only() {
        return steps.size() == 1
                        && steps.getFirst() instanceof ModelStep step
                        && step.when().isEmpty()
                        && step.columns().entrySet().stream()
                                .allMatch(each ->
                                        each.getValue()
                                                .equals(new Feed.AsItIs("input." + each.getKey())))
                ? Optional.of(step.model())
                : Optional.empty();
    }

    /// What answered, for people: `mlp/1`, or `vad=silero/1 recogniser=kws/3`.
    public String version() {
        var models = steps.stream().filter(Program::isVersioned).toList();
        if (models.size() == 1) return models.getFirst().version();
        if (models.isEmpty()) return "rule";
        return models.stream()
                .map(step -> step.name() + "=" + step.version())
                .collect(Collectors.joining(" "));
    }

    /// The version of each model in it, and of what stands in for one, by component.
    public Map<String, String> versions() {
        var versions = new LinkedHashMap<String, String>();
        for (var step : steps) if (isVersioned(step)) versions.put(step.name(), step.version());
        return versions;
    }

    private static boolean isVersioned(Step step) {
        return switch (step) {
            case ModelStep _, FallbackStep _ -> true;
            case RuleStep _, LookupStep _ -> false;
        };
    }

    /// Whether people answer, and nothing here does.
    public boolean isPeople() {
        return steps.size() == 1 && steps.getFirst().version().equals(Fallback.PEOPLE);
    }

    /// The version under which the protocol addresses it: the model's number, or 1.
    public String number() {
        return only().map(LoadedModel::number).orElse("1");
    }

    /// About how long its models take for a row.
    long runNanos() {
        return models().stream().mapToLong(LoadedModel::runNanos).sum();
    }

    /// The models in it.
    public List<LoadedModel> models() {
        return steps.stream()
                .flatMap(step ->
                        step instanceof ModelStep model
                                ? java.util.stream.Stream.of(model.model())
                                : java.util.stream.Stream.empty())
                .toList();
    }

    /// What one component said of one row.
    ///
    /// @param answer null when it was skipped or failed
    record Said(@Nullable Answer answer, long nanos, @Nullable Problem problem) {
        static final Said SKIPPED = new Said(null, 0, null);
    }

    /// What went wrong with a row; null: nothing did.
    static @Nullable Problem problem(List<Said> said) {
        for (var each : said) if (each.problem() != null) return each.problem();
        return null;
    }

    /// How long the models took for a row.
    static long nanos(List<Said> said) {
        return said.stream().mapToLong(Said::nanos).sum();
    }

    /// Runs all components over rows, each component over all rows before the next.
    ///
    /// A failure of one row fails that row only.
    ///
    /// @return for each row what each component said, in order; shorter where one failed; nothing
    ///   where people answer
    List<List<Said>> run(List<Row> rows, long deadlineNanos) {
        if (isPeople()) return rows.stream().map(_ -> List.<Said>of()).toList();
        var contexts = new ArrayList<Context>(rows.size());
        for (var row : rows) contexts.add(new Context(row));
        for (var step : steps) run(step, contexts, deadlineNanos);
        return contexts.stream().map(Context::said).toList();
    }

    /// Runs one component alone over rows, as if those before it had said this.
    ///
    /// @param before what they said, by component; for each row
    List<Said> run(
            int component, List<Row> rows, List<Map<String, Answer>> before, long deadlineNanos) {
        var contexts = new ArrayList<Context>(rows.size());
        for (int i = 0; i < rows.size(); i++) contexts.add(new Context(rows.get(i), before.get(i)));
        run(steps.get(component), contexts, deadlineNanos);
        return contexts.stream().map(context -> context.said().getFirst()).toList();
    }

    private static void run(Step step, List<Context> contexts, long deadlineNanos) {
        var asked =
                contexts.stream()
                        .filter(context -> !context.failed())
                        .filter(context -> step.when().isEmpty() || step.when().get().test(context))
                        .toList();
        switch (step) {
            case ModelStep model -> runModel(model, asked, deadlineNanos);
            case RuleStep rule ->
                    asked.forEach(
                            context -> context.say(rule.name(), computed(rule.rules(), context)));
            case FallbackStep fallback ->
                    asked.forEach(context ->
                            context.say(
                                    fallback.name(),
                                    fallback.rules().isEmpty()
                                            ? declared(fallback)
                                            : computed(fallback.rules(), context)));
            case LookupStep lookup ->
                    asked.forEach(context -> context.say(lookup.name(), found(lookup, context)));
        }
        for (var context : contexts) context.skipUnlessSpoken();
    }

    /// The columns of the input that some component looks at.
    Set<String> inputs() {
        var inputs = new TreeSet<String>();
        for (var step : steps) {
            step.when().ifPresent(when -> inputs.addAll(when.paths()));
            switch (step) {
                case ModelStep model ->
                        model.columns()
                                .values()
                                .forEach(feed -> {
                                    switch (feed) {
                                        case Feed.AsItIs(var path) -> inputs.add(path);
                                        case Feed.Computed(var expression) ->
                                                inputs.addAll(expression.paths());
                                    }
                                });
                case RuleStep rule ->
                        rule.rules().values().forEach(each -> inputs.addAll(each.paths()));
                case FallbackStep fallback ->
                        fallback.rules().values().forEach(each -> inputs.addAll(each.paths()));
                case LookupStep lookup -> inputs.addAll(lookup.equals().paths());
            }
        }
        return inputs.stream()
                .filter(path -> path.startsWith(INPUT))
                .map(path -> path.substring(INPUT.length()))
                .collect(Collectors.toSet());
    }

    private static void runModel(ModelStep step, List<Context> asked, long deadlineNanos) {
        if (asked.isEmpty()) return;
        var rows = new ArrayList<Row>(asked.size());
        for (var context : asked)
            rows.add(step.columns().isEmpty() ? context.row : context.rowFor(step));
        long began = System.nanoTime();
        try {
            var answers = step.model().ask(rows, deadlineNanos);
            long each = answers.nanos() / asked.size();
            for (int i = 0; i < asked.size(); i++)
                asked.get(i).say(step.name(), new Said(answers.answers().get(i), each, null));
        } catch (Problem problem) {
            if (asked.size() == 1) {
                asked.getFirst()
                        .say(step.name(), new Said(null, System.nanoTime() - began, problem));
                return;
            }
            // One bad row fails a batch; each by itself, only the bad one fails.
            for (var context : asked) runModel(step, List.of(context), deadlineNanos);
        }
    }

    /// It takes no time, but some was asked for.
    private static Said declared(FallbackStep fallback) {
        return new Said(new Answer(fallback.answer(), Map.of(), OptionalDouble.empty()), 1, null);
    }

    private static Said computed(Map<String, Expression> rules, Context context) {
        long began = System.nanoTime();
        var values = new LinkedHashMap<String, Object>();
        rules.forEach((output, expression) -> {
            var value = expression.value(context);
            if (value != null)
                values.put(output, value instanceof Boolean flag ? flag.toString() : value);
        });
        return new Said(
                new Answer(values, Map.of(), OptionalDouble.empty()),
                System.nanoTime() - began,
                null);
    }

    private static Said found(LookupStep lookup, Context context) {
        long began = System.nanoTime();
        var key = lookup.equals().value(context);
        var row = key == null ? null : lookup.table().get(comparable(key));
        Map<String, Object> values = row == null ? Map.of() : row;
        return new Said(
                new Answer(values, Map.of(), OptionalDouble.empty()),
                System.nanoTime() - began,
                null);
    }

    /// Numbers compare by value whether they are whole or not.
    static Object comparable(Object key) {
        return key instanceof Long whole ? (Object) whole.doubleValue() : key;
    }

    /// The outputs of the endpoint, from what its components said.
    Map<String, @Nullable Object> decide(List<Said> said) {
        if (said.isEmpty()) return Map.of();
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (var source : outputs) {
            var answer = said.get(source.component()).answer();
            values.put(
                    source.output().name(),
                    answer == null ? null : answer.values().get(source.from()));
        }
        return values;
    }

    /// Whether the decision is exactly what one component said; then the log need not repeat it.
    boolean decidedBy(int component, List<Said> said) {
        var answer = said.get(component).answer();
        return answer != null
                && outputs.stream()
                        .allMatch(source ->
                                source.component() == component
                                        && source.from().equals(source.output().name()))
                && outputs.size() == answer.values().size();
    }

    /// The scores behind the outputs, where the components have them.
    Map<String, double[]> scores(List<Said> said) {
        if (said.isEmpty()) return Map.of();
        var scores = new LinkedHashMap<String, double[]>();
        for (var source : outputs) {
            var answer = said.get(source.component()).answer();
            var each = answer == null ? null : answer.scores().get(source.from());
            if (each != null) scores.put(source.output().name(), each);
        }
        return scores;
    }

    /// How sure the component was from which the first output comes.
    OptionalDouble confidence(List<Said> said) {
        if (outputs.isEmpty() || said.isEmpty()) return OptionalDouble.empty();
        var answer = said.get(outputs.getFirst().component()).answer();
        return answer == null ? OptionalDouble.empty() : answer.confidence();
    }

    /// A row on its way through the components: its values by dotted path.
    private static final class Context implements Expression.Lookup {
        private final Row row;
        private final Map<String, Answer> answers = new HashMap<>();
        private final List<Said> said = new ArrayList<>();
        private boolean spoken;
        private boolean failed;

        Context(Row row) {
            this(row, Map.of());
        }

        Context(Row row, Map<String, Answer> before) {
            this.row = row;
            answers.putAll(before);
        }

        boolean failed() {
            return failed;
        }

        List<Said> said() {
            return said;
        }

        void say(String component, Said what) {
            said.add(what);
            spoken = true;
            if (what.answer() != null)
                answers.put(component, Objects.requireNonNull(what.answer()));
            failed |= what.problem() != null;
        }

        void skipUnlessSpoken() {
            if (!spoken && !failed) said.add(Said.SKIPPED);
            spoken = false;
        }

        Row rowFor(ModelStep step) {
            var values = new LinkedHashMap<String, @Nullable Object>();
            step.columns()
                    .forEach((column, origin) ->
                            values.put(
                                    column,
                                    switch (origin) {
                                        case Feed.AsItIs(var path) -> at(path);
                                        case Feed.Computed(var expression) ->
                                                expression.value(this);
                                    }));
            return RowJson.of(values);
        }

        @Override
        public @Nullable Object at(String path) {
            int dot = path.indexOf('.');
            if (dot < 0) return null;
            var of = path.substring(0, dot);
            var name = path.substring(dot + 1);
            if (of.equals("input")) return row.at(name);
            var answer = answers.get(of);
            if (answer == null) return null;
            var value = answer.values().get(name);
            if (value == null && name.equals("confidence"))
                return answer.confidence().isPresent()
                        ? (Double) answer.confidence().getAsDouble()
                        : null;
            return value;
        }
    }

    /// The paths that expressions may use, and their types.
    static Expression.Scope scope(Schema input, List<Step> before) {
        var types = new LinkedHashMap<String, Expression.Type>();
        for (var column : input.columns())
            column.type()
                    .inExpressions()
                    .ifPresent(type -> types.put("input." + column.name(), type));
        for (var step : before) {
            for (var output : step.says())
                typeOf(output.kind())
                        .ifPresent(type -> types.put(step.name() + "." + output.name(), type));
            if (step instanceof ModelStep)
                types.putIfAbsent(step.name() + ".confidence", Expression.Type.NUMBER);
        }
        return new Expression.Scope() {
            @Override
            public Optional<Expression.Type> typeOf(String path) {
                return Optional.ofNullable(types.get(path));
            }

            @Override
            public java.util.Set<String> paths() {
                return types.keySet();
            }
        };
    }

    private static Optional<Expression.Type> typeOf(OutputKind kind) {
        return switch (kind) {
            case OutputKind.Category _, OutputKind.Text _ -> Optional.of(Expression.Type.TEXT);
            case OutputKind.Number _ -> Optional.of(Expression.Type.NUMBER);
            case OutputKind.MultiLabel _,
                    OutputKind.Boxes _,
                    OutputKind.Ranking _,
                    OutputKind.Vector _ ->
                    Optional.empty();
        };
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
