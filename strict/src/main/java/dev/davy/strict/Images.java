package dev.davy.strict;

import java.util.Optional;

/// Images as pixels.
@SuppressWarnings("DoNotCallSuggester")
public final class Images {
    private Images() {}

    /// Pixels, interleaved, row by row from the top, one unsigned byte a channel.
    ///
    /// @param channels 1 grey, 3 red green blue, 4 with alpha (not premultiplied)
    @SuppressWarnings("ArrayRecordComponent")
    public record Pixels(int width, int height, int channels, byte[] data, String contentType) {}

    public static Pixels decode(byte[] file, Limits limits) {
        throw new IllegalStateException("not there yet");
    }

    public static Optional<String> sniff(byte[] file) {
        throw new IllegalStateException("not there yet");
    }
}
