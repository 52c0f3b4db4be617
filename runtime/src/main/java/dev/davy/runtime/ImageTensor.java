package dev.davy.runtime;

import dev.davy.runtime.Feed.ImageRecipe;
import dev.davy.runtime.media.Scaling;
import dev.davy.schema.Media;
import dev.davy.strict.Images;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.util.Arrays;

/// Writes images into tensors.
final class ImageTensor {
    private ImageTensor() {}

    /// Fills in the axes that a recipe settles.
    static void shape(ImageRecipe recipe, long[] shape) {
        if (shape.length < 3) return;
        int last = shape.length - 1;
        boolean first = recipe.channelsFirst();
        shape[first ? last - 2 : last] = recipe.channels();
        shape[first ? last - 1 : last - 2] = recipe.height();
        shape[first ? last : last - 1] = recipe.width();
    }

    static Placement write(
            Media media,
            String column,
            ImageRecipe recipe,
            Limits limits,
            Tensor tensor,
            int index) {
        var pixels = decode(media, column, limits);
        var values = values(pixels, recipe.channels(), recipe.blueFirst());
        var placement = placement(pixels.width(), pixels.height(), recipe);
        var image = laid(values, pixels.width(), pixels.height(), placement, recipe);
        put(image, recipe, tensor, index * recipe.width() * recipe.height() * recipe.channels());
        return placement;
    }

    private static Images.Pixels decode(Media media, String column, Limits limits) {
        try {
            return Images.decode(media.bytes(), limits);
        } catch (Problem problem) {
            throw problem.at(column);
        }
    }

    /// 0..255 in the channels asked for. Grey from colour is the luma of ITU-R BT.601, as Pillow
    /// has it; alpha is dropped, as Pillow drops it.
    private static float[] values(Images.Pixels pixels, int channels, boolean blueFirst) {
        int count = pixels.width() * pixels.height();
        var values = new float[Math.multiplyExact(count, channels)];
        var data = pixels.data();
        int from = pixels.channels();
        for (int at = 0; at < count; at++) {
            int r = data[at * from] & 0xFF;
            int g = from >= 3 ? data[at * from + 1] & 0xFF : r;
            int b = from >= 3 ? data[at * from + 2] & 0xFF : r;
            if (channels == 1) {
                values[at] = from >= 3 ? 0.299f * r + 0.587f * g + 0.114f * b : r;
            } else {
                values[at * 3] = blueFirst ? b : r;
                values[at * 3 + 1] = g;
                values[at * 3 + 2] = blueFirst ? r : b;
            }
        }
        return values;
    }

    private static Placement placement(int width, int height, ImageRecipe recipe) {
        double x = (double) recipe.width() / width;
        double y = (double) recipe.height() / height;
        return switch (recipe.fit()) {
            case STRETCH -> new Placement(x, y, 0, 0, recipe.width(), recipe.height());
            case FIT -> placed(width, height, Math.min(x, y), recipe);
            case CROP -> placed(width, height, Math.max(x, y), recipe);
        };
    }

    private static Placement placed(int width, int height, double scale, ImageRecipe recipe) {
        int w = Math.max(1, (int) Math.rint(width * scale));
        int h = Math.max(1, (int) Math.rint(height * scale));
        return new Placement(
                (double) w / width,
                (double) h / height,
                Math.floorDiv(recipe.width() - w, 2),
                Math.floorDiv(recipe.height() - h, 2),
                recipe.width(),
                recipe.height());
    }

    /// The image at its place in a field of the model's size.
    private static float[] laid(
            float[] values, int width, int height, Placement placement, ImageRecipe recipe) {
        int w = (int) Math.rint(width * placement.scaleX());
        int h = (int) Math.rint(height * placement.scaleY());
        int channels = recipe.channels();
        var scaled = Scaling.scale(values, width, height, channels, w, h, recipe.method());
        int left = (int) placement.offsetX();
        int top = (int) placement.offsetY();
        if (w == recipe.width() && h == recipe.height() && left == 0 && top == 0) return scaled;
        var field = new float[recipe.width() * recipe.height() * channels];
        Arrays.fill(field, (float) recipe.fill());
        int columns = Math.min(w, recipe.width());
        for (int row = Math.max(0, top); row < Math.min(recipe.height(), top + h); row++)
            System.arraycopy(
                    scaled,
                    ((row - top) * w + Math.max(0, -left)) * channels,
                    field,
                    (row * recipe.width() + Math.max(0, left)) * channels,
                    columns * channels);
        return field;
    }

    private static void put(float[] image, ImageRecipe recipe, Tensor tensor, int first) {
        int channels = recipe.channels();
        int count = recipe.width() * recipe.height();
        for (int c = 0; c < channels; c++) {
            double mean = recipe.mean().get(Math.min(c, recipe.mean().size() - 1));
            double std = recipe.std().get(Math.min(c, recipe.std().size() - 1));
            for (int at = 0; at < count; at++) {
                double value = image[at * channels + c];
                if (recipe.invert()) value = 255 - value;
                double normal = (value / recipe.scale() - mean) / std;
                int place = first + (recipe.channelsFirst() ? c * count + at : at * channels + c);
                if (tensor.datatype().isFloat()) tensor.float64(place, normal);
                else tensor.int64(place, Math.round(normal));
            }
        }
    }
}
