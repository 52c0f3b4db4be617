package dev.davy.http;

import java.util.List;

/// What body a route takes.
///
/// @param types content types, in lower case; another one is refused with 415. With `""` among them
///   a request may also come without a type, and without a body
/// @param maxBytes of the body as it comes and after decompression; 0: the server's limit for this
///   kind (`body-bytes`, `upload-bytes`)
public record Upload(Kind kind, List<String> types, long maxBytes) {
    public enum Kind {
        /// No body.
        NONE,
        /// In memory.
        BYTES,
        /// Streamed to a temporary file.
        FILE
    }

    /// No body: one that comes is refused.
    public static final Upload NONE = new Upload(Kind.NONE, List.of(), 0);

    /// A JSON document.
    public static final Upload JSON = bytes("application/json");

    public Upload {
        types = List.copyOf(types);
        if (kind == Kind.NONE != types.isEmpty())
            throw new IllegalArgumentException("an upload has content types: " + types);
        if (maxBytes < 0) throw new IllegalArgumentException("maxBytes is " + maxBytes);
    }

    public static Upload bytes(String... types) {
        return new Upload(Kind.BYTES, List.of(types), 0);
    }

    public static Upload file(String... types) {
        return new Upload(Kind.FILE, List.of(types), 0);
    }

    public Upload atMost(long bytes) {
        return new Upload(kind, types, bytes);
    }
}
