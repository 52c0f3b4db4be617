package dev.davy.runtime;

import dev.davy.schema.Column;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Made inputs for trying a model: the same row has the same numbers every time and at every place.
final class Made {
    /// Lengths to try for an axis of which nothing is known: small ones, and what common models
    /// take.
    private static final long[] LENGTHS = {1, 2, 8, 32, 64, 128, 224, 288, 512, 576, 1_024};

    private static final List<String> TEXTS = List.of("a", "b", "c");
    private static final long SEED = 20_261_121;

    private final Bundle bundle;
    private final Limits limits;
    private final boolean openAxes;
    private final boolean openValues;
    private final boolean anyLeads;
    private long length = 1;
    private boolean ones;

    Made(Bundle bundle, Limits limits) {
        this.bundle = bundle;
        this.limits = limits;
        boolean axes = false;
        boolean values = false;
        for (int at = 0; at < specs().size(); at++) {
            axes |= !settles(at);
            values |= !specs().get(at).datatype().isFloat();
        }
        openAxes = axes;
        openValues = values;
        anyLeads = specs().stream().anyMatch(TensorSpec::leads);
    }

    private List<TensorSpec> specs() {
        return bundle.signature().inputs();
    }

    /// Whether the file and the descriptor say the length of every axis but the rows'.
    private boolean settles(int at) {
        var spec = specs().get(at);
        int from = spec.leads() ? 1 : 0;
        boolean open = spec.shape().stream().skip(from).anyMatch(axis -> axis < 0);
        if (!open) return true;
        return switch (bundle.feeds().get(at)) {
            case Feed.Image _, Feed.Features _, Feed.Frames _, Feed.State _ -> true;
            case Feed.Sound(_, _, var recipe) -> recipe.samples().isPresent();
            case Feed.Scalar _, Feed.Vector _, Feed.Rate _ -> false;
        };
    }

    /// Whether something had to be guessed, so that a failure need not be the model's fault.
    boolean isGuess() {
        return openAxes || openValues;
    }

    /// Whether rows may come in different lengths.
    boolean isRagged() {
        return openAxes;
    }

    int guesses() {
        return (openAxes ? LENGTHS.length : 1) * (openValues ? 2 : 1);
    }

    void guess(int number) {
        ones = openValues && number % 2 == 1;
        length = LENGTHS[openAxes ? number / (openValues ? 2 : 1) : 0];
    }

    /// Tensors of these rows, by their numbers.
    List<Tensor> rows(int... rows) {
        var tensors = new ArrayList<Tensor>();
        for (int at = 0; at < specs().size(); at++) {
            var spec = specs().get(at);
            var tensor = Tensor.direct(spec.datatype(), shape(at, rows.length));
            int count = spec.leads() ? rows.length : 1;
            int size = tensor.elements() / count;
            for (int place = 0; place < count; place++)
                fill(at, tensor, place * size, size, new Random(SEED + 1_000L * at + rows[place]));
            tensors.add(tensor);
        }
        return tensors;
    }

    private long[] shape(int at, int rows) {
        var spec = specs().get(at);
        var feed = bundle.feeds().get(at);
        // Beside inputs with rows, an axis elsewhere is most often the rows again: of a state.
        long open = feed instanceof Feed.State || anyLeads && !spec.leads() ? 1 : length;
        var shape = spec.shape().stream().mapToLong(axis -> axis < 0 ? open : axis).toArray();
        if (spec.leads()) shape[0] = rows;
        switch (feed) {
            case Feed.Image(_, _, var recipe) -> ImageTensor.shape(recipe, shape);
            case Feed.Features(_, var sources) when shape.length == 2 -> shape[1] = sources.size();
            case Feed.Frames(_, _, var recipe) when shape.length > 0 ->
                    shape[shape.length - 1] = frame(recipe);
            case Feed.Sound(_, _, var recipe) when shape.length > 0 -> sound(spec, recipe, shape);
            case Feed _ -> {}
        }
        double elements = Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (elements > limits.tensorElements())
            throw Failures.failed("Its input '" + spec.name() + "' is larger than the limit.");
        return shape;
    }

    private static long frame(Feed.FrameRecipe recipe) {
        var frame = recipe.frames().getOrDefault(recipe.rates().getFirst(), new Feed.Frame(1, 0));
        return (long) frame.chunk() + frame.context();
    }

    private static void sound(TensorSpec spec, Feed.SoundRecipe recipe, long[] shape) {
        if (recipe.samples().isEmpty()) return;
        int samples = recipe.samples().get();
        int last = shape.length - 1;
        if (spec.shape().get(last) < 0)
            shape[last] =
                    recipe.features().map(f -> (long) f.frames(samples)).orElse((long) samples);
        if (last > 0 && spec.shape().get(last - 1) < 0 && !(last == 1 && spec.leads()))
            recipe.features().ifPresent(f -> shape[last - 1] = f.rows());
    }

    private void fill(int at, Tensor tensor, int first, int size, Random random) {
        var feed = bundle.feeds().get(at);
        if (feed instanceof Feed.State) return;
        for (int k = 0; k < size; k++) {
            var column = column(feed, k);
            if (tensor.datatype() == Datatype.BYTES) {
                var texts = column.map(Column::classes).filter(c -> !c.isEmpty()).orElse(TEXTS);
                tensor.bytes()[first + k] =
                        texts.get(random.nextInt(texts.size())).getBytes(StandardCharsets.UTF_8);
            } else if (feed instanceof Feed.Rate) {
                tensor.int64(first + k, rate());
            } else {
                number(tensor, first + k, column, random);
            }
        }
    }

    private void number(Tensor tensor, int at, Optional<Column> column, Random random) {
        double low = column.flatMap(Column::min).orElse(Double.NaN);
        double high = column.flatMap(Column::max).orElse(Double.NaN);
        if (tensor.datatype().isFloat()) {
            double value = random.nextGaussian();
            if (low > value || high < value)
                value = Double.isNaN(low) ? high : low + random.nextDouble();
            tensor.float64(at, high < value ? high : value);
        } else {
            // Zero and one suit an index, a flag and a count alike.
            long value = ones ? 1 : random.nextInt(2);
            if (!Double.isNaN(low)) value += (long) Math.ceil(low);
            if (high < value) value = (long) Math.floor(high);
            tensor.int64(at, value);
        }
    }

    private long rate() {
        for (var feed : bundle.feeds())
            if (feed instanceof Feed.Frames(_, _, var recipe)) return recipe.rates().getFirst();
        return 16_000;
    }

    private Optional<Column> column(Feed feed, int at) {
        return switch (feed) {
            case Feed.Scalar(_, var source) -> bundle.input().column(source.column());
            case Feed.Features(_, var sources) ->
                    bundle.input().column(sources.get(at % sources.size()).column());
            case Feed _ -> Optional.empty();
        };
    }
}
