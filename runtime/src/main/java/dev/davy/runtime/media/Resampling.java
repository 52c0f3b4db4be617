package dev.davy.runtime.media;

import java.math.BigInteger;

/// Changes the sampling rate by a sinc of 32 taps each side under a Hann window, which is zero half
/// a tap beyond the last.
///
/// Up by two it leaves the given samples as they are and puts one between each two. Downward the
/// sinc is widened, so that what the new rate cannot hold is filtered out.
public final class Resampling {
    private static final int TAPS = 32;

    /// Sets of weights that are kept: rates in use have some hundred at most.
    private static final int KEPT_MOST = 4_096;

    private Resampling() {}

    /// The samples at another rate; `ceil(n * to / from)` of them.
    public static float[] resample(float[] samples, int from, int to) {
        if (from == to) return samples;
        int length = Math.toIntExact(((long) samples.length * to + from - 1) / from);
        var out = new float[length];
        double widen = Math.max(1, (double) from / to);
        int phases = to / BigInteger.valueOf(from).gcd(BigInteger.valueOf(to)).intValueExact();
        // Every so many samples the same weights come again, and a sine costs more than all else.
        var kept = new double[phases <= KEPT_MOST ? phases : 0][];
        for (int at = 0; at < Math.min(kept.length, length); at++)
            kept[at] = weights(at, from, to, widen);
        for (int at = 0; at < length; at++) {
            var weights = kept.length > 0 ? kept[at % phases] : weights(at, from, to, widen);
            int first = first(at, from, to, widen);
            double sum = 0;
            for (int k = Math.max(0, -first); k < weights.length && first + k < samples.length; k++)
                sum += samples[first + k] * weights[k];
            out[at] = (float) (sum / widen);
        }
        return out;
    }

    /// The first of the given samples that a sample at the new rate is made of.
    private static int first(long at, int from, int to, double widen) {
        return (int) Math.floorDiv(at * from, to) - reach(widen);
    }

    private static int reach(double widen) {
        return (int) Math.ceil(TAPS * widen);
    }

    /// Of the given samples around it, from [#first] on.
    private static double[] weights(long at, int from, int to, double widen) {
        double centre = (double) (at * from % to) / to;
        var weights = new double[2 * reach(widen) + 2];
        for (int k = 0; k < weights.length; k++)
            weights[k] = kernel((centre - (k - reach(widen))) / widen);
        return weights;
    }

    private static double kernel(double x) {
        if (x == 0) return 1;
        if (Math.abs(x) > TAPS) return 0;
        double angle = Math.PI * x;
        return Math.sin(angle) / angle * 0.5 * (1 + Math.cos(angle / (TAPS + 0.5)));
    }

    /// The mean of all channels of interleaved samples.
    public static float[] mono(float[] samples, int channels) {
        if (channels == 1) return samples;
        var out = new float[samples.length / channels];
        for (int at = 0; at < out.length; at++) {
            double sum = 0;
            for (int c = 0; c < channels; c++) sum += samples[at * channels + c];
            out[at] = (float) (sum / channels);
        }
        return out;
    }

    /// Exactly so many samples: a shorter recording gets zeros, a longer one is cut.
    ///
    /// @param before the share of what is added or cut that lies before the recording: 0 keeps its
    ///   start, 0.5 its middle, 1 its end
    public static float[] place(float[] samples, int length, double before) {
        if (samples.length == length) return samples;
        var out = new float[length];
        int extra = Math.abs(length - samples.length);
        int skip = (int) (extra * before);
        if (samples.length < length) System.arraycopy(samples, 0, out, skip, samples.length);
        else System.arraycopy(samples, skip, out, 0, length);
        return out;
    }
}
