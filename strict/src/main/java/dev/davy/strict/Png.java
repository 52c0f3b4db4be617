package dev.davy.strict;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// PNG (ISO/IEC 15948). Our own, because the JDK's reader gives an image for a file that is cut off
/// or has wrong checksums, and needs a millisecond for a digit of 28 by 28.
final class Png {
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504C5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;
    private static final int TRNS = 0x74524E53;
    private static final int SIGNATURE = 8;

    /// Deflate cannot make more of one byte.
    private static final int MOST_PER_BYTE = 1032;

    /// First column, first row, step in columns, step in rows of each pass of an interlaced image.
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8},
        {4, 0, 8, 8},
        {0, 4, 4, 8},
        {2, 0, 4, 4},
        {0, 2, 2, 4},
        {1, 0, 2, 2},
        {0, 1, 1, 2}
    };

    private static final int[][] WHOLE = {{0, 0, 1, 1}};

    private final byte[] file;
    private final Inflater inflater = new Inflater();
    private PngColors colors = new PngColors(0, 8);
    private boolean interlaced;
    private int width;
    private int height;
    private int firstData;
    private int nextData;
    private long dataBytes;

    private Png(byte[] file) {
        this.file = file;
    }

    static Images.Pixels decode(byte[] file, Limits limits) {
        var png = new Png(file);
        try {
            png.readChunks(limits);
            return png.readPixels();
        } finally {
            png.inflater.end();
        }
    }

    /// Walks all chunks to the end, so that everything is checked before memory is set aside.
    private void readChunks(Limits limits) {
        var in = ByteBuffer.wrap(file);
        var crc = new CRC32();
        boolean dataEnded = false;
        for (int at = SIGNATURE; ; ) {
            if (file.length - at < 12) throw Images.damaged("It ends too early.");
            int length = in.getInt(at);
            if (length < 0 || length > file.length - at - 12)
                throw Images.damaged("It ends inside a chunk.");
            int type = in.getInt(at + 4);
            crc.reset();
            crc.update(file, at + 4, length + 4);
            if ((int) crc.getValue() != in.getInt(at + 8 + length))
                throw Images.damaged("The checksum of the chunk at byte " + at + " is wrong.");
            int from = at + 8;
            if ((type == IHDR) != (at == SIGNATURE))
                throw Images.damaged("Its header is not at its beginning.");
            switch (type) {
                case IHDR -> readHeader(in, from, length, limits);
                case PLTE -> colors.palette(file, from, length);
                case TRNS -> colors.transparency(file, from, length);
                case IDAT -> {
                    if (dataEnded) throw Images.damaged("Its pixels are not in one piece.");
                    if (firstData == 0) firstData = at;
                    dataBytes += length;
                }
                case IEND -> {
                    if (at + 12 != file.length)
                        throw Images.damaged("Something else follows behind its end.");
                    if (firstData == 0) throw Images.damaged("It has no pixels.");
                    return;
                }
                default -> {
                    // A capital letter says: whoever does not know this chunk cannot show the
                    // image.
                    if ((type & 0x2000_0000) == 0)
                        throw Images.damaged("It has an unknown critical chunk.");
                }
            }
            dataEnded |= firstData != 0 && type != IDAT;
            at += 12 + length;
        }
    }

    private void readHeader(ByteBuffer in, int from, int length, Limits limits) {
        if (length != 13) throw Images.damaged("Its header has the wrong length.");
        Images.check(in.getInt(from), in.getInt(from + 4), limits);
        width = in.getInt(from);
        height = in.getInt(from + 4);
        colors = new PngColors(file[from + 9], file[from + 8]);
        if (file[from + 10] != 0 || file[from + 11] != 0 || (file[from + 12] & 0xFE) != 0)
            throw Images.damaged("Its header asks for an unknown method.");
        interlaced = file[from + 12] == 1;
    }

    private Images.Pixels readPixels() {
        colors.check();
        var passes = interlaced ? ADAM7 : WHOLE;
        long needed = 0;
        for (var pass : passes) needed += bytes(pass);
        if (needed / MOST_PER_BYTE > dataBytes)
            throw Images.damaged("Its data is too short for its size.");
        nextData = firstData;
        var data = new byte[width * height * colors.channels()];
        var present = new byte[colors.rowBytes(width)];
        var above = new byte[present.length];
        for (var pass : passes) {
            int columns = columns(pass);
            int length = colors.rowBytes(columns);
            java.util.Arrays.fill(above, (byte) 0);
            for (int y = pass[1]; columns > 0 && y < height; y += pass[3]) {
                inflate(present, 0, 1);
                int filter = present[0];
                inflate(present, 0, length);
                PngFilters.undo(filter, present, above, length, colors.pixelBytes());
                colors.expand(present, columns, data, y * width + pass[0], pass[2]);
                var swap = above;
                above = present;
                present = swap;
            }
        }
        if (!atEnd()) throw Images.damaged("It has more data than its size needs.");
        return new Images.Pixels(width, height, colors.channels(), data, "image/png");
    }

    private int columns(int[] pass) {
        return Math.max(0, (width - pass[0] + pass[2] - 1) / pass[2]);
    }

    private long bytes(int[] pass) {
        int rows = Math.max(0, (height - pass[1] + pass[3] - 1) / pass[3]);
        int columns = columns(pass);
        return columns == 0 ? 0 : rows * (1L + colors.rowBytes(columns));
    }

    private void inflate(byte[] into, int from, int length) {
        try {
            for (int done = 0; done < length; ) {
                int n = inflater.inflate(into, from + done, length - done);
                done += n;
                if (n == 0 && !feed()) throw Images.damaged("Its rows are cut off.");
            }
        } catch (DataFormatException e) {
            throw Images.damaged("Its compressed data is damaged.");
        }
    }

    /// Whether the data has no byte more, and its own checksum was there and right.
    private boolean atEnd() {
        try {
            var more = new byte[1];
            while (!inflater.finished()) {
                if (inflater.inflate(more) > 0) return false;
                if (!inflater.finished() && !feed()) throw Images.damaged("Its data has no end.");
            }
            return true;
        } catch (DataFormatException e) {
            throw Images.damaged("Its compressed data is damaged.");
        }
    }

    private boolean feed() {
        if (inflater.finished() || inflater.needsDictionary() || !inflater.needsInput())
            return false;
        var in = ByteBuffer.wrap(file);
        if (in.getInt(nextData + 4) != IDAT) return false;
        int length = in.getInt(nextData);
        inflater.setInput(file, nextData + 8, length);
        nextData += 12 + length;
        return true;
    }
}
