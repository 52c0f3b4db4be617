package dev.davy.strict;

import java.util.List;
import java.util.Optional;

/// Recordings as samples.
@SuppressWarnings("DoNotCallSuggester")
public final class Audio {
    private Audio() {}

    /// Samples of all channels, interleaved, -1 to 1 (integers divided by 2^(bits-1)).
    ///
    /// @param rate samples a second and channel
    @SuppressWarnings("ArrayRecordComponent")
    public record Sound(
            int rate, int channels, float[] samples, List<String> warnings, String contentType) {}

    public static Sound decode(byte[] file, Limits limits) {
        throw new IllegalStateException("not there yet");
    }

    public static Optional<String> sniff(byte[] file) {
        throw new IllegalStateException("not there yet");
    }
}
