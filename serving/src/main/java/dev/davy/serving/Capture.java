package dev.davy.serving;

import java.time.Duration;
import java.util.Optional;

/// What of an endpoint's inputs is kept in the log.
///
/// Every prediction is logged, always; what can be sampled away is its content.
///
/// @param rows the share of predictions whose inputs are kept, above 0 and at most 1
/// @param blobBytesPerSecond the budget for large inputs (images, audio, tensors past
///   [#LARGE_BYTES]); what is beyond it is kept as summary and digest only, and counted
/// @param keep how long its records are wanted; empty: as long as the log keeps any. The log is one
///   for all endpoints and is kept by its own settings (`log.retain-for`, `log.retain-bytes`)
/// @param whenLogFails what a caller gets when the log can't take the record
public record Capture(
        double rows, long blobBytesPerSecond, Optional<Duration> keep, WhenLogFails whenLogFails) {

    /// An input value larger than this counts as a blob.
    public static final int LARGE_BYTES = 4096;

    /// What a caller gets when the log is full or broken: the answer (and the loss is counted), or
    /// a refusal (a lender says so).
    public enum WhenLogFails {
        SERVE,
        REFUSE
    }

    /// All rows, 10 MB of blobs a second, serving goes on without a log.
    public static final Capture DEFAULT =
            new Capture(1, 10_000_000, Optional.empty(), WhenLogFails.SERVE);

    public Capture {
        if (!(rows > 0 && rows <= 1))
            throw new IllegalArgumentException(
                    "rows is " + rows + "; it must be above 0 and at most 1");
        if (blobBytesPerSecond < 0)
            throw new IllegalArgumentException(
                    "blobs is " + blobBytesPerSecond + "; it must not be negative");
    }
}
