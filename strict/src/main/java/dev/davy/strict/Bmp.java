package dev.davy.strict;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Windows bitmaps without compression.
final class Bmp {
    private static final int PLAIN = 0;
    private static final int MASKS = 3;
    private static final int MASKS_WITH_ALPHA = 6;
    private static final int FILE_HEADER = 14;
    private static final int OLDEST_HEADER = 12;

    private Bmp() {}

    static Images.Pixels decode(byte[] file, Limits limits) {
        if (file.length < FILE_HEADER + OLDEST_HEADER) throw early();
        var in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long offset = Integer.toUnsignedLong(in.getInt(10));
        int header = in.getInt(FILE_HEADER);
        boolean oldest = header == OLDEST_HEADER;
        if (!oldest && header < 40 || header > 124)
            throw Images.damaged("Its header has the wrong length.");
        if (file.length < FILE_HEADER + header) throw early();
        int width = oldest ? Short.toUnsignedInt(in.getShort(18)) : in.getInt(18);
        int signed = oldest ? Short.toUnsignedInt(in.getShort(20)) : in.getInt(22);
        // As a long: the absolute value of the smallest integer is negative.
        long height = Math.abs((long) signed);
        Images.check(width, height, limits);
        int bits = Short.toUnsignedInt(in.getShort(oldest ? 24 : 28));
        int compression = oldest ? PLAIN : in.getInt(30);
        if (compression != PLAIN && compression != MASKS && compression != MASKS_WITH_ALPHA)
            throw Images.notSupported(
                    "a BMP with compression " + Integer.toUnsignedString(compression));
        long stride = ((long) width * bits + 31) / 32 * 4;
        if (offset < FILE_HEADER + header || offset + stride * height > file.length)
            throw Images.damaged("It ends before its last row.");
        var rows = new Rows(file, (int) offset, (int) stride, width, (int) height, signed < 0);
        return switch (bits) {
            case 1, 4, 8 -> {
                int used = oldest ? 0 : in.getInt(46);
                int count = used > 0 && used < 1 << bits ? used : 1 << bits;
                int place = FILE_HEADER + header;
                int entry = oldest ? 3 : 4;
                if (place + (long) count * entry > offset)
                    throw Images.damaged("Its palette is cut off.");
                yield palette(rows, bits, place, count, entry);
            }
            case 24 -> direct(rows);
            case 16, 32 -> masked(rows, in, bits, masks(in, bits, compression, header, offset));
            default -> throw Images.damaged("It has " + bits + " bits for each pixel.");
        };
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Rows(
            byte[] file, int offset, int stride, int width, int height, boolean topDown) {
        int from(int y) {
            return offset + (topDown ? y : height - 1 - y) * stride;
        }

        Images.Pixels pixels(int channels, byte[] data) {
            return new Images.Pixels(width, height, channels, data, "image/bmp");
        }
    }

    private static Images.Pixels palette(Rows rows, int bits, int place, int count, int entry) {
        var file = rows.file();
        boolean grey = true;
        for (int i = 0; i < count; i++) {
            int at = place + i * entry;
            grey &= file[at] == file[at + 1] && file[at] == file[at + 2];
        }
        // This format has no grey but a palette of greys.
        int channels = grey ? 1 : 3;
        var data = new byte[rows.width() * rows.height() * channels];
        int to = 0;
        for (int y = 0; y < rows.height(); y++)
            for (int x = 0; x < rows.width(); x++) {
                int bit = x * bits;
                int color =
                        (file[rows.from(y) + (bit >> 3)] & 0xFF) >> 8 - bits - (bit & 7)
                                & (1 << bits) - 1;
                if (color >= count) throw Images.damaged("A pixel has no colour of the palette.");
                for (int i = channels - 1; i >= 0; i--)
                    data[to++] = file[place + color * entry + i];
            }
        return rows.pixels(channels, data);
    }

    private static Images.Pixels direct(Rows rows) {
        var data = new byte[rows.width() * rows.height() * 3];
        int to = 0;
        for (int y = 0; y < rows.height(); y++)
            for (int x = 0, from = rows.from(y); x < rows.width(); x++, from += 3)
                for (int i = 2; i >= 0; i--) data[to++] = rows.file()[from + i];
        return rows.pixels(3, data);
    }

    /// The bits of red, green, blue and alpha.
    private static int[] masks(ByteBuffer in, int bits, int compression, int header, long offset) {
        if (compression == PLAIN)
            return bits == 16
                    ? new int[] {0x7C00, 0x3E0, 0x1F, 0}
                    : new int[] {0xFF0000, 0xFF00, 0xFF, 0};
        boolean alpha = compression == MASKS_WITH_ALPHA || header >= 56;
        if (FILE_HEADER + 40 + (alpha ? 16 : 12) > offset)
            throw Images.damaged("Its masks are cut off.");
        return new int[] {in.getInt(54), in.getInt(58), in.getInt(62), alpha ? in.getInt(66) : 0};
    }

    private static Images.Pixels masked(Rows rows, ByteBuffer in, int bits, int[] masks) {
        int channels = masks[3] == 0 ? 3 : 4;
        for (int i = 0; i < channels; i++) {
            int mask = masks[i] >>> Integer.numberOfTrailingZeros(masks[i]);
            if (mask == 0 || (mask & mask + 1) != 0)
                throw Images.damaged("Its masks are impossible.");
        }
        var data = new byte[rows.width() * rows.height() * channels];
        int to = 0;
        for (int y = 0; y < rows.height(); y++)
            for (int x = 0, from = rows.from(y); x < rows.width(); x++, from += bits / 8) {
                int pixel = bits == 16 ? Short.toUnsignedInt(in.getShort(from)) : in.getInt(from);
                for (int i = 0; i < channels; i++) {
                    int shift = Integer.numberOfTrailingZeros(masks[i]);
                    long most = Integer.toUnsignedLong(masks[i] >>> shift);
                    data[to++] =
                            (byte)
                                    (Integer.toUnsignedLong((pixel & masks[i]) >>> shift)
                                            * 255
                                            / most);
                }
            }
        return rows.pixels(channels, data);
    }

    private static Problem early() {
        return Images.damaged("It ends too early.");
    }
}
