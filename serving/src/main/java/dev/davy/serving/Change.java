package dev.davy.serving;

import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// Who changes what stands behind an endpoint, and why.
///
/// @param alongside runs in the transaction that keeps the change
public record Change(String who, String why, Consumer<Handle> alongside) {
    /// With nothing alongside.
    public static Change by(String who, String why) {
        return new Change(who, why, _ -> {});
    }
}
