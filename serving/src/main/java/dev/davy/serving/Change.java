package dev.davy.serving;

import org.jdbi.v3.core.Handle;

/// Who changes what stands behind an endpoint, and why.
///
/// @param alongside kept with the change
public record Change(String who, String why, Alongside alongside) {
    /// What somebody else keeps in the transaction that keeps a change.
    @FunctionalInterface
    public interface Alongside {
        /// @param epoch of the new routing
        void keep(Handle handle, long epoch);
    }

    /// With nothing alongside.
    public static Change by(String who, String why) {
        return new Change(who, why, (_, _) -> {});
    }
}
