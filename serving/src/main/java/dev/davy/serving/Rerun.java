package dev.davy.serving;

import dev.davy.runtime.Answer;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Row;
import dev.davy.serving.Prediction.ComponentAnswer;
import dev.davy.serving.Prediction.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The live arm of an endpoint as it stood once, loaded again to be asked about what was logged: as
/// a whole, or one component by itself with what those before it said.
///
/// Its models run in child processes, and nothing that it says is logged or counted or reaches a
/// caller. A remote component is asked as it is now, for no older one can be had. Answers have the
/// form that the log gives them, so that they compare with what it holds. For one thread.
public final class Rerun implements AutoCloseable {
    private final Stood stood;
    private final Program program;
    private final Set<String> inputs;

    Rerun(Stood stood, Loader.Loaded loaded) {
        this.stood = stood;
        this.program = loaded.program();
        var declared = new TreeSet<String>();
        for (var column : loaded.shape().rows().columns()) declared.add(column.name());
        declared.retainAll(program.inputs());
        this.inputs = Collections.unmodifiableSet(declared);
    }

    public Stood stood() {
        return stood;
    }

    /// One component.
    ///
    /// @param version what stands behind it; `rule` or `lookup` for these
    /// @param remote whether another server runs it
    public record Part(String name, String version, boolean remote) {}

    /// The components in their order.
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        for (int i = 0; i < program.steps().size(); i++) {
            var step = program.steps().get(i);
            boolean remote = stood.endpoint().pipeline().get(i) instanceof Component.Elsewhere;
            parts.add(new Part(step.name(), step.version(), remote));
        }
        return parts;
    }

    /// What it answers with.
    public List<Output> outputs() {
        return program.outputs().stream().map(Program.Source::output).toList();
    }

    /// The columns of the input that some component looks at; the others make no difference.
    public Set<String> inputs() {
        return inputs;
    }

    /// Asks one component.
    ///
    /// @param component its place
    /// @param before for each row what the components before it said, in their order
    public List<ComponentAnswer> ask(
            int component, List<Row> rows, List<List<ComponentAnswer>> before, long deadlineNanos) {
        var answers = new ArrayList<Map<String, Answer>>(rows.size());
        for (var each : before) answers.add(answers(each));
        var step = program.steps().get(component);
        return program.run(component, rows, answers, deadlineNanos).stream()
                .map(said -> logged(step, said))
                .toList();
    }

    /// What all components come to, one behind the other.
    ///
    /// @param outputs by name; empty when one of them failed
    /// @param scores by output and class; of an output that a rule made of others, those of the
    ///   components behind it, the last of each class
    /// @param failure the code of what went wrong
    public record Whole(
            Map<String, @Nullable Object> outputs,
            Map<String, Map<String, Double>> scores,
            OptionalDouble confidence,
            Optional<String> failure) {
        // Written out in full: in a compact constructor javac forgets that values may be null.
        public Whole(
                Map<String, @Nullable Object> outputs,
                Map<String, Map<String, Double>> scores,
                OptionalDouble confidence,
                Optional<String> failure) {
            this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
            this.scores = Map.copyOf(scores);
            this.confidence = confidence;
            this.failure = failure;
        }
    }

    /// Asks all components about rows, together.
    public List<Whole> ask(List<Row> rows, long deadlineNanos) {
        return program.run(rows, deadlineNanos).stream().map(this::whole).toList();
    }

    private Whole whole(List<Program.Said> said) {
        for (var each : said) {
            var problem = each.problem();
            if (problem != null)
                return new Whole(
                        Map.of(), Map.of(), OptionalDouble.empty(), Optional.of(problem.code()));
        }
        return new Whole(
                program.decide(said), scores(said), program.confidence(said), Optional.empty());
    }

    private Map<String, Map<String, Double>> scores(List<Program.Said> said) {
        var all = new LinkedHashMap<String, Double>();
        for (int i = 0; i < said.size(); i++) {
            var answer = said.get(i).answer();
            if (answer == null) continue;
            for (var output : program.steps().get(i).says())
                all.putAll(named(output.kind(), answer.scores().get(output.name())));
        }
        var own = program.scores(said);
        var scores = new LinkedHashMap<String, Map<String, Double>>();
        for (var source : program.outputs()) {
            var output = source.output();
            var named = named(output.kind(), own.get(output.name()));
            scores.put(output.name(), named.isEmpty() ? all : named);
        }
        return scores;
    }

    private static Map<String, Double> named(OutputKind kind, double @Nullable [] scores) {
        var classes =
                switch (kind) {
                    case OutputKind.Category(var of) -> of;
                    case OutputKind.MultiLabel(var of) -> of;
                    case OutputKind.Number _,
                            OutputKind.Text _,
                            OutputKind.Boxes _,
                            OutputKind.Ranking _,
                            OutputKind.Vector _ ->
                            List.<String>of();
                };
        if (scores == null || scores.length != classes.size()) return Map.of();
        var named = new LinkedHashMap<String, Double>();
        for (int i = 0; i < scores.length; i++) named.put(classes.get(i), scores[i]);
        return named;
    }

    /// Its models give way to all that is more urgent on this machine; said before they are asked.
    public void giveWay() {
        program.models().forEach(LoadedModel::giveWay);
    }

    /// The outputs of the endpoint that follow from what its components said.
    public Map<String, @Nullable Object> decide(List<ComponentAnswer> said) {
        var outputs = new LinkedHashMap<String, @Nullable Object>();
        for (var source : program.outputs())
            outputs.put(
                    source.output().name(),
                    said.get(source.component()).values().get(source.from()));
        return outputs;
    }

    private static Map<String, Answer> answers(List<ComponentAnswer> said) {
        var answers = new LinkedHashMap<String, Answer>();
        for (var each : said) {
            if (each.skipped() || each.failure().isPresent()) continue;
            var values = new LinkedHashMap<String, Object>();
            each.values().forEach((name, value) -> values.put(name, asked(value)));
            answers.put(each.component(), new Answer(values, each.scores(), each.confidence()));
        }
        return answers;
    }

    /// A logged value as a component takes it.
    private static Object asked(Object value) {
        if (!(value instanceof Numbers(var _, var numbers))) return value;
        var floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = numbers.get(i).floatValue();
        return floats;
    }

    /// A value as it would be read back from the log.
    private static Object asLogged(Object value) {
        return switch (value) {
            case float[] floats -> {
                var numbers = new ArrayList<Float>(floats.length);
                for (float each : floats) numbers.add(each);
                yield new Numbers("FP32", numbers);
            }
            case double[] doubles -> {
                var numbers = new ArrayList<Double>(doubles.length);
                for (double each : doubles) numbers.add(each);
                yield new Numbers("FP64", numbers);
            }
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case Integer number -> number.longValue();
            case Float number -> number.doubleValue();
            default -> value;
        };
    }

    private static ComponentAnswer logged(Program.Step step, Program.Said said) {
        var answer = said.answer();
        var values = new LinkedHashMap<String, Object>();
        if (answer != null)
            answer.values().forEach((name, value) -> values.put(name, asLogged(value)));
        var problem = said.problem();
        return new ComponentAnswer(
                step.name(),
                step.version(),
                step instanceof Program.ModelStep model ? model.model().digest() : 0,
                said.nanos(),
                values,
                answer == null ? Map.of() : answer.scores(),
                answer == null ? OptionalDouble.empty() : answer.confidence(),
                answer == null && problem == null,
                problem == null ? Optional.empty() : Optional.of(problem.code()));
    }

    @Override
    public void close() {
        program.models().forEach(LoadedModel::close);
    }
}
