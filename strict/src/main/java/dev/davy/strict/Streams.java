package dev.davy.strict;

import java.io.IOException;
import java.io.InputStream;

/// Streams of unknown length, taken into memory up to a limit.
final class Streams {
    private Streams() {}

    /// All bytes of the stream, if they are no more than `maxBytes`; memory grows with what comes,
    /// not with what is announced.
    static byte[] all(InputStream in, long maxBytes, String code, String what) throws IOException {
        int most = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16);
        var bytes = in.readNBytes(most);
        if (bytes.length == most && in.read() >= 0) throw tooLarge(code, what, maxBytes);
        return bytes;
    }

    static Problem tooLarge(String code, String what, long maxBytes) {
        return new Problem(
                Problem.Kind.TOO_LARGE,
                code,
                what + " is too large.",
                "The limit is " + maxBytes + " bytes.",
                "Send less at once, or have the limit raised.");
    }
}
