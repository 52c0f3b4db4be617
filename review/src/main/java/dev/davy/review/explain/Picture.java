package dev.davy.review.explain;

import dev.davy.schema.Media;
import dev.davy.strict.Images;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// A picture of which parts can be covered.
final class Picture {
    private final Images.Pixels pixels;
    private final byte[] mean;

    Picture(Images.Pixels pixels) {
        this.pixels = pixels;
        this.mean = mean(pixels);
    }

    int width() {
        return pixels.width();
    }

    int height() {
        return pixels.height();
    }

    /// Its mean colour, opaque: a patch that neither lightens nor darkens it as a whole.
    private static byte[] mean(Images.Pixels pixels) {
        int channels = pixels.channels();
        var sums = new long[channels];
        var data = pixels.data();
        for (int i = 0; i < data.length; i++) sums[i % channels] += data[i] & 0xFF;
        var mean = new byte[channels];
        long count = (long) pixels.width() * pixels.height();
        for (int c = 0; c < channels; c++) mean[c] = (byte) Math.round((double) sums[c] / count);
        if (channels == 4) mean[3] = (byte) 255;
        return mean;
    }

    /// It with a patch over these pixels, as a PNG; ends are exclusive.
    Media covered(int left, int top, int right, int bottom) {
        int channels = pixels.channels();
        int line = pixels.width() * channels;
        var lines = new byte[pixels.height() * (line + 1)];
        for (int y = 0; y < pixels.height(); y++) {
            int at = y * (line + 1) + 1; // each line begins with its filter: none
            System.arraycopy(pixels.data(), y * line, lines, at, line);
            if (y < top || y >= bottom) continue;
            for (int x = left; x < right; x++)
                System.arraycopy(mean, 0, lines, at + x * channels, channels);
        }
        return new Media("image/png", png(lines));
    }

    private byte[] png(byte[] lines) {
        var out = new ByteArrayOutputStream(lines.length / 2 + 100);
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        int type =
                switch (pixels.channels()) {
                    case 1 -> 0;
                    case 3 -> 2;
                    default -> 6;
                };
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(pixels.width())
                        .putInt(pixels.height())
                        .put((byte) 8)
                        .put((byte) type)
                        .array());
        chunk(out, "IDAT", deflated(lines));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /// It is read again at once: quick is better than small.
    private static byte[] deflated(byte[] lines) {
        try (var deflater = new Deflater(Deflater.BEST_SPEED)) {
            deflater.setInput(lines);
            deflater.finish();
            var out = new ByteArrayOutputStream(lines.length / 2 + 100);
            var piece = new byte[16_384];
            while (!deflater.finished()) out.write(piece, 0, deflater.deflate(piece));
            return out.toByteArray();
        }
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] content) {
        var body = new byte[4 + content.length];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, body, 0, 4);
        System.arraycopy(content, 0, body, 4, content.length);
        var crc = new CRC32();
        crc.update(body);
        out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        out.writeBytes(body);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
