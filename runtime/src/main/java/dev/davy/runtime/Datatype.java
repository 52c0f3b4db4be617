package dev.davy.runtime;

import java.util.Arrays;
import java.util.Optional;

/// The element types of tensors, under the names of the Open Inference Protocol.
///
/// `BYTES` is text or any other bytes, of varying length; all others have a fixed [#bytes()].
public enum Datatype {
    BOOL(1, 9),
    UINT8(1, 2),
    UINT16(2, 4),
    UINT32(4, 12),
    UINT64(8, 13),
    INT8(1, 3),
    INT16(2, 5),
    INT32(4, 6),
    INT64(8, 7),
    FP16(2, 10),
    BF16(2, 16),
    FP32(4, 1),
    FP64(8, 11),
    BYTES(0, 8);

    private final int bytes;
    private final int onnx;

    Datatype(int bytes, int onnx) {
        this.bytes = bytes;
        this.onnx = onnx;
    }

    /// Bytes of one element; 0 for `BYTES`, whose elements have a length of their own.
    public int bytes() {
        return bytes;
    }

    /// Whether an element is a floating-point number and can therefore be NaN.
    public boolean isFloat() {
        return this == FP16 || this == BF16 || this == FP32 || this == FP64;
    }

    /// Whether an element is a whole number.
    public boolean isInteger() {
        return switch (this) {
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> true;
            case BOOL, FP16, BF16, FP32, FP64, BYTES -> false;
        };
    }

    /// The datatype of that name, written exactly as the protocol writes it.
    public static Optional<Datatype> named(String name) {
        return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
    }

    /// ONNX's number of this type, in files and in its runtime.
    int onnx() {
        return onnx;
    }

    /// The type that ONNX gives this number; empty for those that are not served.
    static Optional<Datatype> onnx(int number) {
        return Arrays.stream(values()).filter(each -> each.onnx == number).findFirst();
    }
}
