package dev.davy.strict;

/// The LZW codes of a GIF's frame.
final class GifCodes {
    private static final int MOST = 4_096;

    private final byte[] file;
    private int at;
    private int block;
    private int bits;
    private int bitCount;

    private GifCodes(byte[] file, int at) {
        this.file = file;
        this.at = at;
    }

    /// Exactly `count` colour numbers, from the code size that stands at this place.
    static byte[] decode(byte[] file, int place, int count) {
        return new GifCodes(file, place).decode(count);
    }

    private byte[] decode(int count) {
        int least = next();
        if (least < 1 || least > 8) throw Images.damaged("Its codes have an impossible size.");
        int reset = 1 << least;
        int end = reset + 1;
        var before = new short[MOST];
        var last = new byte[MOST];
        var first = new byte[MOST];
        var lengths = new short[MOST];
        for (int i = 0; i < reset; i++) {
            last[i] = first[i] = (byte) i;
            lengths[i] = 1;
        }
        var out = new byte[count];
        int filled = 0;
        int known = end + 1;
        int size = least + 1;
        int previous = -1;
        while (true) {
            int code = code(size);
            if (code == end) break;
            if (code == reset) {
                known = end + 1;
                size = least + 1;
                previous = -1;
                continue;
            }
            if (previous < 0 ? code >= reset : code > known || code == known && known == MOST)
                throw Images.damaged("One of its codes is unknown.");
            if (previous >= 0 && known < MOST) {
                before[known] = (short) previous;
                first[known] = first[previous];
                last[known] = first[code == known ? previous : code];
                lengths[known] = (short) (lengths[previous] + 1);
                known++;
                if (known == 1 << size && size < 12) size++;
            }
            int length = lengths[code];
            if (length > count - filled)
                throw Images.damaged("It has more data than its size needs.");
            for (int i = filled + length - 1, walk = code; i >= filled; i--, walk = before[walk])
                out[i] = last[walk];
            filled += length;
            previous = code;
        }
        if (filled < count) throw Images.damaged("Its rows are cut off.");
        return out;
    }

    private int code(int size) {
        while (bitCount < size) {
            if (block == 0) {
                block = next();
                if (block == 0) throw Images.damaged("Its rows are cut off.");
            }
            bits |= next() << bitCount;
            bitCount += 8;
            block--;
        }
        int code = bits & (1 << size) - 1;
        bits >>>= size;
        bitCount -= size;
        return code;
    }

    private int next() {
        if (at >= file.length) throw Images.damaged("It ends too early.");
        return file[at++] & 0xFF;
    }
}
