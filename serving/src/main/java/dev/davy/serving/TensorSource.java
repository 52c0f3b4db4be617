package dev.davy.serving;

import java.nio.ByteBuffer;

/// The decoded tensors of a request, in whatever form its protocol left them; inputs in the order
/// of the signature. Valid until the next request is decoded.
public interface TensorSource {

    /// The dimensions of an input; not a copy.
    long[] shape(int input);

    /// Copies the elements of an input, which is not BYTES, to a buffer in native order.
    void copyTo(int input, ByteBuffer space);

    /// The elements of a BYTES input.
    byte[][] strings(int input);
}
