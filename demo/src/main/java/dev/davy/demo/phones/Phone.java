package dev.davy.demo.phones;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One phone, as it comes down its line.
///
/// @param serial its own number, as printed in it
/// @param line where it was put together
/// @param scratches on its glass; none: it is ok
/// @param grain what chance did to its photo: dust, place, noise
public record Phone(
        String serial, String line, Make make, Finish finish, List<Scratch> scratches, long grain) {
    public static final String OK = "ok";
    public static final String SCRATCH = "scratch";

    public Phone {
        scratches = List.copyOf(scratches);
    }

    /// `ok` or `scratch`.
    public String truth() {
        return scratches.isEmpty() ? OK : SCRATCH;
    }

    /// How deep its deepest scratch is.
    public Optional<Depth> deepest() {
        return scratches.stream().map(Scratch::depth).max(Comparator.naturalOrder());
    }
}
