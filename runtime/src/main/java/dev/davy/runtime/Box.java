package dev.davy.runtime;

/// Something found in an image.
///
/// @param label its class
/// @param x pixels of the image as it came, from its left edge to the box's
/// @param y pixels from the image's upper edge to the box's
/// @param width in pixels
/// @param height in pixels
/// @param score how sure the model is
public record Box(String label, double x, double y, double width, double height, double score) {}
