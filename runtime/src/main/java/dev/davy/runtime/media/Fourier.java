package dev.davy.runtime.media;

/// The fast Fourier transform of one length, a power of two. Thread-safe.
final class Fourier {
    private final int length;
    private final double[] cosines;
    private final double[] sines;

    Fourier(int length) {
        this.length = length;
        cosines = new double[length / 2];
        sines = new double[length / 2];
        for (int at = 0; at < length / 2; at++) {
            cosines[at] = Math.cos(2 * Math.PI * at / length);
            sines[at] = -Math.sin(2 * Math.PI * at / length);
        }
    }

    /// Transforms in place (Cooley and Tukey, 1965).
    void transform(double[] real, double[] imaginary) {
        reverse(real, imaginary);
        for (int half = 1; half < length; half *= 2) {
            int stride = length / (2 * half);
            for (int start = 0; start < length; start += 2 * half)
                for (int at = 0; at < half; at++)
                    butterfly(real, imaginary, start + at, start + at + half, at * stride);
        }
    }

    private void butterfly(double[] real, double[] imaginary, int a, int b, int turn) {
        double r = real[b] * cosines[turn] - imaginary[b] * sines[turn];
        double i = real[b] * sines[turn] + imaginary[b] * cosines[turn];
        real[b] = real[a] - r;
        imaginary[b] = imaginary[a] - i;
        real[a] += r;
        imaginary[a] += i;
    }

    private void reverse(double[] real, double[] imaginary) {
        int bits = Integer.numberOfTrailingZeros(length);
        for (int at = 0; at < length; at++) {
            int other = bits == 0 ? 0 : Integer.reverse(at) >>> (32 - bits);
            if (other <= at) continue;
            swap(real, at, other);
            swap(imaginary, at, other);
        }
    }

    private static void swap(double[] values, int a, int b) {
        double kept = values[a];
        values[a] = values[b];
        values[b] = kept;
    }
}
