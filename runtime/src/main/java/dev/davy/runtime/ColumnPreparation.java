package dev.davy.runtime;

import dev.davy.schema.Block;
import dev.davy.schema.Block.Cells;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Fills a model's tensors from columns, without an object for each row: what [Preparation] does
/// for rows, for models that take single values.
public final class ColumnPreparation {
    private final Bundle bundle;

    private ColumnPreparation(Bundle bundle) {
        this.bundle = bundle;
    }

    /// Empty for models that take images, recordings or vectors, or no rows side by side.
    public static Optional<ColumnPreparation> of(Bundle bundle) {
        for (int at = 0; at < bundle.feeds().size(); at++) {
            var spec = bundle.signature().inputs().get(at);
            boolean single =
                    switch (bundle.feeds().get(at)) {
                        case Feed.Scalar _ -> spec.leads() && spec.rowElements() == 1;
                        case Feed.Features(_, var sources) ->
                                spec.leads()
                                        && spec.shape().size() == 2
                                        && (spec.rowElements() == sources.size()
                                                || spec.rowElements() < 0);
                        case Feed.Vector _,
                                Feed.Image _,
                                Feed.Sound _,
                                Feed.Frames _,
                                Feed.Rate _,
                                Feed.State _ ->
                                false;
                    };
            if (!single) return Optional.empty();
        }
        return bundle.batch() && !bundle.feeds().isEmpty()
                ? Optional.of(new ColumnPreparation(bundle))
                : Optional.empty();
    }

    /// Tensors for so many rows, to be used again.
    public List<Tensor> tensors(int rows) {
        var tensors = new ArrayList<Tensor>();
        for (int at = 0; at < bundle.feeds().size(); at++) {
            var spec = bundle.signature().inputs().get(at);
            var shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
            shape[0] = rows;
            if (bundle.feeds().get(at) instanceof Feed.Features(_, var sources))
                shape[1] = sources.size();
            tensors.add(Tensor.direct(spec.datatype(), shape));
        }
        return tensors;
    }

    /// Adds the rows that [Preparation#write] may refuse; the others it takes.
    public void suspects(Block block, BitSet suspects) {
        for (int at = 0; at < bundle.feeds().size(); at++) {
            var datatype = bundle.signature().inputs().get(at).datatype();
            for (var source : sources(bundle.feeds().get(at)))
                suspects(block, source, datatype, suspects);
        }
    }

    private static List<Feed.Source> sources(Feed feed) {
        return switch (feed) {
            case Feed.Scalar(_, var source) -> List.of(source);
            case Feed.Features(_, var sources) -> sources;
            case Feed other -> throw new IllegalStateException("no single values: " + other);
        };
    }

    private static void suspects(
            Block block, Feed.Source source, Datatype datatype, BitSet suspects) {
        var cells = block.column(source.column());
        boolean text = datatype == Datatype.BYTES;
        boolean mayMiss = source.missing().isPresent() || datatype.isFloat();
        int rows = block.rows();
        switch (cells) {
            case null -> {
                if (!mayMiss) suspects.set(0, rows);
            }
            case Cells.Texts(var values) when text -> {
                for (int row = 0; row < rows; row++)
                    if (values[row] == null && !mayMiss) suspects.set(row);
            }
            case Cells.Floats(var _, var missing) when datatype.isFloat() ->
                    missing(missing, mayMiss, rows, suspects);
            case Cells.Doubles(var _, var missing) when datatype.isFloat() ->
                    missing(missing, mayMiss, rows, suspects);
            case Cells.Longs(var _, var missing)
                    when datatype.isFloat() || datatype == Datatype.INT64 ->
                    missing(missing, mayMiss, rows, suspects);
            case Cells.Longs(var values, var missing) when datatype == Datatype.INT32 -> {
                missing(missing, mayMiss, rows, suspects);
                for (int row = 0; row < rows; row++)
                    if (values[row] != (int) values[row]) suspects.set(row);
            }
            case Cells.Flags(var _, var missing) when !text ->
                    missing(missing, mayMiss, rows, suspects);
            case Cells _ -> suspects.set(0, rows);
        }
    }

    private static void missing(boolean[] missing, boolean may, int rows, BitSet suspects) {
        if (may) return;
        for (int row = 0; row < rows; row++) if (missing[row]) suspects.set(row);
    }

    /// Writes rows, none of which is suspect.
    ///
    /// @param rows their places in the block
    /// @param count how many of these count
    public void write(Block block, int[] rows, int count, List<Tensor> tensors) {
        for (int at = 0; at < bundle.feeds().size(); at++) {
            var sources = sources(bundle.feeds().get(at));
            for (int c = 0; c < sources.size(); c++)
                write(block, sources.get(c), tensors.get(at), sources.size(), c, rows, count);
        }
    }

    private static void write(
            Block block,
            Feed.Source source,
            Tensor tensor,
            int stride,
            int offset,
            int[] rows,
            int count) {
        var cells = block.column(source.column());
        if (tensor.datatype() == Datatype.BYTES) {
            var missing = String.valueOf(source.missing().orElse(""));
            for (int i = 0; i < count; i++) {
                var text = cells instanceof Cells.Texts(var values) ? values[rows[i]] : null;
                if (text != null) tensor.bytes()[i * stride + offset] = text;
                else tensor.text(i * stride + offset, missing);
            }
            return;
        }
        double orElse = number(source.missing());
        switch (cells) {
            case Cells.Floats(var values, var missing) when tensor.datatype() == Datatype.FP32 -> {
                var data = tensor.data();
                for (int i = 0; i < count; i++) {
                    float value = missing[rows[i]] ? (float) orElse : values[rows[i]];
                    data.putFloat(i * stride + offset << 2, value);
                }
            }
            case Cells.Doubles(var values, var missing) when tensor.datatype() == Datatype.FP32 -> {
                var data = tensor.data();
                for (int i = 0; i < count; i++) {
                    double value = missing[rows[i]] ? orElse : values[rows[i]];
                    data.putFloat(i * stride + offset << 2, (float) value);
                }
            }
            case Cells.Longs(var values, var missing) when !tensor.datatype().isFloat() -> {
                long instead = whole(source.missing());
                for (int i = 0; i < count; i++)
                    tensor.int64(i * stride + offset, missing[rows[i]] ? instead : values[rows[i]]);
            }
            case Cells.Floats(var values, var missing) -> {
                for (int i = 0; i < count; i++)
                    tensor.float64(
                            i * stride + offset, missing[rows[i]] ? orElse : values[rows[i]]);
            }
            case Cells.Doubles(var values, var missing) -> {
                for (int i = 0; i < count; i++)
                    tensor.float64(
                            i * stride + offset, missing[rows[i]] ? orElse : values[rows[i]]);
            }
            case Cells.Longs(var values, var missing) -> {
                for (int i = 0; i < count; i++)
                    tensor.float64(
                            i * stride + offset,
                            missing[rows[i]] ? orElse : (double) values[rows[i]]);
            }
            case Cells.Flags(var values, var missing) -> {
                for (int i = 0; i < count; i++)
                    tensor.float64(
                            i * stride + offset,
                            missing[rows[i]] ? orElse : values[rows[i]] ? 1 : 0);
            }
            case null -> {
                for (int i = 0; i < count; i++) tensor.float64(i * stride + offset, orElse);
            }
            case Cells other -> throw new IllegalStateException("suspect: " + other);
        }
    }

    private static double number(Optional<Object> missing) {
        return switch (missing.orElse(Double.NaN)) {
            case Number number -> number.doubleValue();
            case Boolean flag -> flag ? 1 : 0;
            default -> Double.NaN;
        };
    }

    private static long whole(Optional<Object> missing) {
        return switch (missing.orElse(0L)) {
            case Number number -> number.longValue();
            case Boolean flag -> flag ? 1 : 0;
            default -> 0;
        };
    }
}
