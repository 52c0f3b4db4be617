package dev.davy.schema;

import java.util.Arrays;

/// An image or audio file as it came, not decoded.
///
/// The bytes are not copied, neither in nor out: an image may be large, and nobody changes it.
///
/// @param contentType what its own bytes say that it is, `image/png` for instance
/// @param bytes the whole file
@SuppressWarnings("ArrayRecordComponent") // equality is by content, below
public record Media(String contentType, byte[] bytes) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Media(var type, var file)
                && type.equals(contentType)
                && Arrays.equals(file, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * contentType.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return contentType + " of " + bytes.length + " bytes";
    }
}
