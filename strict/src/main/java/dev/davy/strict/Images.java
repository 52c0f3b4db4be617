package dev.davy.strict;

import java.util.Optional;

/// Images as pixels: PNG, JPEG, BMP and the first frame of a GIF.
///
/// The header is read first and must be within the limits; memory is set aside only for as many
/// pixels as the bytes that are there can encode. What is cut off or damaged is refused, never
/// filled with black.
public final class Images {
    /// Four channels of so many pixels still fit into one array.
    private static final long MOST_IN_AN_ARRAY = Integer.MAX_VALUE / 4 - 16;

    private Images() {}

    /// Pixels, interleaved, row by row from the top, one unsigned byte a channel. 16-bit channels
    /// keep their upper byte.
    ///
    /// @param channels 1 grey; 3 red, green, blue; 4 with alpha (not premultiplied)
    @SuppressWarnings("ArrayRecordComponent")
    public record Pixels(int width, int height, int channels, byte[] data, String contentType) {}

    /// @param file a whole file; what it is says its content, not its name
    /// @throws Problem TOO_LARGE `image-too-large`; UNSUPPORTED_MEDIA `image-not-supported`, naming
    ///   what it is; UNACCEPTABLE `image-damaged` or `image-has-too-many-pixels`
    public static Pixels decode(byte[] file, Limits limits) {
        if (file.length > limits.imageBytes())
            throw Streams.tooLarge("image-too-large", "The image file", limits.imageBytes());
        if (file.length == 0) throw damaged("It is empty.");
        var type =
                sniff(file)
                        .orElseThrow(() -> damaged("It is no kind of image that is known here."));
        return switch (type) {
            case "image/png" -> Png.decode(file, limits);
            case "image/jpeg" -> Jpeg.decode(file, limits);
            case "image/gif" -> Gif.decode(file, limits);
            case "image/bmp" -> Bmp.decode(file, limits);
            default -> throw notSupported(type);
        };
    }

    /// What the file is, by its first bytes, if it is a kind of image; not all of them can be
    /// decoded.
    public static Optional<String> sniff(byte[] file) {
        if (Magic.at(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'))
            return Optional.of("image/png");
        if (Magic.at(file, 0, 0xFF, 0xD8, 0xFF)) return Optional.of("image/jpeg");
        if (Magic.at(file, 0, "GIF87a") || Magic.at(file, 0, "GIF89a"))
            return Optional.of("image/gif");
        if (Magic.at(file, 0, "BM")) return Optional.of("image/bmp");
        if (Magic.at(file, 0, "RIFF") && Magic.at(file, 8, "WEBP"))
            return Optional.of("image/webp");
        if (Magic.at(file, 0, 'I', 'I', 42, 0) || Magic.at(file, 0, 'M', 'M', 0, 42))
            return Optional.of("image/tiff");
        if (Magic.at(file, 4, "ftypheic")
                || Magic.at(file, 4, "ftypavif")
                || Magic.at(file, 4, "ftypmif1")) return Optional.of("image/heif");
        if (looksLikeSvg(file)) return Optional.of("image/svg+xml");
        return Optional.empty();
    }

    private static boolean looksLikeSvg(byte[] file) {
        for (int i = 0; i < Math.min(file.length, 1024); i++)
            if (Magic.at(file, i, "<svg")) return true;
        return false;
    }

    /// Refuses sizes of nothing or over the limit.
    static void check(long width, long height, Limits limits) {
        if (width < 1 || height < 1) throw damaged("It is " + width + " by " + height + " pixels.");
        if (width > Math.min(limits.imagePixels(), MOST_IN_AN_ARRAY) / height)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "image-has-too-many-pixels",
                    "The image has too many pixels.",
                    "It is "
                            + width
                            + " by "
                            + height
                            + "; the limit is "
                            + limits.imagePixels()
                            + " pixels.",
                    "Send a smaller image.");
    }

    static Problem damaged(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "image-damaged",
                "The image cannot be read.",
                why,
                "Send a whole PNG, JPEG, BMP or GIF file.");
    }

    static Problem notSupported(String what) {
        return new Problem(
                Problem.Kind.UNSUPPORTED_MEDIA,
                "image-not-supported",
                "The image is of a kind that is not read here.",
                "It is " + what + ".",
                "Send a PNG, JPEG, BMP or GIF file.");
    }
}
