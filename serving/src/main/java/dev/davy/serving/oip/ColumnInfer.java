package dev.davy.serving.oip;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Tensor;
import dev.davy.runtime.TensorSpec;
import dev.davy.schema.Column;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.serving.Arm;
import dev.davy.serving.Asked;
import dev.davy.serving.Decisions;
import dev.davy.serving.Origin;
import dev.davy.serving.Predicted;
import dev.davy.serving.Predictor;
import dev.davy.serving.Routing;
import dev.davy.serving.RowJson;
import dev.davy.strict.Audio;
import dev.davy.strict.Images;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Infer calls of endpoints whose tensors are columns (pipelines, rules, several arms): tensors
/// become rows, rows are predicted on a worker, and answers become tensors.
final class ColumnInfer {

    private final Predictor predictor;
    private final Routing routing;
    private final @Nullable String id;
    private final Asked asked;

    ColumnInfer(
            Predictor predictor,
            Routing routing,
            InferRequest decoded,
            @Nullable String entity,
            Optional<Arm.Role> pinned,
            long deadlineNanos) {
        this.predictor = predictor;
        this.routing = routing;
        id = decoded.id;
        asked =
                new Asked(
                        Optional.ofNullable(id),
                        Optional.ofNullable(entity),
                        Origin.LIVE,
                        Optional.empty(),
                        pinned,
                        deadlineNanos);
    }

    /// What goes back.
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Answered(
            @Nullable String id,
            List<Tensor> tensors,
            int[] outputs,
            boolean[] raw,
            long[] ids,
            String arm,
            String version,
            String number) {}

    /// Decodes rows now, answers later, from a worker.
    void run(InferRequest decoded, Consumer<Answered> answered, Consumer<Problem> failed) {
        var rows = rows(decoded);
        var outputs = Arrays.copyOf(decoded.outputs, decoded.outputCount);
        var raw = Arrays.copyOf(decoded.rawOutput, decoded.outputCount);
        predictor.execute(
                routing,
                () -> {
                    try {
                        var predicted = predictor.predict(routing.endpoint().name(), rows, asked);
                        if (predicted.stream().anyMatch(Predicted::waits))
                            Thread.startVirtualThread(
                                    () -> later(predicted, outputs, raw, answered, failed));
                        else answered.accept(answer(predicted, outputs, raw));
                    } catch (Problem problem) {
                        failed.accept(problem);
                    } catch (RuntimeException bug) {
                        failed.accept(
                                new Problem(
                                        Problem.Kind.MODEL_FAILED,
                                        "prediction-failed",
                                        "The prediction failed.",
                                        "It is a mistake of the server.",
                                        "See the server's log."));
                        throw bug;
                    }
                });
    }

    /// Once people have decided. Tensors have no word for what is still in review.
    private void later(
            List<Predicted> predicted,
            int[] outputs,
            boolean[] raw,
            Consumer<Answered> answered,
            Consumer<Problem> failed) {
        var settled = predictor.settled(predicted, asked.deadlineNanos());
        for (var each : settled)
            if (each.waits()) {
                var why = each.review().map(review -> review.why()).orElse("");
                failed.accept(Decisions.inReview(each.id(), why));
                return;
            }
        answered.accept(answer(settled, outputs, raw));
    }

    private Answered answer(List<Predicted> predicted, int[] outputs, boolean[] raw) {
        var ids = new long[2 * predicted.size()];
        for (int i = 0; i < predicted.size(); i++) {
            ids[2 * i] = predicted.get(i).id().getMostSignificantBits();
            ids[2 * i + 1] = predicted.get(i).id().getLeastSignificantBits();
        }
        var tensors = new ArrayList<Tensor>();
        for (var spec : routing.shape().signature().outputs()) tensors.add(tensor(spec, predicted));
        var first = predicted.getFirst();
        return new Answered(
                id,
                tensors,
                outputs,
                raw,
                ids,
                first.arm().word(),
                first.version(),
                routing.live().map(arm -> arm.program().number()).orElse("1"));
    }

    private static Tensor tensor(TensorSpec spec, List<Predicted> predicted) {
        int rows = predicted.size();
        return switch (spec.datatype()) {
            case FP64 -> {
                var tensor = Tensor.direct(Datatype.FP64, rows, 1);
                for (int i = 0; i < rows; i++)
                    tensor.float64(
                            i,
                            predicted.get(i).outputs().get(spec.name()) instanceof Number number
                                    ? number.doubleValue()
                                    : Double.NaN);
                yield tensor;
            }
            case FP32 -> {
                int size =
                        predicted.stream()
                                .mapToInt(each ->
                                        each.outputs().get(spec.name()) instanceof float[] floats
                                                ? floats.length
                                                : 0)
                                .max()
                                .orElse(0);
                var tensor = Tensor.direct(Datatype.FP32, rows, size);
                for (int i = 0; i < rows; i++)
                    for (int j = 0; j < size; j++)
                        tensor.float32(
                                i * size + j,
                                predicted.get(i).outputs().get(spec.name())
                                                        instanceof float[] floats
                                                && j < floats.length
                                        ? floats[j]
                                        : Float.NaN);
                yield tensor;
            }
            default -> {
                var texts = new byte[rows][];
                for (int i = 0; i < rows; i++)
                    texts[i] =
                            text(predicted.get(i).outputs().get(spec.name()))
                                    .getBytes(StandardCharsets.UTF_8);
                yield Tensor.ofBytes(new long[] {rows, 1}, texts);
            }
        };
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case String text -> text;
            case List<?> list -> Json.text(Json.tree(list));
            default -> value.toString();
        };
    }

    private List<Row> rows(InferRequest decoded) {
        int count = decoded.rows(true);
        var rows = new ArrayList<Row>(count);
        var columns = routing.shape().rows().columns();
        var tensors = new ArrayList<Tensor>();
        for (int i = 0; i < columns.size(); i++) tensors.add(decoded.tensor(i));
        for (int row = 0; row < count; row++) {
            var values = new LinkedHashMap<String, @Nullable Object>();
            for (int i = 0; i < columns.size(); i++)
                values.put(columns.get(i).name(), value(columns.get(i), tensors.get(i), row));
            rows.add(RowJson.of(values));
        }
        return rows;
    }

    private static Object value(Column column, Tensor tensor, int row) {
        return switch (column.type()) {
            case NUMBER -> tensor.float64(row);
            case INTEGER -> tensor.int64(row);
            case BOOLEAN -> tensor.int64(row) != 0;
            case CATEGORY, TEXT -> tensor.text(row);
            case TIME -> time(column, tensor.text(row));
            case IMAGE ->
                    new Media(
                            sniffed(column, Images.sniff(tensor.bytes()[row])),
                            tensor.bytes()[row]);
            case AUDIO ->
                    new Media(
                            sniffed(column, Audio.sniff(tensor.bytes()[row])), tensor.bytes()[row]);
            case VECTOR -> {
                int each = InferAnswer.elementsEach(tensor);
                var floats = new float[each];
                for (int i = 0; i < each; i++) floats[i] = tensor.float32(row * each + i);
                yield floats;
            }
        };
    }

    private static Instant time(Column column, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException notATime) {
            throw InferProblems.bad(
                    "time-malformed",
                    "Input '" + column.name() + "' is no time.",
                    "It must be like 2026-11-21T10:15:00Z.",
                    "Correct it.");
        }
    }

    private static String sniffed(Column column, Optional<String> type) {
        return type.orElseThrow(() ->
                new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "medium-not-known",
                        "Input '" + column.name() + "' holds no file that is read here.",
                        "Its first bytes are none of PNG, JPEG, GIF, BMP or WAV.",
                        "Send the file's bytes as they are."));
    }
}
