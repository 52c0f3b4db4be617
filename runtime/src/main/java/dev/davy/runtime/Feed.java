package dev.davy.runtime;

import dev.davy.runtime.media.Scaling;
import dev.davy.runtime.media.Spectrum;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How one input tensor of a model is filled from a row.
public sealed interface Feed {
    /// The input tensor's name.
    String input();

    /// One column's value; the tensor has one element a row, or one in all.
    record Scalar(String input, Source source) implements Feed {}

    /// Several columns side by side: `[N, columns]`.
    record Features(String input, List<Source> sources) implements Feed {
        public Features {
            sources = List.copyOf(sources);
        }
    }

    /// A column of type `vector`, row-major.
    record Vector(String input, String column) implements Feed {}

    /// An image.
    record Image(String input, String column, ImageRecipe recipe) implements Feed {}

    /// A recording as a whole.
    record Sound(String input, String column, SoundRecipe recipe) implements Feed {}

    /// A recording frame by frame: one run each.
    record Frames(String input, String column, FrameRecipe recipe) implements Feed {}

    /// The sampling rate at which the recording of [Frames] is fed.
    record Rate(String input) implements Feed {}

    /// Zeros at first, then what the run before returned, within one recording.
    record State(String input, String output) implements Feed {}

    /// A column and what stands for its missing values.
    ///
    /// @param missing a `Double`, `Long`, `String` or `Boolean`; empty for NaN where the tensor has
    ///   floats, and elsewhere for an error
    record Source(String column, Optional<Object> missing) {}

    /// What is done to an image: scaled to size, then for each channel `(value / scale - mean) /
    /// std`.
    ///
    /// @param channels 1 for grey, 3 for colour; an image with other channels is converted, alpha
    ///   is dropped
    /// @param scale what a value of 0..255 is divided by
    /// @param mean one per channel, or one for all
    /// @param std one per channel, or one for all
    /// @param channelsFirst `nchw` instead of `nhwc`
    /// @param invert 255 - value, before everything else
    /// @param blueFirst blue, green, red instead of red, green, blue
    /// @param fill 0..255, around an image that was made to fit
    record ImageRecipe(
            int width,
            int height,
            int channels,
            Fit fit,
            Scaling.Method method,
            double scale,
            List<Double> mean,
            List<Double> std,
            boolean channelsFirst,
            boolean invert,
            boolean blueFirst,
            double fill) {
        public ImageRecipe {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
        }

        /// How an image of another shape comes to its size.
        public enum Fit {
            /// Each axis by itself.
            STRETCH,
            /// The whole image, the rest filled on both sides.
            FIT,
            /// The middle of the image, none of it filled.
            CROP
        }
    }

    /// What is done to a recording: mixed to one channel, brought to a rate and, where it says so,
    /// to an exact length and into a spectrum.
    ///
    /// @param samples the exact length; empty for as long as it is
    /// @param before the share of what is added or cut that lies before the recording
    record SoundRecipe(
            int rate,
            Optional<Integer> samples,
            double before,
            Optional<Spectrum.Recipe> features) {}

    /// How a recording is cut into frames, by rate.
    ///
    /// @param frames for each rate at which the model takes sound, in rising order
    record FrameRecipe(Map<Integer, Frame> frames) {
        /// Rates in rising order.
        public List<Integer> rates() {
            return frames.keySet().stream().sorted().toList();
        }

        /// The rate to which a recording is brought: its own where the model takes it, else the
        /// highest below it, else the lowest.
        int rateFor(int rate) {
            return rates().stream()
                    .filter(each -> each <= rate)
                    .reduce((_, last) -> last)
                    .orElse(rates().getFirst());
        }
    }

    /// @param chunk new samples of each frame; the last frame is filled with zeros
    /// @param context samples of the frame before, put in front; zeros at first
    record Frame(int chunk, int context) {}
}
