package dev.davy.serving.reading;

/// Whether serving needs the machine for itself just now: then the readers step back.
@FunctionalInterface
public interface Load {
    /// It never does.
    Load NONE = () -> false;

    boolean isBusy();
}
