package dev.davy.monitoring.notify;

/// Why a message did not arrive, in a sentence without secrets.
final class NotDelivered extends Exception {
    private final boolean isFinal;

    private NotDelivered(String why, boolean isFinal) {
        super(why, null, false, false);
        this.isFinal = isFinal;
    }

    /// It may arrive another time.
    static NotDelivered yet(String why) {
        return new NotDelivered(why, false);
    }

    /// Whoever is there wants no more.
    static NotDelivered everAgain(String why) {
        return new NotDelivered(why, true);
    }

    boolean isFinal() {
        return isFinal;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
