package dev.davy.runtime.media;

/// Short-time spectra as speech models take them: frames, power, mel bands, logarithm, cosines.
///
/// As librosa computes them with `center=True`, `pad_mode="reflect"`, `htk=True`, `norm=None`: a
/// periodic Hann window in the middle of each frame, power, triangular bands on the HTK scale
/// without area norm, natural logarithm, orthonormal DCT-II.
///
/// Made once per recipe and thread-safe.
public final class Spectrum {
    private final Recipe recipe;
    private final double[] window;
    private final double[][] bands;
    private final double[][] cosines;
    private final Fourier fourier;

    /// @param rate samples a second
    /// @param fft length of a frame, a power of two
    /// @param window length of the window inside it
    /// @param hop from frame to frame
    /// @param mels how many bands
    /// @param coefficients how many cosine coefficients; 0 leaves the logarithms of the bands
    /// @param low Hz, where the bands begin
    /// @param high Hz, where they end
    /// @param floor added to each band's power before the logarithm
    public record Recipe(
            int rate,
            int fft,
            int window,
            int hop,
            int mels,
            int coefficients,
            double low,
            double high,
            double floor) {
        public Recipe {
            if (Integer.bitCount(fft) != 1 || fft < 2 || fft > 1 << 16)
                throw new IllegalArgumentException(
                        "fft is " + fft + "; it is a power of two from 2 to 65536");
            if (window < 1 || window > fft)
                throw new IllegalArgumentException(
                        "window is " + window + "; it is 1 to fft, which is " + fft);
            if (hop < 1) throw new IllegalArgumentException("hop is " + hop + "; it is at least 1");
            if (mels < 1 || mels > 1024)
                throw new IllegalArgumentException("mels is " + mels + "; it is 1 to 1024");
            if (coefficients < 0 || coefficients > mels)
                throw new IllegalArgumentException(
                        "coefficients is "
                                + coefficients
                                + "; it is at most mels, which is "
                                + mels);
            if (!(low >= 0 && low < high && high <= rate / 2.0))
                throw new IllegalArgumentException(
                        "low and high are "
                                + low
                                + " and "
                                + high
                                + "; they rise from 0 to half the rate, which is "
                                + rate / 2.0);
            if (!(floor > 0))
                throw new IllegalArgumentException("floor is " + floor + "; it is above 0");
        }

        /// Rows of the result: coefficients, or bands where there are none.
        public int rows() {
            return coefficients == 0 ? mels : coefficients;
        }

        /// Frames of a recording of so many samples.
        public int frames(int samples) {
            return 1 + samples / hop;
        }
    }

    public Spectrum(Recipe recipe) {
        this.recipe = recipe;
        fourier = new Fourier(recipe.fft());
        window = new double[recipe.fft()];
        int offset = (recipe.fft() - recipe.window()) / 2;
        for (int at = 0; at < recipe.window(); at++)
            window[offset + at] = 0.5 - 0.5 * Math.cos(2 * Math.PI * at / recipe.window());
        bands = bands(recipe);
        cosines = cosines(recipe.coefficients(), recipe.mels());
    }

    public Recipe recipe() {
        return recipe;
    }

    /// The spectrum of a recording, row by row: `rows * frames` numbers.
    public float[] of(float[] samples) {
        int frames = recipe.frames(samples.length);
        var out = new float[recipe.rows() * frames];
        var real = new double[recipe.fft()];
        var imaginary = new double[recipe.fft()];
        var power = new double[recipe.fft() / 2 + 1];
        var logs = new double[recipe.mels()];
        for (int frame = 0; frame < frames; frame++) {
            int start = frame * recipe.hop() - recipe.fft() / 2;
            for (int at = 0; at < real.length; at++) {
                real[at] = window[at] == 0 ? 0 : window[at] * reflected(samples, start + at);
                imaginary[at] = 0;
            }
            fourier.transform(real, imaginary);
            for (int at = 0; at < power.length; at++)
                power[at] = real[at] * real[at] + imaginary[at] * imaginary[at];
            for (int band = 0; band < logs.length; band++)
                logs[band] = Math.log(dot(bands[band], power) + recipe.floor());
            for (int row = 0; row < recipe.rows(); row++)
                out[row * frames + frame] =
                        (float) (recipe.coefficients() == 0 ? logs[row] : dot(cosines[row], logs));
        }
        return out;
    }

    private static double reflected(float[] samples, int at) {
        int last = samples.length - 1;
        if (last < 0) return 0;
        if (last == 0) return samples[0];
        int place = Math.floorMod(at, 2 * last);
        return samples[place <= last ? place : 2 * last - place];
    }

    private static double dot(double[] weights, double[] values) {
        double sum = 0;
        for (int at = 0; at < weights.length; at++) sum += weights[at] * values[at];
        return sum;
    }

    private static double[][] bands(Recipe recipe) {
        var edges = new double[recipe.mels() + 2];
        double low = mel(recipe.low());
        double high = mel(recipe.high());
        for (int at = 0; at < edges.length; at++)
            edges[at] = hertz(low + (high - low) * at / (edges.length - 1));
        var bands = new double[recipe.mels()][recipe.fft() / 2 + 1];
        for (int band = 0; band < bands.length; band++)
            for (int at = 0; at < bands[band].length; at++) {
                double frequency = (double) at * recipe.rate() / recipe.fft();
                double rising = (frequency - edges[band]) / (edges[band + 1] - edges[band]);
                double falling =
                        (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1]);
                bands[band][at] = Math.max(0, Math.min(rising, falling));
            }
        return bands;
    }

    private static double mel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }

    private static double hertz(double mel) {
        return 700 * (Math.pow(10, mel / 2595) - 1);
    }

    private static double[][] cosines(int rows, int length) {
        var cosines = new double[rows][length];
        for (int row = 0; row < rows; row++)
            for (int at = 0; at < length; at++)
                cosines[row][at] =
                        Math.sqrt((row == 0 ? 1.0 : 2.0) / length)
                                * Math.cos(Math.PI * row * (2 * at + 1) / (2.0 * length));
        return cosines;
    }
}
