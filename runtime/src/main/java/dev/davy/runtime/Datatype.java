package dev.davy.runtime;

import java.util.Arrays;
import java.util.Optional;

/// The element types of tensors, under the names of the Open Inference Protocol.
///
/// `BYTES` is text or any other bytes, of varying length; all others have a fixed [#bytes()].
public enum Datatype {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    BYTES(0);

    private final int bytes;

    Datatype(int bytes) {
        this.bytes = bytes;
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
}
