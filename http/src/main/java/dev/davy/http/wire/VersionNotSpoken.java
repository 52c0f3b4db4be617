package dev.davy.http.wire;

/// The request line names a version of HTTP that the decoder does not read.
public final class VersionNotSpoken extends IllegalArgumentException {}
