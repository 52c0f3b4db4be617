package dev.davy.runtime.ort;

/// What ONNX Runtime said when a call failed. The message may hold paths of this machine: it is to
/// be understood here, never passed on.
public final class OrtFailure extends Exception {
    /// Out of these: 1 fail, 2 invalid argument, 3 no such file, 6 runtime exception, 7 invalid
    /// protobuf, 9 not implemented, 10 invalid graph.
    private final int code;

    OrtFailure(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// What it said.
    public String message() {
        return String.valueOf(getMessage());
    }
}
