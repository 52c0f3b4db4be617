package dev.davy.runtime;

import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns rows (columns, images, audio) into a model's tensors, as the bundle says.
///
/// Thread-safe. Where a recording is fed frame by frame ([#framed]), one row is many runs:
/// [#recording] writes one after the other, and [RowSession] does all of it.
public final class Preparation {
    /// Rows of one call, however many a caller sends.
    private static final int MOST_ROWS = 1_024;

    private final Bundle bundle;
    private final Limits limits;
    private final List<TensorSpec> specs;
    private final List<Optional<SoundTensor>> sounds;
    private final boolean framed;
    private final int rowsMax;

    private Preparation(Bundle bundle, Limits limits) {
        this.bundle = bundle;
        this.limits = limits;
        specs = bundle.signature().inputs();
        sounds =
                bundle.feeds().stream()
                        .map(feed ->
                                feed instanceof Feed.Sound(_, _, var recipe)
                                        ? Optional.of(new SoundTensor(recipe, limits))
                                        : Optional.<SoundTensor>empty())
                        .toList();
        framed = bundle.feeds().stream().anyMatch(Feed.Frames.class::isInstance);
        rowsMax = framed ? 1 : rowsMax(bundle);
    }

    private static int rowsMax(Bundle bundle) {
        for (int at = 0; at < bundle.feeds().size(); at++) {
            var spec = bundle.signature().inputs().get(at);
            if (!spec.leads() || varies(bundle.feeds().get(at), spec)) return 1;
        }
        return bundle.feeds().isEmpty() ? 1 : MOST_ROWS;
    }

    /// Whether each row brings a shape of its own.
    private static boolean varies(Feed feed, TensorSpec spec) {
        return switch (feed) {
            case Feed.Vector _, Feed.Sound _ -> spec.shape().size() < 2 || spec.rowElements() < 0;
            case Feed.Scalar _, Feed.Features _, Feed.Image _ -> false;
            case Feed.Frames _, Feed.Rate _, Feed.State _ -> true;
        };
    }

    public static Preparation of(Bundle bundle) {
        return of(bundle, Limits.DEFAULT);
    }

    public static Preparation of(Bundle bundle, Limits limits) {
        return new Preparation(bundle, limits);
    }

    /// Whether a row becomes many runs, one per frame, with state carried inside the row.
    public boolean framed() {
        return framed;
    }

    /// Most rows in one call: 1 where the model has no varying leading axis, or each row a shape of
    /// its own.
    public int rowsMax() {
        return rowsMax;
    }

    /// Input tensors for so many rows, in the order of the signature, to be used again. An axis
    /// that varies by row has length 1 until [#write] puts a tensor of the right shape into the
    /// list.
    public List<Tensor> tensors(int rows) {
        if (rows < 1 || rows > rowsMax)
            throw new IllegalArgumentException(
                    rows + " rows; from 1 to " + rowsMax + " are possible");
        var tensors = new ArrayList<Tensor>();
        for (int at = 0; at < specs.size(); at++)
            tensors.add(Tensor.direct(specs.get(at).datatype(), shape(at, rows)));
        return tensors;
    }

    private long[] shape(int at, int rows) {
        var spec = specs.get(at);
        var shape = spec.shape().stream().mapToLong(d -> d < 0 ? 1 : d).toArray();
        if (spec.leads()) shape[0] = rows;
        switch (bundle.feeds().get(at)) {
            case Feed.Features(_, var sources) when shape.length == 2 -> shape[1] = sources.size();
            case Feed.Image(_, _, var recipe) -> ImageTensor.shape(recipe, shape);
            case Feed _ -> {}
        }
        return shape;
    }

    /// Writes one row at its place in the batch.
    ///
    /// @throws dev.davy.strict.Problem `MALFORMED` `row-not-acceptable` with everything that is
    ///   wrong with the row, or whatever is wrong with an image or recording in it
    public void write(Row row, List<Tensor> batch, int index) {
        place(row, batch, index);
    }

    /// As [#write]; tells where an image came to lie.
    Placement place(Row row, List<Tensor> batch, int index) {
        if (framed) throw new IllegalStateException("a recording is written frame by frame");
        var wrong = new ArrayList<String>();
        var placement = Placement.SAME;
        for (int at = 0; at < specs.size(); at++) {
            var tensor = batch.get(at);
            switch (bundle.feeds().get(at)) {
                case Feed.Scalar(_, var source) ->
                        Cells.write(row, source, tensor, tensor.rank() == 0 ? 0 : index, wrong);
                case Feed.Features(_, var sources) -> {
                    for (int c = 0; c < sources.size(); c++)
                        Cells.write(row, sources.get(c), tensor, index * sources.size() + c, wrong);
                }
                case Feed.Vector(_, var column) ->
                        batch.set(
                                at,
                                VectorTensor.write(
                                        row, column, specs.get(at), tensor, index, wrong));
                case Feed.Image(_, var column, var recipe) -> {
                    var media = media(row, column, wrong);
                    if (media.isPresent())
                        placement =
                                ImageTensor.write(
                                        media.get(), column, recipe, limits, tensor, index);
                }
                case Feed.Sound(_, var column, _) -> {
                    var media = media(row, column, wrong);
                    if (media.isPresent())
                        batch.set(
                                at,
                                sounds.get(at)
                                        .orElseThrow()
                                        .write(media.get(), column, specs.get(at), tensor, index));
                }
                case Feed.State _ -> batch.set(at, zeros(at, tensor));
                case Feed.Frames _, Feed.Rate _ -> throw new IllegalStateException("not framed");
            }
        }
        refuse(wrong);
        return placement;
    }

    /// One recording, to be written frame by frame.
    ///
    /// @throws dev.davy.strict.Problem as [#write]
    public Recording recording(Row row) {
        var wrong = new ArrayList<String>();
        for (int at = 0; at < specs.size(); at++) {
            if (!(bundle.feeds().get(at) instanceof Feed.Frames(_, var column, var recipe)))
                continue;
            var media = media(row, column, wrong);
            refuse(wrong);
            return new Recording(bundle, recipe, media.orElseThrow(), column, limits, row);
        }
        throw new IllegalStateException("this model takes no frames");
    }

    /// State starts from zeros in each row: what was carried before is not this row's.
    private Tensor zeros(int at, Tensor tensor) {
        var shape = shape(at, 1);
        return tensor.hasShape(shape)
                ? cleared(tensor)
                : Tensor.direct(specs.get(at).datatype(), shape);
    }

    static Tensor cleared(Tensor tensor) {
        for (int at = 0; at < tensor.data().capacity(); at++) tensor.data().put(at, (byte) 0);
        return tensor;
    }

    private static Optional<Media> media(Row row, String column, List<String> wrong) {
        var value = row.at(column);
        if (value instanceof Media media) return Optional.of(media);
        wrong.add(
                value == null
                        ? "column '" + column + "' is missing"
                        : "column '" + column + "' holds no file");
        return Optional.empty();
    }

    static void refuse(List<String> wrong) {
        if (!wrong.isEmpty())
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "row-not-acceptable",
                    "The row cannot be given to the model.",
                    wrong,
                    "Send each column that the model takes, in its type.");
    }
}
