package dev.davy.demo.phones;

import java.util.Locale;

/// The models of phones that the factory makes.
///
/// Sizes are in pixels of the photo.
public enum Make {
    SLATE(41, 83, 6.5, 1.5, Front.NOTCH),
    PEBBLE(44, 80, 9.5, 1.3, Front.HOLE),
    CLASSIC(42, 82, 5.5, 1.2, Front.HOME_BUTTON),
    TALL(38, 86, 5.0, 1.4, Front.CORNER_HOLE);

    /// What looks out of the glass.
    enum Front {
        NOTCH,
        HOLE,
        HOME_BUTTON,
        CORNER_HOLE
    }

    final double width;
    final double height;
    final double corner;
    final double rim;
    final Front front;

    Make(double width, double height, double corner, double rim, Front front) {
        this.width = width;
        this.height = height;
        this.corner = corner;
        this.rim = rim;
        this.front = front;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
