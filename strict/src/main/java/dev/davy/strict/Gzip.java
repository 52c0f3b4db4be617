package dev.davy.strict;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/// Compressed bodies, counted while they are inflated.
///
/// Refused with MALFORMED `compressed-data-malformed`: a wrong checksum or length, a cut end,
/// anything behind the end. Refused with TOO_LARGE `too-large-when-unpacked`: more than was
/// allowed. Compressed twice is no mistake that can be seen here; the reader behind it sees it.
public final class Gzip {
    private Gzip() {}

    /// What was compressed with gzip (one member or several), at most `maxBytes` of it.
    public static byte[] inflate(byte[] gzip, long maxBytes) {
        return inMemory(stream(new ByteArrayInputStream(gzip), maxBytes));
    }

    /// As above, of all that is left in the stream, which is closed.
    public static byte[] inflate(InputStream gzip, long maxBytes) throws IOException {
        try (var in = stream(gzip, maxBytes)) {
            return in.readAllBytes();
        }
    }

    /// What was compressed with zlib, which HTTP calls `deflate`.
    public static byte[] inflateZlib(byte[] zlib, long maxBytes) {
        return inMemory(
                new Inflating(new ByteArrayInputStream(zlib), Inflating.Form.ZLIB, maxBytes));
    }

    /// The same, piece by piece. Reading throws [Problem]; after `maxBytes` at the latest.
    public static InputStream stream(InputStream gzip, long maxBytes) {
        return new Inflating(gzip, Inflating.Form.GZIP, maxBytes);
    }

    public static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length / 2 + 64);
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// Whether the bytes begin as gzip does.
    public static boolean isGzip(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == 0x1F && (bytes[1] & 0xFF) == 0x8B;
    }

    private static byte[] inMemory(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
