package dev.davy.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes small PNG files.
public final class Png {
    private Png() {}

    public static byte[] grey(int width, int height, byte[] pixels) {
        return png(width, height, 0, 1, pixels);
    }

    public static byte[] colour(int width, int height, byte[] pixels) {
        return png(width, height, 2, 3, pixels);
    }

    private static byte[] png(int width, int height, int type, int channels, byte[] pixels) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        var head =
                ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) type);
        chunk(out, "IHDR", head.array());
        var lines = ByteBuffer.allocate(height * (width * channels + 1));
        for (int row = 0; row < height; row++)
            lines.put((byte) 0).put(pixels, row * width * channels, width * channels);
        chunk(out, "IDAT", deflated(lines.array()));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] deflated(byte[] bytes) {
        var deflater = new Deflater();
        deflater.setInput(bytes);
        deflater.finish();
        var piece = new byte[bytes.length + 100];
        int length = deflater.deflate(piece);
        deflater.end();
        return java.util.Arrays.copyOf(piece, length);
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] data) {
        var crc = new CRC32();
        var tag = name.getBytes(StandardCharsets.US_ASCII);
        crc.update(tag);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(tag);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
