package dev.davy.stats.check;

/// A variant of a statistic that we do not have; its message is the reason.
public final class NotOffered extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotOffered(String reason) {
        super(reason);
    }
}
