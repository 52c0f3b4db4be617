package dev.davy.serving.reading;

import org.jdbi.v3.core.Handle;

/// A reader of the log, with a place of its own in it. Called by the one thread of [Readers] only.
///
/// What it makes of entries counts when it is committed: its rows and its place are stored in one
/// transaction, so each entry counts exactly once. What was taken and not committed when the
/// process ends comes again.
public interface Follower {
    /// Its place is stored under this name, for ever: `archive` for instance.
    String name();

    /// Raised when it makes something else of the log: then it begins anew, beside the old one's
    /// place.
    int version();

    /// The next entry, in each node's own order. Do nothing long here: others wait.
    void take(Entry entry);

    /// Whether enough has come together, or waited long enough, to be committed. Asked several
    /// times a second.
    boolean due();

    /// Whether something waits for what it makes of the log, so that to be far behind does harm.
    default boolean isUrgent() {
        return false;
    }

    /// Whether it may be committed here: not between a prediction and what belongs to it.
    default boolean isWhole() {
        return true;
    }

    /// The long part of a commit: files are written, synced and renamed. No transaction is open.
    default void prepare() {}

    /// Stores what it made of the entries taken since the last commit. Its place is stored by the
    /// caller in the same transaction.
    void commit(Handle transaction);

    /// The commit is on disk.
    default void committed() {}

    /// Forgets what was taken since the last commit: something failed, and it comes again.
    void forget();
}
