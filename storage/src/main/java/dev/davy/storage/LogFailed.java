package dev.davy.storage;

/// The log could not keep something. Checked, because whoever appends must decide: serve without a
/// record, or refuse.
///
/// Carries no stack trace: on a full disk it is thrown for every request.
public final class LogFailed extends Exception {
    /// Why it could not.
    public enum Reason {
        /// No space is left on the disk. The log tries again by itself.
        FULL,
        /// The disk or its file system gave an error. The log tries again by itself.
        BROKEN,
        /// The disk is too slow for what is being logged. The log tries again by itself.
        SLOW,
        /// A sync failed earlier, so nothing can be promised to be on disk until the next start.
        UNSYNCED,
        /// The log is closed.
        CLOSED
    }

    private final Reason reason;

    LogFailed(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
