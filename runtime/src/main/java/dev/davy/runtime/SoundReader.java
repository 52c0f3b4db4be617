package dev.davy.runtime;

import dev.davy.runtime.media.Spectrum;
import dev.davy.strict.Fields;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads of a descriptor's column what is done to its recordings.
final class SoundReader {
    private static final int HIGHEST_RATE = 384_000;
    private static final int LONGEST = 1 << 28;
    private static final int LONGEST_FRAME = 1 << 20;

    private enum Kind {
        MFCC,
        LOG_MEL
    }

    private enum Place {
        START,
        CENTRE,
        END
    }

    private SoundReader() {}

    /// A recording as a whole.
    static Feed.SoundRecipe whole(Fields of, Optional<TensorSpec> spec) {
        int rate = (int) of.integer("rate", 1_000, HIGHEST_RATE);
        var samples = of.optionalInteger("samples", 1, LONGEST);
        double before =
                switch (of.optionalChoice("place", Place.class).orElse(Place.CENTRE)) {
                    case START -> 0;
                    case CENTRE -> 0.5;
                    case END -> 1;
                };
        var recipe =
                new Feed.SoundRecipe(
                        rate,
                        samples.isPresent()
                                ? Optional.of((int) samples.getAsLong())
                                : Optional.empty(),
                        before,
                        of.optionalObject("features").flatMap(each -> features(each, rate)));
        spec.ifPresent(s -> refuseLength(of, s, recipe));
        return recipe;
    }

    private static void refuseLength(Fields of, TensorSpec spec, Feed.SoundRecipe recipe) {
        long elements = spec.rowElements();
        if (elements < 0) return;
        if (recipe.samples().isEmpty()) {
            of.violation(
                    "samples",
                    "is missing: '"
                            + spec.name()
                            + "' of shape "
                            + spec.shape()
                            + " takes an exact length");
            return;
        }
        int samples = recipe.samples().get();
        long made =
                recipe.features()
                        .map(f -> (long) f.rows() * f.frames(samples))
                        .orElse((long) samples);
        if (made != elements)
            of.violation(
                    "samples",
                    "makes "
                            + made
                            + " values; '"
                            + spec.name()
                            + "' of shape "
                            + spec.shape()
                            + " takes "
                            + elements);
    }

    private static Optional<Spectrum.Recipe> features(Fields of, int rate) {
        boolean cosines = of.choice("kind", Kind.class) == Kind.MFCC;
        int fft = (int) of.integer("fft", 2, 1 << 16);
        int window = (int) of.optionalInteger("window", 1, 1 << 16).orElse(fft);
        int hop = (int) of.integer("hop", 1, 1 << 16);
        int mels = (int) of.integer("mels", 1, 1024);
        int coefficients =
                cosines ? (int) of.optionalInteger("coefficients", 1, 1024).orElse(mels) : 0;
        double low = of.optionalNumber("low", 0, rate / 2.0).orElse(0);
        double high = of.optionalNumber("high", 0, rate / 2.0).orElse(rate / 2.0);
        double floor = of.optionalNumber("floor", 0, 1).orElse(1e-6);
        try {
            return Optional.of(
                    new Spectrum.Recipe(
                            rate, fft, window, hop, mels, coefficients, low, high, floor));
        } catch (IllegalArgumentException e) {
            of.violation(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /// A recording frame by frame.
    static Feed.FrameRecipe frames(Fields of, Optional<TensorSpec> spec) {
        var rates = new LinkedHashMap<Integer, Feed.Frame>();
        of.objectsByName("frame")
                .forEach((rate, frame) -> {
                    int chunk = (int) frame.integer("chunk", 1, LONGEST_FRAME);
                    int context =
                            (int) frame.optionalInteger("context", 0, LONGEST_FRAME).orElse(0);
                    long takes =
                            spec.map(s -> s.shape().isEmpty() ? 1 : s.shape().getLast())
                                    .orElse(-1L);
                    if (takes >= 0 && takes != (long) chunk + context)
                        frame.violation(
                                "makes frames of "
                                        + (chunk + context)
                                        + " samples; the tensor takes "
                                        + takes);
                    if (rate.matches("[1-9][0-9]{3,5}"))
                        rates.put(Integer.parseInt(rate), new Feed.Frame(chunk, context));
                    else frame.violation("'" + rate + "' is no sampling rate");
                });
        var declared = new HashSet<Integer>();
        var node = of.optionalNode("rate");
        node.ifPresent(n -> {
            var list = n.isArray() ? List.copyOf(n.values()) : List.of(n);
            for (var each : list) if (each.isIntegralNumber()) declared.add(each.asInt(0));
        });
        if (node.isPresent() && !declared.equals(rates.keySet()))
            of.violation("rate", "lists " + declared + ", frame: has " + rates.keySet());
        if (rates.isEmpty()) of.violation("frame", "has no rate");
        return new Feed.FrameRecipe(Map.copyOf(rates));
    }
}
