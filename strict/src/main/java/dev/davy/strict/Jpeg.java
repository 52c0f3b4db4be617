package dev.davy.strict;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// JPEG: checked here, decoded by the JDK.
final class Jpeg {
    static {
        // Otherwise each image may be written to the folder for temporary files.
        ImageIO.setUseCache(false);
    }

    /// The first scan of an image needs a bit for each block of 64 pixels at least.
    private static final long MOST_PER_BYTE = 512;

    /// A progressive image has about ten scans; each may be a few bytes long and yet touch all
    /// pixels.
    private static final int MOST_SCANS = 100;

    private final byte[] file;
    private final Limits limits;
    private int at = 2;
    private int components;
    private long pixels;
    private int scans;

    private Jpeg(byte[] file, Limits limits) {
        this.file = file;
        this.limits = limits;
    }

    static Images.Pixels decode(byte[] file, Limits limits) {
        new Jpeg(file, limits).check();
        var readers = ImageIO.getImageReadersByFormatName("jpeg");
        if (!readers.hasNext())
            throw Images.notSupported("JPEG, which this Java runtime cannot read");
        var reader = readers.next();
        try {
            return pixels(read(reader, file));
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage read(ImageReader reader, byte[] file) {
        var warnings = new ArrayList<String>();
        IIOReadWarningListener listener = (_, warning) -> warnings.add(warning);
        reader.addIIOReadWarningListener(listener);
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            var image = reader.read(0);
            // Of the colour profile, which is not used, or of the pixels, which are then not what
            // was sent.
            for (var warning : warnings)
                if (!warning.toLowerCase(java.util.Locale.ROOT).contains("profile"))
                    throw Images.damaged("Its data is damaged.");
            return image;
        } catch (IOException | RuntimeException e) {
            if (e instanceof Problem problem) throw problem;
            throw Images.damaged("Its data is damaged.");
        }
    }

    /// Walks all markers to the end of the image. What follows behind it, cameras put there:
    /// previews, gain maps.
    private void check() {
        while (true) {
            int marker = marker();
            if (marker == 0xD9) break;
            if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD8)
                throw Images.damaged("A marker is misplaced.");
            int length = next16();
            if (length < 2 || length - 2 > file.length - at) throw early();
            int segment = at;
            at += length - 2;
            boolean frame =
                    marker >= 0xC0
                            && marker <= 0xCF
                            && marker != 0xC4
                            && marker != 0xC8
                            && marker != 0xCC;
            if (frame) frame(marker, segment, length);
            if (marker == 0xDA) skipScan();
        }
        if (scans == 0) throw Images.damaged("It has no pixels.");
    }

    private void frame(int marker, int segment, int length) {
        if (components != 0) throw Images.damaged("It has two sizes.");
        if (length < 8) throw early();
        if (marker > 0xC2 || file[segment] != 8)
            throw Images.notSupported(
                    "a JPEG that is neither baseline nor progressive with 8 bits");
        int height = (file[segment + 1] & 0xFF) << 8 | (file[segment + 2] & 0xFF);
        int width = (file[segment + 3] & 0xFF) << 8 | (file[segment + 4] & 0xFF);
        components = file[segment + 5] & 0xFF;
        Images.check(width, height, limits);
        if (components != 1 && components != 3)
            throw Images.notSupported("a JPEG with " + components + " colour components");
        pixels = (long) width * height;
        if (pixels > file.length * MOST_PER_BYTE)
            throw Images.damaged("Its data is too short for its size.");
    }

    private void skipScan() {
        if (components == 0) throw Images.damaged("Its pixels come before its size.");
        if (++scans > MOST_SCANS || scans * pixels > 10 * limits.imagePixels())
            throw Images.damaged("It has too many scans.");
        while (true) {
            if (at + 1 >= file.length) throw early();
            int second = file[at + 1] & 0xFF;
            boolean data = file[at] != -1 || second == 0 || second >= 0xD0 && second <= 0xD7;
            if (!data && second != 0xFF) return;
            at += data && file[at] == -1 ? 2 : 1;
        }
    }

    private int marker() {
        if (next() != 0xFF) throw Images.damaged("A marker is missing.");
        int marker = next();
        while (marker == 0xFF) marker = next();
        if (marker == 0) throw Images.damaged("A marker is missing.");
        return marker;
    }

    private int next() {
        if (at >= file.length) throw early();
        return file[at++] & 0xFF;
    }

    private int next16() {
        return next() << 8 | next();
    }

    private static Images.Pixels pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int channels = image.getRaster().getNumBands();
        if (channels != 1 && channels != 3)
            throw Images.notSupported("a JPEG with " + channels + " colour components");
        var data = new byte[width * height * channels];
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
                && image.getRaster().getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getData().length == data.length) {
            var bytes = buffer.getData();
            for (int i = 0; i < data.length; i += 3) {
                data[i] = bytes[i + 2];
                data[i + 1] = bytes[i + 1];
                data[i + 2] = bytes[i];
            }
        } else {
            var row = new int[width * channels];
            for (int y = 0; y < height; y++) {
                image.getRaster().getPixels(0, y, width, 1, row);
                for (int i = 0; i < row.length; i++) data[y * row.length + i] = (byte) row[i];
            }
        }
        return new Images.Pixels(width, height, channels, data, "image/jpeg");
    }

    private static Problem early() {
        return Images.damaged("It ends too early.");
    }
}
