package dev.davy.monitoring;

import dev.davy.serving.Prediction;
import dev.davy.strict.Hashes;
import java.nio.charset.StandardCharsets;

/// The part of an endpoint's traffic that a stored window is of, as a text: an arm with its
/// version, `live loan/3`, or a slice, `slice line=A`. Each prediction is in exactly one arm, so
/// all arms together are the whole.
final class Part {
    private static final String SLICE = "slice ";

    /// Of a longer condition the rest is a hash.
    private static final int LENGTH_MAX = 200;

    private Part() {}

    static String arm(Prediction prediction) {
        return bounded(prediction.arm().word() + " " + prediction.version());
    }

    static String slice(String slice) {
        return bounded(SLICE + slice);
    }

    static boolean isSlice(String part) {
        return part.startsWith(SLICE);
    }

    private static String bounded(String part) {
        if (part.length() <= LENGTH_MAX) return part;
        return part.substring(0, LENGTH_MAX - 9)
                + "…"
                + Hashes.sha256(part.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    }
}
