package dev.davy.runtime;

import dev.davy.runtime.media.Scaling;
import dev.davy.strict.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads of a descriptor's column what is done to its images.
final class ImageReader {
    private static final int LARGEST_SIDE = 16_384;

    private enum Layout {
        NCHW,
        NHWC
    }

    private enum Order {
        RGB,
        BGR
    }

    private ImageReader() {}

    /// What it leaves out is taken from the tensor, where that says it.
    static Feed.ImageRecipe read(Fields of, Optional<TensorSpec> spec) {
        var axes = spec.map(TensorSpec::shape).orElse(List.of());
        boolean four = axes.size() == 4;
        boolean last = four && isChannels(axes.get(3)) && !isChannels(axes.get(1));
        boolean first =
                of.optionalChoice("layout", Layout.class).orElse(last ? Layout.NHWC : Layout.NCHW)
                        == Layout.NCHW;
        int channels = side(of, "channels", 3, four ? axes.get(first ? 1 : 3) : -1);
        int height = side(of, "height", LARGEST_SIDE, four ? axes.get(first ? 2 : 1) : -1);
        int width = side(of, "width", LARGEST_SIDE, four ? axes.get(first ? 3 : 2) : -1);
        if (channels == 2) of.violation("channels", "must be 1 or 3");
        long elements = spec.map(TensorSpec::rowElements).orElse(-1L);
        if (elements >= 0 && elements != (long) width * height * channels)
            of.violation(
                    "%d x %d x %d values do not fit input '%s' of shape %s"
                            .formatted(
                                    width,
                                    height,
                                    channels,
                                    spec.map(TensorSpec::name).orElse(""),
                                    axes));
        return new Feed.ImageRecipe(
                width,
                height,
                channels,
                of.optionalChoice("resize", Feed.ImageRecipe.Fit.class)
                        .orElse(Feed.ImageRecipe.Fit.STRETCH),
                of.optionalChoice("method", Scaling.Method.class).orElse(Scaling.Method.BILINEAR),
                notZero(of, "scale"),
                perChannel(of, "mean", channels, 0),
                perChannel(of, "std", channels, 1),
                first,
                of.flag("invert", false),
                of.optionalChoice("order", Order.class).orElse(Order.RGB) == Order.BGR,
                of.optionalNumber("fill", 0, 255).orElse(0));
    }

    private static boolean isChannels(long axis) {
        return axis == 1 || axis == 3;
    }

    private static int side(Fields of, String name, int most, long declared) {
        var given = of.optionalInteger(name, 1, most);
        if (given.isPresent()) return (int) given.getAsLong();
        if (declared >= 1 && declared <= most) return (int) declared;
        if (!of.has(name)) of.violation(name, "is missing; the model's file does not say it");
        return 1;
    }

    private static double notZero(Fields of, String name) {
        double value = of.optionalNumber(name).orElse(1);
        if (value == 0) of.violation(name, "is 0; values are divided by it");
        return value;
    }

    private static List<Double> perChannel(Fields of, String name, int channels, double orElse) {
        var values = new ArrayList<Double>();
        var node = of.optionalNode(name);
        if (node.isEmpty()) return List.of(orElse);
        var nodes = node.get().isArray() ? List.copyOf(node.get().values()) : List.of(node.get());
        for (var each : nodes)
            if (each.isNumber() && Double.isFinite(each.asDouble())) values.add(each.asDouble());
            else of.violation(name, "must be numbers");
        if (values.size() != 1 && values.size() != channels)
            of.violation(name, "has " + values.size() + " numbers for " + channels + " channels");
        if (name.equals("std") && values.contains(0.0))
            of.violation(name, "is 0; values are divided by it");
        return values;
    }
}
