package dev.davy.monitoring.pipeline;

import java.util.List;

/// What asking again brought to light: all that a verdict goes by.
///
/// @param then of the reference
/// @param now of the stretch that is asked about
/// @param parts the components in order, and `(outputs)`, which picks the endpoint's from theirs
record Evidence(Side then, Side now, List<Part> parts) {
    Evidence {
        parts = List.copyOf(parts);
    }

    /// One stretch.
    ///
    /// @param inputs as they were logged
    /// @param logged what the components said of them at the time
    /// @param again what the reference's components say of them, one behind the other; of those
    ///   rows that could be asked again
    /// @param whole on how many of these the reference's pipeline comes to the logged decision
    record Side(Columns inputs, Columns logged, Columns again, Agreement whole) {
        int asked() {
            return (int) again.rows();
        }
    }

    /// One component: asked again with what those before it said according to the log.
    ///
    /// @param versionThen what stands behind it in the reference; empty: there was no such
    ///   component
    /// @param versionNow what stood behind it in the stretch; empty: there is none any more
    /// @param declaredOtherwise whether its declaration changed: its expressions, table or wiring
    /// @param remote whether another server runs it, which is asked as it is now
    /// @param answered on how many rows of the stretch it was not skipped, then or again
    record Part(
            String name,
            String versionThen,
            String versionNow,
            boolean declaredOtherwise,
            boolean remote,
            int answered,
            Agreement then,
            Agreement now) {

        /// Whether it was there on both sides.
        boolean stayed() {
            return !versionThen.isEmpty() && !versionNow.isEmpty();
        }

        /// Whether something says that it is another one.
        boolean renamed() {
            return declaredOtherwise || !versionThen.equals(versionNow);
        }
    }
}
