package dev.davy.http;

import java.nio.file.Path;

/// What came in a request's body, after decompression. Which of the three it is, the route's
/// [Upload] says.
public sealed interface Payload {
    /// No body, or one that the route doesn't read.
    record None() implements Payload {}

    /// The whole body, at most the upload's limit.
    ///
    /// @param contentType in lower case and without parameters: `application/json`
    @SuppressWarnings("ArrayRecordComponent") // handed over, not kept
    record Bytes(String contentType, byte[] bytes) implements Payload {}

    /// A body that was streamed to a temporary file. The file is deleted when the handler returns,
    /// unless the handler has moved it away.
    ///
    /// @param contentType in lower case and without parameters: `application/zip`
    record Stored(String contentType, Path file, long bytes) implements Payload {}

    Payload NONE = new None();
}
