package dev.davy.runtime;

import java.nio.file.Path;

/// ONNX models, by ONNX Runtime.
@SuppressWarnings("DoNotCallSuggester")
public final class Onnx {
    private Onnx() {}

    /// Says where the native library is kept, unpacked once under its digest. To be called before
    /// the first model is opened; without it, a folder of this user's below the temporary one.
    public static void natives(Path folder) {
        throw new IllegalStateException("not there yet");
    }

    /// Opens the model of a tried bundle, where its isolation says.
    public static Model open(Bundle bundle, Trial.Report report) {
        throw new IllegalStateException("not there yet");
    }

    /// Opens the model of a tried bundle in this process or in a child; `AUTO` as the bundle says.
    public static Model open(Bundle bundle, Trial.Report report, Isolation isolation) {
        throw new IllegalStateException("not there yet");
    }

    /// Opens a model file that is trusted, in this process. It is not tried and does not batch.
    public static Model open(Path file) {
        throw new IllegalStateException("not there yet");
    }
}
