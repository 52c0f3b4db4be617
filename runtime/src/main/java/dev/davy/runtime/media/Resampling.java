package dev.davy.runtime.media;

/// Changes the sampling rate by a sinc of 32 taps each side under a Hann window, which is zero half
/// a tap beyond the last.
///
/// Up by two it leaves the given samples as they are and puts one between each two. Downward the
/// sinc is widened, so that what the new rate cannot hold is filtered out.
public final class Resampling {
    private static final int TAPS = 32;

    private Resampling() {}

    /// The samples at another rate; `ceil(n * to / from)` of them.
    public static float[] resample(float[] samples, int from, int to) {
        if (from == to) return samples;
        int length = Math.toIntExact(((long) samples.length * to + from - 1) / from);
        var out = new float[length];
        double widen = Math.max(1, (double) from / to);
        double reach = TAPS * widen;
        for (int at = 0; at < length; at++) {
            double centre = (double) at * from / to;
            int first = Math.max(0, (int) Math.ceil(centre - reach));
            int last = Math.min(samples.length - 1, (int) Math.floor(centre + reach));
            double sum = 0;
            for (int k = first; k <= last; k++) sum += samples[k] * kernel((centre - k) / widen);
            out[at] = (float) (sum / widen);
        }
        return out;
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
