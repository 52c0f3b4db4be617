package dev.davy.registry;

/// What a caller expects to find before they change an alias. Two who expect the same cannot both
/// have their way.
public sealed interface Expected {
    /// Whatever is there.
    record Anything() implements Expected {}

    /// Nothing yet.
    record Nothing() implements Expected {}

    /// This revision of it.
    record Revision(long revision) implements Expected {}

    Expected ANYTHING = new Anything();
}
