package dev.davy.stats.media;

/// What a picture looks like.
///
/// Light is luma of the values as they are stored, 0.2126 R + 0.7152 G + 0.0722 B (ITU-R BT.709),
/// without undoing their gamma; how opaque a pixel is does not count. Computed to 1/256 of a grey
/// level of 256.
///
/// @param width in pixels
/// @param height in pixels
/// @param brightness mean light of all pixels, 0 (black) to 1 (white)
/// @param contrast standard deviation of the light over all pixels, 0 to 0.5
public record PictureMeasures(int width, int height, double brightness, double contrast) {
    private static final int RED = 13_933;
    private static final int GREEN = 46_871;
    private static final int BLUE = 4_732;

    /// Of white.
    private static final double FULL = 255 * 256.0;

    /// @param channels 1 grey; 3 red, green, blue; 2 or 4 with alpha last
    /// @param pixels interleaved, one unsigned byte a channel
    public static PictureMeasures of(int width, int height, int channels, byte[] pixels) {
        if (channels < 1 || channels > 4)
            throw new IllegalArgumentException(channels + " channels; 1 to 4 are known");
        long count = pixels.length / channels;
        if (count == 0 || count != (long) width * height)
            throw new IllegalArgumentException(
                    "%d bytes are not %d by %d pixels of %d channels"
                            .formatted(pixels.length, width, height, channels));
        long sum = 0;
        long squares = 0;
        for (int i = 0; i < pixels.length; i += channels) {
            long light =
                    channels < 3
                            ? (pixels[i] & 0xff) << 8
                            : RED * (pixels[i] & 0xff)
                                            + GREEN * (pixels[i + 1] & 0xff)
                                            + BLUE * (pixels[i + 2] & 0xff)
                                    >> 8;
            sum += light;
            squares += light * light;
        }
        double mean = (double) sum / count;
        double variance = Math.max(0, (double) squares / count - mean * mean);
        return new PictureMeasures(width, height, mean / FULL, Math.sqrt(variance) / FULL);
    }
}
