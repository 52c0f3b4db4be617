package dev.davy.serving;

import dev.davy.runtime.ColumnPreparation;
import dev.davy.runtime.ColumnReading;
import dev.davy.runtime.Preparation;
import dev.davy.runtime.Session;
import dev.davy.runtime.Tensor;
import dev.davy.schema.Block;
import dev.davy.schema.Column;
import dev.davy.schema.Row;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Answers blocks of rows for work that nobody waits for: batch prediction. The same routing,
/// models, checks and records as for callers; each row's id follows from the job and the row's
/// number, so that doing a block again makes no second prediction of it.
///
/// Where one model takes single values and answers categories and numbers, columns go straight into
/// its tensors; everything else goes row by row. For one thread.
public final class Scorer implements AutoCloseable {
    /// Most rows of a block.
    public static final int ROWS = 4_096;

    /// Rows that go through an endpoint's components together where columns don't.
    private static final int ROWS_TOGETHER = 64;

    /// A row that takes longer than this will not come to an end.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// Records wait up to here before they are appended.
    private static final int WAITING_BYTES = 1 << 20;

    /// What a block is scored for.
    ///
    /// @param job from whose id those of the predictions follow
    /// @param logged whether predictions go into the log
    /// @param alreadyLogged the numbers of rows that are in the log from an attempt before
    public record Purpose(UUID job, boolean logged, LongPredicate alreadyLogged) {}

    private final Routing routing;
    private final Purpose purpose;
    private final Recorder recorder;
    private final Asked asked;
    private final byte[] request;
    private final Scores scores;
    private final int[] good = new int[ROWS];
    private final @Nullable Columns columns;

    /// The way for columns.
    private record Columns(
            Arm arm,
            LoadedModel model,
            ColumnPreparation preparation,
            ColumnReading reading,
            ColumnReading.Space space,
            Preparation byRow,
            Session session,
            List<Tensor> tensors) {}

    Scorer(Routing routing, Purpose purpose, Recorder recorder) {
        if (routing.live().filter(arm -> arm.program().isPeople()).isPresent())
            throw Predictor.peoples();
        this.routing = routing;
        this.purpose = purpose;
        this.recorder = recorder;
        request = purpose.job().toString().getBytes(StandardCharsets.US_ASCII);
        asked =
                new Asked(
                        Optional.of(purpose.job().toString()),
                        Optional.empty(),
                        Origin.BATCH,
                        Optional.empty(),
                        Optional.empty(),
                        Long.MAX_VALUE);
        scores = new Scores(routing.shape().outputs(), ROWS);
        columns = columns(routing).orElse(null);
    }

    private static Optional<Columns> columns(Routing routing) {
        // Live alone: a batch is no traffic to try a candidate on.
        var arm = routing.live().orElse(null);
        if (arm == null || !routing.shape().direct()) return Optional.empty();
        var only = arm.program().only();
        if (only.isEmpty() || !only.get().model().batches()) return Optional.empty();
        var model = only.get();
        var preparation = ColumnPreparation.of(model.bundle());
        var reading = ColumnReading.of(model.bundle());
        if (preparation.isEmpty() || reading.isEmpty() || !asItIs(arm.program(), reading.get()))
            return Optional.empty();
        return Optional.of(
                new Columns(
                        arm,
                        model,
                        preparation.get(),
                        reading.get(),
                        reading.get().space(ROWS),
                        Preparation.of(model.bundle()),
                        model.model().open(),
                        preparation.get().tensors(ROWS)));
    }

    /// Whether the endpoint's outputs are the model's, in their order.
    private static boolean asItIs(Program program, ColumnReading reading) {
        return program.outputs().stream()
                .map(Program.Source::from)
                .toList()
                .equals(reading.outputs());
    }

    /// The columns that a row may have.
    public dev.davy.schema.Schema schema() {
        return routing.shape().rows();
    }

    /// Whether columns go straight into tensors.
    public boolean inColumns() {
        return columns != null;
    }

    /// Answers the rows of a block, and logs them.
    ///
    /// @param numbers of the rows, from 0, in all of the job's
    /// @return valid until the next call
    /// @throws Problem when it is not the row's fault: the model or the log is not there
    public Scores score(Block block, long[] numbers) {
        scores.rows = block.rows();
        for (int row = 0; row < block.rows(); row++) {
            scores.refusals[row] = null;
            scores.confidence[row] = Double.NaN;
        }
        var suspects = block.suspects(schema());
        if (columns != null) columns.preparation().suspects(block, suspects);
        int count = 0;
        for (int row = 0; row < block.rows(); row++)
            if (!suspects.get(row) || acceptable(block, row)) good[count++] = row;
        recorder.begin();
        if (columns != null && !odd(suspects, count)) inColumns(columns, block, numbers, count);
        else byRows(block, numbers, count);
        append();
        return scores;
    }

    /// A suspect row that is good after all is not for the tensors' short way.
    private boolean odd(BitSet suspects, int count) {
        if (suspects.isEmpty()) return false;
        for (int i = 0; i < count; i++) if (suspects.get(good[i])) return true;
        return false;
    }

    private boolean acceptable(Block block, int at) {
        var row = block.row(at);
        var violations = schema().violations(row);
        if (!violations.isEmpty()) {
            scores.refusals[at] = String.join("; ", violations);
            return false;
        }
        if (columns == null) return true;
        var one = columns.byRow().tensors(1);
        try {
            columns.byRow().write(row, one, 0);
            return true;
        } catch (Problem problem) {
            scores.refusals[at] = problem.why();
            return false;
        } finally {
            one.forEach(Tensor::close);
        }
    }

    private void inColumns(Columns way, Block block, long[] numbers, int count) {
        if (count == 0) return;
        var tensors = count == ROWS ? way.tensors() : way.preparation().tensors(count);
        long began = System.nanoTime();
        way.preparation().write(block, good, count, tensors);
        long ready = System.nanoTime();
        List<Tensor> outputs;
        try {
            outputs = way.session().run(tensors, ready + PATIENCE.toNanos());
        } catch (Problem problem) {
            // One bad row fails a block; each by itself, only the bad one fails.
            byRows(block, numbers, count);
            return;
        }
        long ran = System.nanoTime();
        way.reading().read(outputs, count, way.space());
        copy(way, count);
        if (purpose.logged()) log(way, block, numbers, count, outputs, (ran - ready) / count);
        if (count < ROWS) tensors.forEach(Tensor::close);
        count(count, ready - began, ran - ready, System.nanoTime() - ran);
    }

    private void copy(Columns way, int count) {
        int arm = scores.arms().code(armText(way.arm()));
        for (int i = 0; i < count; i++) {
            scores.arm[good[i]] = arm;
            scores.confidence[good[i]] = way.space().confidence()[i];
        }
        for (int o = 0; o < scores.columns().size(); o++) {
            var said = way.space().said().get(o);
            switch (scores.columns().get(o)) {
                case Scores.Column.Classes(_, var dictionary, var codes) -> {
                    var code = said.classes().stream().mapToInt(dictionary::code).toArray();
                    for (int i = 0; i < count; i++)
                        codes[good[i]] = said.codes()[i] < 0 ? -1 : code[said.codes()[i]];
                }
                case Scores.Column.Reals(_, var numbers) -> {
                    for (int i = 0; i < count; i++) numbers[good[i]] = said.numbers()[i];
                }
                case Scores.Column.Texts _ -> throw new IllegalStateException("not in columns");
            }
        }
    }

    private static String armText(Arm arm) {
        return arm.role().word() + " " + arm.program().version();
    }

    private void log(
            Columns way,
            Block block,
            long[] numbers,
            int count,
            List<Tensor> outputs,
            long nanosEach) {
        for (int i = 0; i < count; i++) {
            int row = good[i];
            if (purpose.alreadyLogged().test(numbers[row])) continue;
            var answer = way.model().reading().read(outputs, i);
            var said = List.of(new Program.Said(answer, nanosEach, null));
            record(way.arm(), numbers[row], entity(block, row), c -> value(block, c, row), said);
        }
    }

    private @Nullable String entity(Block block, int row) {
        var column = routing.shape().entityColumn().map(block::column);
        var value = column.isEmpty() ? null : column.get().at(row);
        return value == null ? null : String.valueOf(value);
    }

    private static @Nullable Object value(Block block, Column column, int row) {
        var cells = block.column(column.name());
        if (cells instanceof Block.Cells.Floats(var values, var missing))
            return missing[row] ? null : (Float) values[row];
        return cells == null ? null : cells.at(row);
    }

    private void record(
            Arm arm,
            long number,
            @Nullable String entity,
            Recorder.Values values,
            List<Program.Said> said) {
        var id = Ids.derived(purpose.job(), number);
        recorder.answered(id, routing, arm, arm, null, asked, request, entity, values, said, null);
        if (recorder.waiting() > WAITING_BYTES) {
            append();
            recorder.begin();
        }
    }

    private void append() {
        recorder.append(routing);
    }

    private void byRows(Block block, long[] numbers, int count) {
        var arm = routing.live().orElseThrow();
        for (int first = 0; first < count; first += ROWS_TOGETHER) {
            int until = Math.min(count, first + ROWS_TOGETHER);
            var places = new ArrayList<Integer>();
            var rows = new ArrayList<Row>();
            for (int i = first; i < until; i++) {
                rows.add(block.row(good[i]));
                places.add(i);
            }
            byRows(block, numbers, arm, places, rows, first);
        }
    }

    private void byRows(
            Block block, long[] numbers, Arm arm, List<Integer> places, List<Row> rows, int first) {
        long began = System.nanoTime();
        var asking = places.stream().map(i -> rows.get(i - first)).toList();
        var said = arm.program().run(asking, began + PATIENCE.toNanos());
        long ran = System.nanoTime();
        for (int i = 0; i < places.size(); i++) {
            int row = good[places.get(i)];
            take(arm, row, said.get(i));
            if (!purpose.logged() || purpose.alreadyLogged().test(numbers[row])) continue;
            var of = asking.get(i);
            record(arm, numbers[row], entity(block, row), c -> of.at(c.name()), said.get(i));
        }
        count(places.size(), 0, ran - began, System.nanoTime() - ran);
    }

    private void take(Arm arm, int row, List<Program.Said> said) {
        scores.arm[row] = scores.arms().code(armText(arm));
        for (var each : said) {
            var problem = each.problem();
            if (problem == null) continue;
            if (!isOfTheRow(problem)) throw problem;
            scores.refusals[row] = problem.what() + " " + problem.why();
            return;
        }
        var program = arm.program();
        scores.confidence[row] = program.confidence(said).orElse(Double.NaN);
        put(row, program.decide(said));
    }

    /// Whether another row may fare better.
    private static boolean isOfTheRow(Problem problem) {
        return switch (problem.kind()) {
            case MALFORMED, UNACCEPTABLE, TOO_LARGE, UNSUPPORTED_MEDIA, MODEL_FAILED, DEADLINE ->
                    true;
            case UNAUTHENTICATED,
                    FORBIDDEN,
                    NOT_FOUND,
                    METHOD,
                    CONFLICT,
                    GONE,
                    PRECONDITION,
                    MISDIRECTED,
                    OVERLOADED,
                    NOT_OFFERED,
                    UNAVAILABLE,
                    FULL ->
                    false;
        };
    }

    private void put(int row, Map<String, @Nullable Object> decided) {
        for (var column : scores.columns()) {
            var value = decided.get(column.name());
            switch (column) {
                case Scores.Column.Classes(_, var dictionary, var codes) ->
                        codes[row] = value == null ? -1 : dictionary.code(String.valueOf(value));
                case Scores.Column.Reals(_, var numbers) ->
                        numbers[row] =
                                value instanceof Number number ? number.doubleValue() : Double.NaN;
                case Scores.Column.Texts(_, var texts) ->
                        texts[row] =
                                switch (value) {
                                    case null -> null;
                                    case String text -> text;
                                    default -> Json.text(PredictionJson.value(value));
                                };
            }
        }
    }

    private void count(int rows, long input, long infer, long output) {
        routing.statistics().ran(rows, input, infer, output, System.currentTimeMillis());
    }

    @Override
    public void close() {
        if (columns == null) return;
        columns.session().close();
        columns.tensors().forEach(Tensor::close);
    }
}
