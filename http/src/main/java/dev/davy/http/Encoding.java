package dev.davy.http;

import dev.davy.strict.Gzip;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a body was compressed on its way (`Content-Encoding`). Vert.x' own decompression is off: it
/// does not count.
public enum Encoding {
    NONE,
    GZIP,
    DEFLATE;

    /// Of the header's value; `null` when there is none.
    ///
    /// @throws Problem UNSUPPORTED_MEDIA `encoding-not-supported`
    public static Encoding of(@Nullable String header) {
        if (header == null) return NONE;
        return switch (header.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> NONE;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default ->
                    throw new Problem(
                            Kind.UNSUPPORTED_MEDIA,
                            "encoding-not-supported",
                            "The body's content encoding is not read here.",
                            "Bodies may be compressed once, with gzip or deflate.",
                            "Send it with one of these, or as it is.");
        };
    }

    /// The body as it was before.
    ///
    /// @throws Problem TOO_LARGE when it would be longer than `maxBytes`; MALFORMED when it is not
    ///   what the header says
    public byte[] decode(byte[] body, long maxBytes) {
        return switch (this) {
            case NONE -> body;
            case GZIP -> Gzip.inflate(body, maxBytes);
            case DEFLATE -> Gzip.inflateZlib(body, maxBytes);
        };
    }
}
