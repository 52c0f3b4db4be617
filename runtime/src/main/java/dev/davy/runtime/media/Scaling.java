package dev.davy.runtime.media;

/// Scales images by weighing the pixels that a new pixel covers.
///
/// The arithmetic is that of Pillow's `resize` (and so of torchvision's on images): when an image
/// shrinks, the filter is widened by the same factor, so that no pixel is passed over. Results are
/// not rounded in between; Pillow rounds to whole grey levels twice.
public final class Scaling {
    private Scaling() {}

    /// How pixels are weighed.
    public enum Method {
        /// A triangle: the default of most training code.
        BILINEAR,
        /// All covered pixels alike.
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
        double wide = method == Method.NEAREST ? 1 : Math.max(1, scale);
        double support = wide * (method == Method.BILINEAR ? 1 : 0.5);
        var weights = new double[(int) Math.ceil(support) * 2 + 2];
        for (int at = 0; at < newLength; at++) {
            double centre = (at + 0.5) * scale;
            int first;
            int count;
            if (method == Method.NEAREST) {
                first = Math.min(length - 1, (int) centre);
                count = 1;
                weights[0] = 1;
            } else {
                first = Math.max(0, (int) (centre - support + 0.5));
                count = Math.min(length, (int) (centre + support + 0.5)) - first;
                weigh(weights, count, first - centre + 0.5, wide, method);
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

    private static void weigh(
            double[] weights, int count, double offset, double wide, Method method) {
        double total = 0;
        for (int k = 0; k < count; k++) {
            double x = (k + offset) / wide;
            weights[k] =
                    method == Method.AREA
                            ? x > -0.5 && x <= 0.5 ? 1 : 0
                            : Math.max(0, 1 - Math.abs(x));
            total += weights[k];
        }
        for (int k = 0; k < count; k++) weights[k] /= total;
    }
}
