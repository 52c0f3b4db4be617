package dev.davy.demo.phones;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// A grey picture.
///
/// @param grey one byte a pixel, row by row from the top, 0 black to 255 white
@SuppressWarnings("ArrayRecordComponent") // 9 kB of pixels, made once and handed over
public record Photo(int width, int height, byte[] grey) {
    private static final byte[] MAGIC = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    public Photo {
        if (width < 1 || height < 1 || grey.length != width * height)
            throw new IllegalArgumentException(
                    width + " x " + height + " pixels in " + grey.length + " bytes");
    }

    /// As a PNG of 8 bits of grey, the same bytes for the same picture (ISO/IEC 15948).
    public byte[] png() {
        var lines = new byte[height * (width + 1)];
        // Each pixel as its difference from the one above: a photo gets a fifth smaller by it.
        for (int y = 0; y < height; y++) {
            int line = y * (width + 1);
            lines[line] = 2;
            for (int x = 0; x < width; x++) {
                int above = y == 0 ? 0 : grey[(y - 1) * width + x];
                lines[line + 1 + x] = (byte) (grey[y * width + x] - above);
            }
        }
        var file = new ByteArrayOutputStream(grey.length + 100);
        file.writeBytes(MAGIC);
        var header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) 8).put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 0);
        chunk(file, "IHDR", header.array());
        chunk(file, "IDAT", deflated(lines));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static byte[] deflated(byte[] bytes) {
        try (var deflater = new Deflater()) {
            deflater.setInput(bytes);
            deflater.finish();
            var out = new ByteArrayOutputStream(bytes.length);
            var part = new byte[8_192];
            while (!deflater.finished()) out.write(part, 0, deflater.deflate(part));
            return out.toByteArray();
        }
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data) {
        var named = ByteBuffer.allocate(4 + data.length);
        named.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        var crc = new CRC32();
        crc.update(named.array());
        file.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        file.writeBytes(named.array());
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
