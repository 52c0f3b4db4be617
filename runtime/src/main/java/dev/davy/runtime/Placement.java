package dev.davy.runtime;

/// Where an image came to lie in a model's input: `model = image * scale + offset`, per axis.
///
/// @param width pixels of the model's input
/// @param height pixels of the model's input
record Placement(
        double scaleX, double scaleY, double offsetX, double offsetY, int width, int height) {
    /// Of a model whose input is the image as it came.
    static final Placement SAME = new Placement(1, 1, 0, 0, 1, 1);

    /// A box of the model's input as one of the image.
    ///
    /// @param corners two corners instead of a corner and a size
    /// @param relative in shares of the input instead of pixels
    Box box(
            String label,
            double[] numbers,
            int first,
            boolean corners,
            boolean relative,
            double score) {
        double unitX = relative ? width : 1;
        double unitY = relative ? height : 1;
        double x = numbers[first] * unitX;
        double y = numbers[first + 1] * unitY;
        double w = numbers[first + 2] * unitX - (corners ? x : 0);
        double h = numbers[first + 3] * unitY - (corners ? y : 0);
        return new Box(
                label,
                (x - offsetX) / scaleX,
                (y - offsetY) / scaleY,
                w / scaleX,
                h / scaleY,
                score);
    }
}
