package dev.davy.strict;

import java.io.InputStream;

/// Compressed bodies, counted while they are inflated.
@SuppressWarnings("DoNotCallSuggester")
public final class Gzip {
    private Gzip() {}

    public static byte[] inflate(byte[] gzip, long maxBytes) {
        throw new IllegalStateException("not there yet");
    }

    public static byte[] inflate(InputStream gzip, long maxBytes) {
        throw new IllegalStateException("not there yet");
    }

    public static byte[] inflateZlib(byte[] deflate, long maxBytes) {
        throw new IllegalStateException("not there yet");
    }

    public static byte[] gzip(byte[] bytes) {
        throw new IllegalStateException("not there yet");
    }
}
