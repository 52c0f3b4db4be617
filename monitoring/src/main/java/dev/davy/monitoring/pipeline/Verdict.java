package dev.davy.monitoring.pipeline;

import java.util.List;

/// What became other in a pipeline between the reference and now.
public sealed interface Verdict {
    /// Nothing that would have stayed hidden: the components answer as they did, and the same kind
    /// of input comes.
    ///
    /// @param rows of the shorter of the two samples
    record Nothing(int rows) implements Verdict {}

    /// Other inputs come. Seen in the inputs themselves, or in what the reference's components say
    /// of them: these are the same functions on both sides, so only their inputs can differ.
    ///
    /// @param moved what moved, most first
    record InputDrifted(List<Moved> moved) implements Verdict {
        public InputDrifted {
            moved = List.copyOf(moved);
        }
    }

    /// A component answers the same inputs otherwise than in the reference, whatever its name says.
    ///
    /// @param how what is known of the change, a clause
    /// @param then how it agrees with what was logged in the reference
    /// @param now how it agrees with what was logged in the stretch
    record ComponentChanged(String name, String how, Agreement then, Agreement now)
            implements Verdict {}

    /// More than one of these.
    record Several(List<Verdict> all) implements Verdict {
        public Several {
            all = List.copyOf(all);
        }
    }

    /// The answers are others, and neither the input nor a component accounts for it.
    ///
    /// @param why a sentence
    record Unexplained(String why) implements Verdict {}

    /// Too few predictions to say that nothing changed.
    ///
    /// @param needed so many more whose inputs are kept, in the stretch or in the reference
    record TooEarly(int needed) implements Verdict {}
}
