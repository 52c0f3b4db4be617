package dev.davy.runtime.media;

/// Scales images by weighing the pixels that a new pixel covers.
///
/// When an image shrinks, the filter is widened by the same factor, so that no pixel is passed
/// over. Results are not rounded in between; Pillow rounds whole grey levels twice.
public final class Scaling {
    private Scaling() {}

    /// How pixels are weighed.
    public enum Method {
        /// A triangle, as in Pillow and torchvision: the default of most training code.
        BILINEAR,
        /// Each pixel by the share of it that is covered, as OpenCV's `INTER_AREA` when shrinking:
        /// the mean brightness stays.
        AREA,
        /// The nearest pixel alone.
        NEAREST
    }

    /// Scales channel-interleaved pixels, row by row.
    ///
    /// @param pixels `height * width * channels` values
    /// @return `newHeight * newWidth * channels` values
    public static float[] scale(
            float[] pixels,
            int width,
            int height,
            int channels,
            int newWidth,
            int newHeight,
            Method method) {
        var across =
                width == newWidth
                        ? pixels
                        : pass(pixels, height, width, newWidth, channels, method);
        if (height == newHeight) return across;
        // Down the columns a whole row is one value of `newWidth * channels` numbers.
        return pass(across, 1, height, newHeight, newWidth * channels, method);
    }

    private static float[] pass(
            float[] from, int lines, int length, int newLength, int step, Method method) {
        var to = new float[lines * newLength * step];
        double scale = (double) length / newLength;
        // Half the width of the triangle, in pixels of the image as it is.
        double wide = Math.max(1, scale);
        var weights = new double[(int) Math.ceil(wide) * 2 + 2];
        for (int at = 0; at < newLength; at++) {
            double centre = (at + 0.5) * scale;
            int first;
            int count;
            if (method == Method.NEAREST) {
                first = Math.min(length - 1, (int) centre);
                count = 1;
                weights[0] = 1;
            } else if (method == Method.AREA) {
                first = (int) (at * scale);
                count = Math.min(length, (int) Math.ceil((at + 1) * scale - 1e-9)) - first;
                cover(weights, count, at * scale - first, scale);
            } else {
                first = Math.max(0, (int) (centre - wide + 0.5));
                count = Math.min(length, (int) (centre + wide + 0.5)) - first;
                weigh(weights, count, first - centre + 0.5, wide);
            }
            for (int line = 0; line < lines; line++) {
                int source = (line * length + first) * step;
                int target = (line * newLength + at) * step;
                for (int part = 0; part < step; part++) {
                    double sum = 0;
                    for (int k = 0; k < count; k++)
                        sum += weights[k] * from[source + k * step + part];
                    to[target + part] = (float) sum;
                }
            }
        }
        return to;
    }

    private static void weigh(double[] weights, int count, double offset, double wide) {
        double total = 0;
        for (int k = 0; k < count; k++) {
            weights[k] = Math.max(0, 1 - Math.abs((k + offset) / wide));
            total += weights[k];
        }
        for (int k = 0; k < count; k++) weights[k] /= total;
    }

    /// The share of each pixel under a stretch that begins so far into the first.
    private static void cover(double[] weights, int count, double into, double scale) {
        for (int k = 0; k < count; k++)
            weights[k] = (Math.min(k + 1, into + scale) - Math.max(k, into)) / scale;
    }
}
