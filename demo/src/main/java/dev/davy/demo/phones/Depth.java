package dev.davy.demo.phones;

import java.util.Locale;

/// How deep a scratch is, from one that inspectors argue about to one that catches a fingernail.
///
/// The strength is how much brighter than the glass its middle is, 1 for white; the width is in
/// pixels of the photo.
public enum Depth {
    HAIRLINE(0.06, 0.16, 0.5, 0.8, 0.14),
    FINE(0.18, 0.36, 0.7, 1.1, 0.30),
    CLEAR(0.32, 0.58, 0.8, 1.4, 0.34),
    GOUGE(0.65, 1.0, 1.4, 2.4, 0.22);

    final double weakest;
    final double strongest;
    final double narrowest;
    final double widest;

    /// Of all scratches, the part that is so deep; together 1.
    final double share;

    Depth(double weakest, double strongest, double narrowest, double widest, double share) {
        this.weakest = weakest;
        this.strongest = strongest;
        this.narrowest = narrowest;
        this.widest = widest;
        this.share = share;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
