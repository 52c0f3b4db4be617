package dev.davy.demo.phones;

import java.util.Locale;

/// The colours of the phones' metal, as a grey camera sees them.
public enum Finish {
    MIDNIGHT(46),
    GRAPHITE(92),
    COPPER(134),
    SILVER(182),
    PEARL(222);

    /// Of the metal in good light, 0 to 255.
    final int grey;

    Finish(int grey) {
        this.grey = grey;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
