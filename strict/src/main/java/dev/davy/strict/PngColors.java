package dev.davy.strict;

import java.util.Arrays;

/// How a PNG writes colours, and how they become bytes.
final class PngColors {
    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGBA = 6;

    private final int type;
    private final int depth;
    private final int samples;

    /// Red, green, blue and alpha of each colour.
    private byte[] palette = new byte[0];

    /// The one colour that is transparent, as samples, in grey and red-green-blue images; empty
    /// where none is.
    private int[] clear = new int[0];

    private boolean hasAlpha;

    PngColors(int type, int depth) {
        this.type = type;
        this.depth = depth;
        boolean small = depth == 1 || depth == 2 || depth == 4;
        boolean allowed =
                switch (type) {
                    case GREY -> small || depth == 8 || depth == 16;
                    case PALETTE -> small || depth == 8;
                    case RGB, GREY_ALPHA, RGBA -> depth == 8 || depth == 16;
                    default -> false;
                };
        if (!allowed)
            throw Images.damaged("It has colours of type " + type + " with " + depth + " bits.");
        samples = type == RGBA ? 4 : type == RGB ? 3 : type == GREY_ALPHA ? 2 : 1;
        hasAlpha = type == RGBA || type == GREY_ALPHA;
    }

    void palette(byte[] file, int from, int length) {
        if (length == 0 || length % 3 != 0 || length > 768 || palette.length > 0)
            throw Images.damaged("Its palette is damaged.");
        palette = new byte[length / 3 * 4];
        for (int i = 0; i < length / 3; i++) {
            System.arraycopy(file, from + 3 * i, palette, 4 * i, 3);
            palette[4 * i + 3] = -1;
        }
    }

    void transparency(byte[] file, int from, int length) {
        if (type == PALETTE) {
            if (length > palette.length / 4) throw Images.damaged("Its transparency is damaged.");
            for (int i = 0; i < length; i++) palette[4 * i + 3] = file[from + i];
        } else {
            if (hasAlpha || length != 2 * samples)
                throw Images.damaged("Its transparency is damaged.");
            clear = new int[samples];
            for (int i = 0; i < samples; i++)
                clear[i] = (file[from + 2 * i] & 0xFF) << 8 | (file[from + 2 * i + 1] & 0xFF);
        }
        hasAlpha = true;
    }

    void check() {
        if (type == PALETTE && palette.length == 0) throw Images.damaged("It has no palette.");
    }

    /// Channels of the result.
    int channels() {
        return hasAlpha ? 4 : type == GREY ? 1 : 3;
    }

    /// Bytes from one pixel to the next, as the filters count them: at least one.
    int pixelBytes() {
        return Math.max(1, samples * depth / 8);
    }

    int rowBytes(int columns) {
        return Math.toIntExact(((long) columns * samples * depth + 7) / 8);
    }

    /// Puts a plain row into the image: its first pixel at the index `first`, each next one `step`
    /// further.
    void expand(byte[] row, int columns, byte[] into, int first, int step) {
        boolean asItIs = depth == 8 && clear.length == 0 && type != PALETTE && type != GREY_ALPHA;
        if (asItIs && step == 1) {
            System.arraycopy(row, 0, into, first * samples, columns * samples);
            return;
        }
        int channels = channels();
        for (int x = 0, to = first * channels; x < columns; x++, to += step * channels) {
            switch (type) {
                case PALETTE -> {
                    int color = sample(row, x);
                    if (4 * color >= palette.length)
                        throw Images.damaged("A pixel has no colour of the palette.");
                    System.arraycopy(palette, 4 * color, into, to, channels);
                }
                case GREY, GREY_ALPHA -> {
                    byte grey = eightBits(sample(row, x * samples));
                    Arrays.fill(into, to, to + (channels == 1 ? 1 : 3), grey);
                }
                default -> {
                    for (int i = 0; i < 3; i++)
                        into[to + i] = eightBits(sample(row, x * samples + i));
                }
            }
            if (channels == 4 && type != PALETTE) into[to + 3] = alpha(row, x);
        }
    }

    private byte alpha(byte[] row, int x) {
        if (clear.length == 0) return eightBits(sample(row, x * samples + samples - 1));
        for (int i = 0; i < samples; i++) if (sample(row, x * samples + i) != clear[i]) return -1;
        return 0;
    }

    private int sample(byte[] row, int index) {
        if (depth == 8) return row[index] & 0xFF;
        if (depth == 16) return (row[2 * index] & 0xFF) << 8 | (row[2 * index + 1] & 0xFF);
        int bit = index * depth;
        return (row[bit >> 3] & 0xFF) >> 8 - depth - (bit & 7) & (1 << depth) - 1;
    }

    private byte eightBits(int sample) {
        return (byte)
                (depth == 8
                        ? sample
                        : depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1));
    }
}
