package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;

/// Against the JDK's writers and, where they are right, its readers.
class ImagesTest {
    private final Random random = new Random(11);

    private static Images.Pixels decode(byte[] file) {
        return Images.decode(file, Limits.DEFAULT);
    }

    private static String code(byte[] file) {
        return Problems.code(() -> decode(file));
    }

    private BufferedImage image(int type, int width, int height) {
        var image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                int smooth = (x * 5 + y * 3) % 256 * 0x010101 | 0xFF000000;
                image.setRGB(x, y, random.nextInt(3) == 0 ? random.nextInt() : smooth);
            }
        return image;
    }

    private static byte[] write(BufferedImage image, String format, boolean progressive)
            throws IOException {
        var chosen = ImageIO.getImageWritersByFormatName(format).next();
        var param = chosen.getDefaultWriteParam();
        if (progressive) param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            chosen.setOutput(stream);
            chosen.write(null, new IIOImage(image, null, null), param);
        } finally {
            chosen.dispose();
        }
        return out.toByteArray();
    }

    /// The pixel as red, green, blue and alpha.
    private static int argb(Images.Pixels pixels, int x, int y) {
        int at = (y * pixels.width() + x) * pixels.channels();
        var data = pixels.data();
        if (pixels.channels() == 1) return 0xFF000000 | (data[at] & 0xFF) * 0x010101;
        int alpha = pixels.channels() == 4 ? data[at + 3] & 0xFF : 255;
        return alpha << 24
                | (data[at] & 0xFF) << 16
                | (data[at + 1] & 0xFF) << 8
                | (data[at + 2] & 0xFF);
    }

    private static void assertSame(Images.Pixels pixels, BufferedImage image) {
        assertThat(pixels.width()).isEqualTo(image.getWidth());
        assertThat(pixels.height()).isEqualTo(image.getHeight());
        assertThat(pixels.data()).hasSize(pixels.width() * pixels.height() * pixels.channels());
        for (int y = 0; y < pixels.height(); y++)
            for (int x = 0; x < pixels.width(); x++)
                assertThat(Integer.toHexString(argb(pixels, x, y)))
                        .as("%d,%d", x, y)
                        .isEqualTo(Integer.toHexString(image.getRGB(x, y)));
    }

    @Test
    void decodesPngsOfEachColourPlainAndInterlaced() throws IOException {
        for (int type :
                new int[] {
                    BufferedImage.TYPE_3BYTE_BGR,
                    BufferedImage.TYPE_4BYTE_ABGR,
                    BufferedImage.TYPE_BYTE_INDEXED,
                    BufferedImage.TYPE_BYTE_BINARY
                })
            for (int size : new int[] {1, 2, 3, 7, 8, 9, 33})
                for (boolean interlaced : new boolean[] {false, true}) {
                    var image = image(type, size, size + 2);
                    var pixels = decode(write(image, "png", interlaced));
                    assertThat(pixels.contentType()).isEqualTo("image/png");
                    assertSame(pixels, image);
                }
    }

    @Test
    void decodesGreyOfOneToSixteenBits() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            var image = image(type, 19, 5);
            var pixels = decode(write(image, "png", false));
            assertThat(pixels.channels()).isEqualTo(1);
            for (int y = 0; y < 5; y++)
                for (int x = 0; x < 19; x++) {
                    int sample = image.getRaster().getSample(x, y, 0);
                    assertThat(pixels.data()[y * 19 + x] & 0xFF)
                            .isEqualTo(type == BufferedImage.TYPE_BYTE_GRAY ? sample : sample >> 8);
                }
        }
        assertThat(decode(png(4, 1, 2, 0, 0, new byte[] {0, 0b00_01_10_11})).data())
                .isEqualTo(bytes(0, 85, 170, 255));
        assertThat(decode(png(2, 1, 4, 0, 0, bytes(0, 0x0F))).data()).isEqualTo(bytes(0, 255));
        assertThat(decode(png(9, 1, 1, 0, 0, bytes(0, 0xAA, 0x80))).data())
                .isEqualTo(bytes(255, 0, 255, 0, 255, 0, 255, 0, 255));
        assertThat(decode(png(1, 1, 8, 4, 0, bytes(0, 7, 9))))
                .returns(4, Images.Pixels::channels)
                .returns(true, p -> Arrays.equals(p.data(), bytes(7, 7, 7, 9)));
        assertThat(decode(png(1, 1, 16, 2, 0, bytes(0, 1, 255, 2, 255, 3, 255))).data())
                .isEqualTo(bytes(1, 2, 3));
    }

    @Test
    void decodesTransparency() throws IOException {
        var model =
                new IndexColorModel(
                        8, 3, bytes(1, 2, 3), bytes(4, 5, 6), bytes(7, 8, 9), bytes(0, 128, 255));
        var image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, model);
        for (int x = 0; x < 3; x++) image.getRaster().setSample(x, 0, 0, x);
        assertThat(decode(write(image, "png", false)).data())
                .isEqualTo(bytes(1, 4, 7, 0, 2, 5, 8, 128, 3, 6, 9, 255));
        var clear = decode(png(2, 1, 8, 0, 0, bytes(0, 5, 6), chunk("tRNS", bytes(0, 6))));
        assertThat(clear.data()).isEqualTo(bytes(5, 5, 5, 255, 6, 6, 6, 0));
    }

    @Test
    void decodesEveryFilter() {
        // Rows of 3 grey pixels: none, sub, up, average, Paeth.
        var rows = bytes(0, 10, 20, 30, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1);
        assertThat(decode(png(3, 5, 8, 0, 0, rows)).data())
                .isEqualTo(bytes(10, 20, 30, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5));
        assertThat(code(png(3, 1, 8, 0, 0, bytes(5, 1, 1, 1)))).isEqualTo("image-damaged");
    }

    @Test
    void refusesDamagedPngs() throws IOException {
        var good = write(image(BufferedImage.TYPE_3BYTE_BGR, 9, 9), "png", false);
        for (int length = 0; length < good.length; length++)
            assertThat(code(Arrays.copyOf(good, length))).isEqualTo("image-damaged");
        for (int at = 0; at < good.length; at++) {
            var flipped = good.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(code(flipped)).as("byte %d", at).isEqualTo("image-damaged");
        }
        assertThat(code(Arrays.copyOf(good, good.length + 1))).isEqualTo("image-damaged");
    }

    @Test
    void refusesPngsWhoseChecksumsAreRightAndWhoseRestIsNot() {
        var row = bytes(0, 1, 2, 3);
        assertThat(decode(png(1, 1, 8, 2, 0, row)).data()).isEqualTo(bytes(1, 2, 3));
        var bad =
                new byte[][] {
                    png(1, 1, 8, 2, 0, bytes(0, 1, 2)),
                    png(1, 1, 8, 2, 0, bytes(0, 1, 2, 3, 4)),
                    png(1, 2, 8, 2, 0, row),
                    png(0, 1, 8, 2, 0, row),
                    png(1, 0, 8, 2, 0, row),
                    png(-1, 1, 8, 2, 0, row),
                    png(1, 1, 3, 0, 0, row),
                    png(1, 1, 8, 1, 0, row),
                    png(1, 1, 8, 5, 0, row),
                    png(1, 1, 8, 7, 0, row),
                    png(1, 1, 16, 3, 0, row),
                    png(1, 1, 1, 2, 0, row),
                    png(1, 1, 0, 0, 0, row),
                    png(1, 1, 8, 2, 2, row),
                    png(1, 1, 8, 3, 0, bytes(0, 0)),
                    png(1, 1, 8, 3, 0, bytes(0, 5), chunk("PLTE", bytes(1, 2, 3))),
                    png(1, 1, 8, 3, 0, bytes(0, 0), chunk("PLTE", bytes(1, 2))),
                    png(1, 1, 8, 2, 0, row, chunk("tRNS", bytes(1))),
                    png(
                            1,
                            1,
                            8,
                            6,
                            0,
                            bytes(0, 1, 2, 3, 4),
                            chunk("tRNS", bytes(0, 1, 0, 1, 0, 1))),
                    png(1, 1, 8, 2, 0, row, chunk("IHDR", new byte[13])),
                    png(1, 1, 8, 2, 0, row, chunk("ABCD", new byte[0])),
                    png(1, 1, 8, 2, 0, new byte[0])
                };
        for (var file : bad) assertThat(code(file)).isEqualTo("image-damaged");
        // What is only additional is not looked into: a zTXt chunk may be a bomb.
        assertThat(decode(png(1, 1, 8, 2, 0, row, chunk("zTXt", new byte[1000]))).data())
                .isEqualTo(bytes(1, 2, 3));
    }

    @Test
    void looksAtTheSizeBeforeAnythingElse() {
        var limits = Limits.DEFAULT.with("image-pixels", "100").with("image-bytes", "100 kB");
        assertThat(Images.decode(png(10, 10, 1, 0, 0, new byte[30]), limits).data()).hasSize(100);
        for (var size :
                new int[][] {
                    {101, 1},
                    {1, 101},
                    {11, 10},
                    {100_000, 100_000},
                    {Integer.MAX_VALUE, Integer.MAX_VALUE}
                })
            assertThat(
                            Problems.of(() ->
                                    Images.decode(
                                            png(size[0], size[1], 1, 0, 0, new byte[30]), limits)))
                    .returns("image-has-too-many-pixels", Problem::code)
                    .returns(Problem.Kind.UNACCEPTABLE, Problem::kind);
        assertThat(Problems.code(() -> decode(png(12_000, 12_000, 1, 0, 0, new byte[30]))))
                .isEqualTo("image-has-too-many-pixels");
        // Within the limit, but the few bytes that are there cannot be so many pixels.
        assertThat(code(png(7_000, 7_000, 16, 6, 0, new byte[30]))).isEqualTo("image-damaged");
        assertThat(Problems.of(() -> Images.decode(new byte[100_001], limits)))
                .returns("image-too-large", Problem::code)
                .returns(Problem.Kind.TOO_LARGE, Problem::kind);
        assertThat(Problems.code(() -> Images.decode(new byte[100_000], limits)))
                .isEqualTo("image-damaged");
    }

    @Test
    void decodesGifsAndRefusesDamagedOnes() throws IOException {
        for (int size : new int[] {1, 5, 40, 100}) {
            var image = image(BufferedImage.TYPE_BYTE_INDEXED, size, size + 1);
            var pixels = decode(write(image, "gif", false));
            assertThat(pixels.contentType()).isEqualTo("image/gif");
            assertSame(pixels, image);
            assertSame(decode(write(image, "gif", true)), image);
        }
        var good = write(image(BufferedImage.TYPE_BYTE_INDEXED, 30, 30), "gif", false);
        for (int length = 0; length < good.length - 2; length++)
            assertThat(code(Arrays.copyOf(good, length))).isEqualTo("image-damaged");
        var huge = good.clone();
        Arrays.fill(huge, 6, 10, (byte) 0xFF);
        assertThat(code(huge)).isEqualTo("image-has-too-many-pixels");
    }

    @Test
    void decodesBitmapsAndRefusesDamagedOnes() throws IOException {
        for (int type :
                new int[] {
                    BufferedImage.TYPE_3BYTE_BGR,
                    BufferedImage.TYPE_BYTE_INDEXED,
                    BufferedImage.TYPE_BYTE_BINARY,
                    BufferedImage.TYPE_USHORT_555_RGB,
                    BufferedImage.TYPE_INT_RGB
                })
            for (int size : new int[] {1, 3, 8, 17}) {
                var image = image(type, size, size + 1);
                var file = write(image, "bmp", false);
                assertThat(decode(file).contentType()).isEqualTo("image/bmp");
                if (type != BufferedImage.TYPE_USHORT_555_RGB) assertSame(decode(file), image);
            }
        var grey = image(BufferedImage.TYPE_BYTE_GRAY, 5, 4);
        assertThat(decode(write(grey, "bmp", false)).channels()).isEqualTo(1);

        var good = write(image(BufferedImage.TYPE_3BYTE_BGR, 4, 4), "bmp", false);
        for (int length = 2; length < good.length; length++)
            assertThat(code(Arrays.copyOf(good, length))).isEqualTo("image-damaged");
        assertThat(code(changed(good, 18, 0))).isEqualTo("image-damaged");
        assertThat(code(changed(good, 18, -4))).isEqualTo("image-damaged");
        assertThat(code(changed(good, 22, Integer.MIN_VALUE)))
                .isEqualTo("image-has-too-many-pixels");
        assertThat(code(changed(good, 18, Integer.MAX_VALUE)))
                .isEqualTo("image-has-too-many-pixels");
        assertThat(code(changed(good, 10, -1))).isEqualTo("image-damaged");
        assertThat(code(changed(good, 14, 12_345))).isEqualTo("image-damaged");
        assertThat(code(changed(good, 30, 4))).isEqualTo("image-not-supported");
        // Negative heights begin at the top.
        var turned = decode(changed(good, 22, -4));
        assertThat(argb(turned, 0, 3)).isEqualTo(argb(decode(good), 0, 0));
    }

    @Test
    void decodesJpegsAndRefusesDamagedOnes() throws IOException {
        for (boolean progressive : new boolean[] {false, true})
            for (int type :
                    new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY}) {
                var file = write(image(type, 40, 30), "jpeg", progressive);
                var pixels = decode(file);
                assertThat(pixels.channels())
                        .isEqualTo(type == BufferedImage.TYPE_BYTE_GRAY ? 1 : 3);
                if (type == BufferedImage.TYPE_3BYTE_BGR)
                    assertSame(pixels, ImageIO.read(new ByteArrayInputStream(file)));
                for (int length = 0; length < file.length; length += 7) {
                    var cut = Arrays.copyOf(file, length);
                    assertThat(code(cut)).isEqualTo("image-damaged");
                }
                // Previews that cameras put behind the image.
                assertThat(decode(Arrays.copyOf(file, file.length + 100)).width()).isEqualTo(40);
                for (int i = 0; i < 300; i++) {
                    var flipped = file.clone();
                    flipped[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
                    try {
                        decode(flipped);
                    } catch (Problem problem) {
                        assertThat(problem.code()).startsWith("image-");
                    }
                }
            }
    }

    @Test
    void endsManyScansOverManyPixels() throws IOException {
        var file = write(image(BufferedImage.TYPE_BYTE_GRAY, 64, 64), "jpeg", true);
        int last = file.length - 2;
        int scan = last;
        while (!(file[scan] == (byte) 0xFF && file[scan + 1] == (byte) 0xDA)) scan--;
        var out = new ByteArrayOutputStream();
        out.write(file, 0, last);
        for (int i = 0; i < 200; i++) out.write(file, scan, last - scan);
        out.write(file, last, 2);
        assertThat(Problems.of(() -> decode(out.toByteArray())).why()).contains("too many scans");
    }

    @Test
    void knowsOtherKindsByTheirContent() {
        assertThat(
                        Images.sniff(
                                "RIFFxxxxWEBPVP8 "
                                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .contains("image/webp");
        assertThat(
                        Problems.of(() ->
                                decode(
                                        "RIFFxxxxWEBPVP8 "
                                                .getBytes(
                                                        java.nio.charset.StandardCharsets
                                                                .US_ASCII))))
                .returns(Problem.Kind.UNSUPPORTED_MEDIA, Problem::kind)
                .returns("It is image/webp.", Problem::why);
        assertThat(
                        Problems.of(() ->
                                        decode(
                                                "<?xml version=\"1.0\"?><svg onload=\"alert(1)\"/>"
                                                        .getBytes(
                                                                java.nio.charset.StandardCharsets
                                                                        .US_ASCII)))
                                .why())
                .contains("svg");
        assertThat(Images.sniff(new byte[] {1, 2, 3})).isEmpty();
        assertThat(
                        code(
                                "<html>not found</html>"
                                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEqualTo("image-damaged");
    }

    @Test
    void readsTheImagesOfTheExamples() throws IOException {
        var folder = SharedData.folder("magnetic-tile");
        try (var files = Files.walk(folder)) {
            var images =
                    files.filter(each -> each.toString().matches(".*\\.(png|jpe?g)"))
                            .limit(40)
                            .toList();
            for (var file : images) {
                var bytes = Files.readAllBytes(file);
                var pixels = decode(bytes);
                var jdk = ImageIO.read(new ByteArrayInputStream(bytes));
                assertThat(pixels.width()).as(file.toString()).isEqualTo(jdk.getWidth());
                var sample =
                        jdk.getRaster()
                                .getPixel(jdk.getWidth() / 2, jdk.getHeight() / 2, (int[]) null);
                int at =
                        (jdk.getHeight() / 2 * jdk.getWidth() + jdk.getWidth() / 2)
                                * pixels.channels();
                if (pixels.channels() == sample.length)
                    assertThat(pixels.data()[at] & 0xFF).isEqualTo(sample[0] & 0xFF);
            }
        }
    }

    private static byte[] changed(byte[] file, int at, int value) {
        var changed = file.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return changed;
    }

    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return bytes;
    }

    /// A PNG with right checksums, of these rows before compression.
    private static byte[] png(
            int width,
            int height,
            int depth,
            int color,
            int interlace,
            byte[] rows,
            byte[]... more) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(bytes(0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'));
        out.writeBytes(
                chunk(
                        "IHDR",
                        ByteBuffer.allocate(13)
                                .putInt(width)
                                .putInt(height)
                                .put((byte) depth)
                                .put((byte) color)
                                .put((byte) 0)
                                .put((byte) 0)
                                .put((byte) interlace)
                                .array()));
        for (var chunk : more) out.writeBytes(chunk);
        var deflater = new Deflater();
        deflater.setInput(rows);
        deflater.finish();
        var packed = new byte[rows.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        out.writeBytes(chunk("IDAT", Arrays.copyOf(packed, length / 2)));
        out.writeBytes(chunk("IDAT", Arrays.copyOfRange(packed, length / 2, length)));
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    private static byte[] chunk(String type, byte[] data) {
        var chunk =
                ByteBuffer.allocate(12 + data.length)
                        .putInt(data.length)
                        .put(type.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .put(data);
        var crc = new CRC32();
        crc.update(chunk.array(), 4, data.length + 4);
        return chunk.putInt((int) crc.getValue()).array();
    }
}
