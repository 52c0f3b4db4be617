package dev.davy.demo.phones;

/// One scratch on the glass.
///
/// @param x middle, in pixels to the right of the phone's
/// @param y middle, in pixels below the phone's
/// @param angle of its chord to the right, in radians
/// @param length of its chord, in pixels
/// @param bend how far its middle lies beside the chord, in pixels
/// @param width in pixels
/// @param strength how much brighter than the glass, 1 for white
public record Scratch(
        Depth depth,
        double x,
        double y,
        double angle,
        double length,
        double bend,
        double width,
        double strength) {

    public Scratch {
        if (!(length > 0 && width > 0))
            throw new IllegalArgumentException("length is " + length + ", width is " + width);
    }
}
