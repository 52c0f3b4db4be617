package dev.davy.monitoring.pipeline;

import java.util.List;

/// A verdict with the numbers behind it.
///
/// @param input how each column of the input moved, most first
/// @param again how what the reference's components say moved, on the inputs of then and of now
/// @param parts each component
/// @param needed rows that had to be asked again on either side for "nothing" to be said
record Finding(
        Verdict verdict, List<Moved> input, List<Moved> again, List<Part> parts, int needed) {
    Finding {
        input = List.copyOf(input);
        again = List.copyOf(again);
        parts = List.copyOf(parts);
    }

    /// One component.
    ///
    /// @param changed whether it answers otherwise
    /// @param output how what it said moved, whoever is to blame for that
    record Part(Evidence.Part of, boolean changed, List<Moved> output) {
        Part {
            output = List.copyOf(output);
        }
    }
}
