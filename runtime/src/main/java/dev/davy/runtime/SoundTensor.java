package dev.davy.runtime;

import dev.davy.runtime.Feed.SoundRecipe;
import dev.davy.runtime.media.Resampling;
import dev.davy.runtime.media.Spectrum;
import dev.davy.schema.Media;
import dev.davy.strict.Audio;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.util.Optional;

/// Writes whole recordings into tensors.
final class SoundTensor {
    private final SoundRecipe recipe;
    private final Limits limits;
    private final Optional<Spectrum> spectrum;

    SoundTensor(SoundRecipe recipe, Limits limits) {
        this.recipe = recipe;
        this.limits = limits;
        spectrum = recipe.features().map(Spectrum::new);
    }

    /// Writes a recording; gives the tensor written, another one where its length is open.
    Tensor write(Media media, String column, TensorSpec spec, Tensor tensor, int index) {
        var sound = decode(media, column, limits);
        var samples = Resampling.mono(sound.samples(), sound.channels());
        samples = Resampling.resample(samples, sound.rate(), recipe.rate());
        if (recipe.samples().isPresent())
            samples = Resampling.place(samples, recipe.samples().get(), recipe.before());
        float[] values = samples;
        int rows = 1;
        if (spectrum.isPresent()) {
            rows = spectrum.get().recipe().rows();
            values = spectrum.get().of(samples);
        }
        boolean batched = spec.leads() && spec.shape().size() > 1 && spec.rowElements() >= 0;
        boolean fits = batched || tensor.elements() == values.length;
        var into = fits ? tensor : Tensor.direct(spec.datatype(), shape(spec, rows, values.length));
        int first = batched ? index * values.length : 0;
        for (int at = 0; at < values.length; at++) into.float64(first + at, values[at]);
        return into;
    }

    static Audio.Sound decode(Media media, String column, Limits limits) {
        try {
            return Audio.decode(media.bytes(), limits);
        } catch (Problem problem) {
            throw problem.at(column);
        }
    }

    /// The last axis is time, the one before it the features; axes before those are 1.
    private static long[] shape(TensorSpec spec, int rows, int values) {
        var shape = spec.shape().stream().mapToLong(d -> d < 0 ? 1 : d).toArray();
        if (shape.length == 0) return shape;
        shape[shape.length - 1] = values / rows;
        if (rows > 1 && shape.length > 1) shape[shape.length - 2] = rows;
        return shape;
    }
}
