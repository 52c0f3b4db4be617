package dev.davy.rollout;

/// What one guard is held on: the whole traffic, or a slice of it.
///
/// @param slice empty for the whole
public record Watched(String metric, String slice) {
    @Override
    public String toString() {
        return slice.isEmpty() ? metric : metric + " on " + slice;
    }
}
