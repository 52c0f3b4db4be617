package dev.davy.serving;

import dev.davy.runtime.Session;
import dev.davy.runtime.Tensor;
import dev.davy.schema.Row;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Versions of an endpoint's models, loaded apart from its routing: for knowing what they would
/// say. They run in child processes that give way to everybody else, and nothing of it is logged.
/// For one thread, which may wait.
public final class Apart implements AutoCloseable {
    /// Longer than this nobody waits for one answer.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Arm arm;
    private final Shape shape;
    private @Nullable Session session;

    /// What they would have said.
    ///
    /// @param outputs by name; empty when they failed
    /// @param nanos in the models
    /// @param failure the code of what went wrong
    public record Said(
            Map<String, @Nullable Object> outputs,
            OptionalDouble confidence,
            long nanos,
            Optional<String> failure) {
        // Written out in full: in a compact constructor javac forgets that values may be null.
        public Said(
                Map<String, @Nullable Object> outputs,
                OptionalDouble confidence,
                long nanos,
                Optional<String> failure) {
            this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
            this.confidence = confidence;
            this.nanos = nanos;
            this.failure = failure;
        }
    }

    /// @param shape of the endpoint, as its callers see it
    Apart(Program program, Shape shape) {
        arm = new Arm(Arm.Role.CANDIDATE, program, 0, 0, true);
        this.shape = shape;
        program.models().forEach(LoadedModel::giveWay);
    }

    /// What its endpoint takes and gives.
    public Shape shape() {
        return shape;
    }

    /// `fraud/8`, or of several components `vad=silero/1 words=kws/3`.
    public String version() {
        return arm.program().version();
    }

    /// Asks a row.
    public Said ask(Row row) {
        return said(arm.program().run(List.of(row), until()).getFirst());
    }

    /// Asks tensors of one row, where they go straight to the only model.
    public Said ask(List<Tensor> tensors) {
        long began = System.nanoTime();
        Program.Said said;
        try {
            var model = arm.program().only().orElseThrow();
            var open = session;
            if (open == null) {
                open = model.model().open();
                open.giveWay();
                session = open;
            }
            long way = open.wayNanos();
            var outputs = open.run(tensors, until());
            long nanos = System.nanoTime() - began - (open.wayNanos() - way);
            said = new Program.Said(model.reading().read(outputs, 0), nanos, null);
        } catch (Problem problem) {
            said = new Program.Said(null, System.nanoTime() - began, problem);
        }
        return said(List.of(said));
    }

    private static long until() {
        return System.nanoTime() + PATIENCE.toNanos();
    }

    private Said said(List<Program.Said> said) {
        var program = arm.program();
        long nanos = Program.nanos(said);
        var problem = Predictor.problem(arm, said);
        return problem == null
                ? new Said(program.decide(said), program.confidence(said), nanos, Optional.empty())
                : new Said(Map.of(), OptionalDouble.empty(), nanos, Optional.of(problem.code()));
    }

    @Override
    public void close() {
        if (session != null) session.close();
        arm.program().models().forEach(LoadedModel::close);
    }
}
