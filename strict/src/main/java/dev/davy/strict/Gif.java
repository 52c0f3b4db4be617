package dev.davy.strict;

/// The first frame of a GIF (GIF89a). Our own, because the JDK's reader fills what is missing with
/// black.
final class Gif {
    /// One code of 12 bits stands for 4,096 pixels at most.
    private static final long MOST_PER_BYTE = 4_096;

    private static final int[][] INTERLACED = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    private static final int[][] PLAIN = {{0, 1}};

    private final byte[] file;
    private int at = 6;
    private int clear = -1;

    private Gif(byte[] file) {
        this.file = file;
    }

    static Images.Pixels decode(byte[] file, Limits limits) {
        return new Gif(file).read(limits);
    }

    private Images.Pixels read(Limits limits) {
        int width = next16();
        int height = next16();
        Images.check(width, height, limits);
        int flags = next();
        at += 2;
        int global = table(flags);
        while (true) {
            switch (next()) {
                case 0x21 -> extension();
                case 0x2C -> {
                    return frame(width, height, flags, global);
                }
                case 0x3B -> throw Images.damaged("It has no frame.");
                default -> throw Images.damaged("It has an unknown block.");
            }
        }
    }

    /// Skips a colour table, if the flags promise one, and gives its place.
    private int table(int flags) {
        int place = at;
        if ((flags & 0x80) != 0) at += 3 << (flags & 7) + 1;
        if (at > file.length) throw early();
        return place;
    }

    private void extension() {
        boolean control = next() == 0xF9;
        int length = next();
        if (control && length >= 4 && at + 4 <= file.length)
            clear = (file[at] & 1) != 0 ? file[at + 3] & 0xFF : -1;
        while (length != 0) {
            at += length;
            length = next();
        }
    }

    private Images.Pixels frame(int width, int height, int globalFlags, int global) {
        int left = next16();
        int top = next16();
        int columns = next16();
        int rows = next16();
        int flags = next();
        if (columns == 0 || rows == 0 || left + columns > width || top + rows > height)
            throw Images.damaged("Its first frame does not fit its size.");
        boolean own = (flags & 0x80) != 0;
        if (!own && (globalFlags & 0x80) == 0) throw Images.damaged("It has no colours.");
        int colors = own ? table(flags) : global;
        int count = 2 << ((own ? flags : globalFlags) & 7);
        if ((long) columns * rows > (file.length - at) * MOST_PER_BYTE)
            throw Images.damaged("Its data is too short for its size.");
        var indices = GifCodes.decode(file, at, columns * rows);

        boolean partly = clear >= 0 || columns != width || rows != height;
        int channels = partly ? 4 : 3;
        var data = new byte[width * height * channels];
        int row = 0;
        for (var pass : (flags & 0x40) != 0 ? INTERLACED : PLAIN)
            for (int y = pass[0]; y < rows; y += pass[1], row++)
                for (int x = 0; x < columns; x++) {
                    int color = indices[row * columns + x] & 0xFF;
                    if (color >= count) throw Images.damaged("A pixel has no colour of the table.");
                    int to = ((top + y) * width + left + x) * channels;
                    System.arraycopy(file, colors + 3 * color, data, to, 3);
                    if (partly) data[to + 3] = (byte) (color == clear ? 0 : 255);
                }
        return new Images.Pixels(width, height, channels, data, "image/gif");
    }

    private int next() {
        if (at >= file.length) throw early();
        return file[at++] & 0xFF;
    }

    private int next16() {
        return next() | next() << 8;
    }

    private static Problem early() {
        return Images.damaged("It ends too early.");
    }
}
