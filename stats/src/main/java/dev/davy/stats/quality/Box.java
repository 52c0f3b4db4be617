package dev.davy.stats.quality;

/// A rectangle in an image, in any unit; the edges belong to it.
public record Box(double left, double top, double right, double bottom) {
    public Box {
        if (!(left <= right && top <= bottom && Double.isFinite(right - left + bottom - top)))
            throw new IllegalArgumentException(
                    "a box from %s, %s to %s, %s".formatted(left, top, right, bottom));
    }

    public double area() {
        return (right - left) * (bottom - top);
    }

    /// Area in both over area in either (Jaccard 1901); 0 for two boxes without area.
    public double iou(Box that) {
        double width = Math.min(right, that.right) - Math.max(left, that.left);
        double height = Math.min(bottom, that.bottom) - Math.max(top, that.top);
        double both = Math.max(0, width) * Math.max(0, height);
        double either = area() + that.area() - both;
        return either == 0 ? 0 : both / either;
    }
}
