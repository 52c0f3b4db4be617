package dev.davy.runtime;

import dev.davy.runtime.media.Resampling;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.strict.Limits;
import java.util.ArrayList;
import java.util.List;

/// One recording on its way through a model, frame by frame, with the state carried.
///
/// ```java
/// var tensors = preparation.tensors(1);
/// while (recording.next(tensors)) recording.carry(session.run(tensors, deadline), tensors);
/// ```
public final class Recording {
    private final Bundle bundle;
    private final Feed.Frame frame;
    private final int rate;
    private final float[] samples;
    private final Row row;
    private int at;
    private boolean begun;

    Recording(
            Bundle bundle,
            Feed.FrameRecipe recipe,
            Media media,
            String column,
            Limits limits,
            Row row) {
        this.bundle = bundle;
        this.row = row;
        var sound = SoundTensor.decode(media, column, limits);
        rate = recipe.rateFor(sound.rate());
        frame = recipe.frames().getOrDefault(rate, new Feed.Frame(1, 0));
        samples =
                Resampling.resample(
                        Resampling.mono(sound.samples(), sound.channels()), sound.rate(), rate);
    }

    /// How many frames it has; at least one, of zeros, so that an empty recording has an answer.
    public int frames() {
        return Math.max(1, (samples.length + frame.chunk() - 1) / frame.chunk());
    }

    /// Writes the next frame; false when there is none.
    ///
    /// @param tensors as [Preparation#tensors] made them; tensors of other shapes are put in
    public boolean next(List<Tensor> tensors) {
        if (at >= frames() * frame.chunk()) return false;
        var wrong = new ArrayList<String>();
        for (int place = 0; place < tensors.size(); place++) {
            var spec = bundle.signature().inputs().get(place);
            var tensor = tensors.get(place);
            switch (bundle.feeds().get(place)) {
                case Feed.Frames _ -> tensors.set(place, frame(spec, tensor));
                case Feed.Rate _ -> tensor.float64(0, rate);
                case Feed.State _ -> {
                    if (!begun) tensors.set(place, zeros(spec, tensor));
                }
                case Feed.Scalar(_, var source) -> Cells.write(row, source, tensor, 0, wrong);
                case Feed.Features(_, var sources) -> {
                    for (int c = 0; c < sources.size(); c++)
                        Cells.write(row, sources.get(c), tensor, c, wrong);
                }
                case Feed.Vector(_, var column) ->
                        tensors.set(place, VectorTensor.write(row, column, spec, tensor, 0, wrong));
                case Feed.Image _, Feed.Sound _ ->
                        throw new IllegalStateException("a file beside a framed recording");
            }
        }
        Preparation.refuse(wrong);
        begun = true;
        at += frame.chunk();
        return true;
    }

    private Tensor frame(TensorSpec spec, Tensor tensor) {
        int length = frame.context() + frame.chunk();
        var shape = spec.shape().stream().mapToLong(d -> d < 0 ? 1 : d).toArray();
        if (shape.length > 0) shape[shape.length - 1] = length;
        var into = tensor.hasShape(shape) ? tensor : Tensor.direct(spec.datatype(), shape);
        for (int k = 0; k < length; k++) {
            int from = at - frame.context() + k;
            into.float64(k, from >= 0 && from < samples.length ? samples[from] : 0);
        }
        return into;
    }

    private static Tensor zeros(TensorSpec spec, Tensor tensor) {
        var shape = spec.shape().stream().mapToLong(d -> d < 0 ? 1 : d).toArray();
        return tensor.hasShape(shape)
                ? Preparation.cleared(tensor)
                : Tensor.direct(spec.datatype(), shape);
    }

    /// Takes over the state that a run returned, for the next frame.
    public void carry(List<Tensor> outputs, List<Tensor> tensors) {
        for (int place = 0; place < tensors.size(); place++) {
            if (!(bundle.feeds().get(place) instanceof Feed.State(_, var output))) continue;
            var from = outputs.get(bundle.signature().output(output).orElseThrow());
            var tensor = tensors.get(place);
            var into =
                    tensor.hasShape(from.shape())
                            ? tensor
                            : Tensor.direct(from.datatype(), from.shape());
            into.data().put(0, from.data(), 0, from.data().capacity());
            tensors.set(place, into);
        }
    }
}
