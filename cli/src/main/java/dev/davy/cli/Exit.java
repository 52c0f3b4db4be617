package dev.davy.cli;

/// What a command's exit code says.
final class Exit {
    static final int YES = 0;

    /// The server understood and says no: unknown, refused, invalid.
    static final int NO = 1;

    static final int USAGE = 2;

    /// Nobody could say: not reachable, not allowed, broken.
    static final int NOT_DONE = 3;

    private Exit() {}
}
