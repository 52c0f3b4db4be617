package dev.davy.runtime;

import dev.davy.runtime.media.Scaling;
import dev.davy.runtime.media.Spectrum;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.strict.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads `input:` and `vector:` of a descriptor: the columns, and which tensor each feeds.
final class InputReader {
    private static final int LARGEST_SIDE = 16_384;
    private static final int HIGHEST_RATE = 384_000;

    private final Fields fields;
    private final Signature signature;
    private final Map<String, Feed> feeds;
    private final Map<String, Column> columns;
    private final Map<String, Feed.Source> sources = new HashMap<>();

    private enum Kind {
        MFCC,
        LOG_MEL
    }

    private enum Layout {
        NCHW,
        NHWC
    }

    private enum Order {
        RGB,
        BGR
    }

    private enum Resample {
        SINC
    }

    private enum Place {
        START,
        CENTRE,
        END
    }

    InputReader(
            Fields fields,
            Signature signature,
            Map<String, Feed> feeds,
            Map<String, Column> columns) {
        this.fields = fields;
        this.signature = signature;
        this.feeds = feeds;
        this.columns = columns;
    }

    void read() {
        var inVectors = inVectors();
        fields.objectsByName("input").forEach((name, column) -> column(name, column, inVectors));
        vectors();
    }

    private Set<String> inVectors() {
        var names = new HashSet<String>();
        for (var list : fields.map("vector").values())
            if (list.isArray()) for (var each : list.values()) names.add(each.asString(""));
        return names;
    }

    private void column(String name, Fields of, Set<String> inVectors) {
        var type = of.choice("type", ColumnType.class);
        var to = of.optionalText("to").orElse(name);
        var missing = missing(of, type);
        boolean required = of.flag("required", missing.isEmpty());
        var log = of.optionalChoice("log", LogPolicy.class).orElse(LogPolicy.KEEP);
        // A text that may be missing is an empty one, as tables write it, unless said otherwise.
        boolean text = type == ColumnType.CATEGORY || type == ColumnType.TEXT;
        var source =
                new Feed.Source(
                        name,
                        missing.or(() -> text && !required ? Optional.of("") : Optional.empty()));
        sources.put(name, source);
        boolean fed = !inVectors.contains(name) || of.has("to");
        var spec = fed ? spec(to, of) : Optional.<TensorSpec>empty();
        List<Long> shape = List.of();
        switch (type) {
            case IMAGE -> {
                var recipe = image(of, spec);
                spec.ifPresent(s -> put(of, new Feed.Image(s.name(), name, recipe)));
                shape = List.of((long) recipe.channels());
            }
            case AUDIO -> sound(name, of, spec);
            case VECTOR -> {
                shape = shape(of, spec);
                spec.ifPresent(s -> put(of, new Feed.Vector(s.name(), name)));
            }
            case TIME -> of.violation("type", "is time, which no tensor takes; send a number");
            case NUMBER, INTEGER, BOOLEAN, CATEGORY, TEXT -> {
                if (fed) spec.ifPresent(s -> scalar(of, s, type, source));
            }
        }
        var classes = classes(of);
        var min = boxed(of, "min");
        var max = boxed(of, "max");
        try {
            columns.put(name, new Column(name, type, required, classes, log, shape, min, max));
        } catch (IllegalArgumentException e) {
            of.violation(String.valueOf(e.getMessage()));
        }
    }

    private void put(Fields of, Feed feed) {
        if (feeds.putIfAbsent(feed.input(), feed) != null)
            of.violation("feeds '" + feed.input() + "', which is fed already");
    }

    private Optional<TensorSpec> spec(String input, Fields of) {
        var place = signature.input(input);
        if (place.isPresent()) return Optional.of(signature.inputs().get(place.getAsInt()));
        of.violation(
                "to",
                "names no input of the model: '"
                        + input
                        + "'; it has "
                        + signature.inputs().stream().map(TensorSpec::name).limit(20).toList());
        return Optional.empty();
    }

    private void scalar(Fields of, TensorSpec spec, ColumnType type, Feed.Source source) {
        long elements = spec.shape().isEmpty() ? 1 : Math.abs(spec.rowElements());
        boolean text = type == ColumnType.CATEGORY || type == ColumnType.TEXT;
        if (text != (spec.datatype() == Datatype.BYTES))
            of.violation(
                    "type",
                    "is " + type.word() + "; '" + spec.name() + "' takes " + spec.datatype());
        if (elements != 1)
            of.violation(
                    "to",
                    "feeds one value into '"
                            + spec.name()
                            + "' of shape "
                            + spec.shape()
                            + "; list the columns under vector:");
        put(of, new Feed.Scalar(spec.name(), source));
    }

    private static Optional<Object> missing(Fields of, ColumnType type) {
        return of.optionalNode("missing")
                .flatMap(node -> {
                    Object value = missing(node, type);
                    if (value == null)
                        of.violation("missing", "must be a value of type " + type.word());
                    return Optional.ofNullable(value);
                });
    }

    private static @org.jspecify.annotations.Nullable Object missing(
            JsonNode node, ColumnType type) {
        return switch (type) {
            case NUMBER -> node.isNumber() ? (Object) node.asDouble() : null;
            case INTEGER ->
                    node.isIntegralNumber() && node.canConvertToLong()
                            ? (Object) node.longValue()
                            : null;
            case BOOLEAN -> node.isBoolean() ? (Object) node.booleanValue() : null;
            case CATEGORY, TEXT -> node.isString() ? node.stringValue() : null;
            case TIME, IMAGE, AUDIO, VECTOR -> null;
        };
    }

    static List<String> classes(Fields of) {
        var classes = new ArrayList<String>();
        for (var node : of.list("classes"))
            if (node.isString() || node.isNumber() || node.isBoolean())
                classes.add(node.asString());
            else of.violation("classes", "must be a list of texts");
        return classes;
    }

    private static Optional<Double> boxed(Fields of, String name) {
        var number = of.optionalNumber(name);
        return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
    }

    private static List<Long> shape(Fields of, Optional<TensorSpec> spec) {
        var given = new ArrayList<Long>();
        for (var node : of.list("shape"))
            if (node.isIntegralNumber() && node.canConvertToLong()) given.add(node.longValue());
            else of.violation("shape", "must be a list of whole numbers");
        if (!given.isEmpty()) return given;
        return spec.map(Guess::rowShape).orElse(List.of(-1L));
    }

    private static Feed.ImageRecipe image(Fields of, Optional<TensorSpec> spec) {
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

    private void sound(String name, Fields of, Optional<TensorSpec> spec) {
        of.optionalChoice("resample", Resample.class);
        if (of.has("frame")) {
            frames(name, of, spec);
            return;
        }
        int rate = (int) of.integer("rate", 1_000, HIGHEST_RATE);
        var samples = of.optionalInteger("samples", 1, 1 << 28);
        var place = of.optionalChoice("place", Place.class).orElse(Place.CENTRE);
        // What stands before the recording: nothing keeps its start.
        double before =
                switch (place) {
                    case START -> 0;
                    case CENTRE -> 0.5;
                    case END -> 1;
                };
        var features = of.optionalObject("features").flatMap(each -> features(each, rate));
        var recipe =
                new Feed.SoundRecipe(
                        rate,
                        samples.isPresent()
                                ? Optional.of((int) samples.getAsLong())
                                : Optional.empty(),
                        before,
                        features);
        spec.ifPresent(s -> {
            refuseLength(of, s, recipe);
            put(of, new Feed.Sound(s.name(), name, recipe));
        });
    }

    private static void refuseLength(Fields of, TensorSpec spec, Feed.SoundRecipe recipe) {
        long elements = spec.rowElements();
        if (elements < 0) return;
        if (recipe.samples().isEmpty()) {
            of.violation(
                    "samples",
                    "is missing: '"
                            + spec.name()
                            + "' of shape "
                            + spec.shape()
                            + " takes an exact length");
            return;
        }
        int samples = recipe.samples().get();
        long made =
                recipe.features()
                        .map(f -> (long) f.rows() * f.frames(samples))
                        .orElse((long) samples);
        if (made != elements)
            of.violation(
                    "samples",
                    "makes "
                            + made
                            + " values; '"
                            + spec.name()
                            + "' of shape "
                            + spec.shape()
                            + " takes "
                            + elements);
    }

    private static Optional<Spectrum.Recipe> features(Fields of, int rate) {
        boolean cosines = of.choice("kind", Kind.class) == Kind.MFCC;
        int fft = (int) of.integer("fft", 2, 1 << 16);
        int window = (int) of.optionalInteger("window", 1, 1 << 16).orElse(fft);
        int hop = (int) of.integer("hop", 1, 1 << 16);
        int mels = (int) of.integer("mels", 1, 1024);
        int coefficients =
                cosines ? (int) of.optionalInteger("coefficients", 1, 1024).orElse(mels) : 0;
        double low = of.optionalNumber("low", 0, rate / 2.0).orElse(0);
        double high = of.optionalNumber("high", 0, rate / 2.0).orElse(rate / 2.0);
        double floor = of.optionalNumber("floor", 0, 1).orElse(1e-6);
        try {
            return Optional.of(
                    new Spectrum.Recipe(
                            rate, fft, window, hop, mels, coefficients, low, high, floor));
        } catch (IllegalArgumentException e) {
            of.violation(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void frames(String name, Fields of, Optional<TensorSpec> spec) {
        var rates = new LinkedHashMap<Integer, Feed.Frame>();
        var byRate = of.objectsByName("frame");
        byRate.forEach((rate, frame) -> {
            int chunk = (int) frame.integer("chunk", 1, 1 << 20);
            int context = (int) frame.optionalInteger("context", 0, 1 << 20).orElse(0);
            if (rate.matches("[1-9][0-9]{3,5}"))
                rates.put(Integer.parseInt(rate), new Feed.Frame(chunk, context));
            else frame.violation("'" + rate + "' is no sampling rate");
        });
        var declared = new HashSet<Integer>();
        var node = of.optionalNode("rate");
        node.ifPresent(n -> {
            var list = n.isArray() ? List.copyOf(n.values()) : List.of(n);
            for (var each : list) if (each.isIntegralNumber()) declared.add(each.asInt(0));
        });
        if (node.isPresent() && !declared.equals(rates.keySet()))
            of.violation("rate", "lists " + declared + ", frame: has " + rates.keySet());
        if (rates.isEmpty()) of.violation("frame", "has no rate");
        var rateTo = of.optionalText("rate-to");
        if (spec.isEmpty() || rates.isEmpty()) return;
        put(of, new Feed.Frames(spec.get().name(), name, new Feed.FrameRecipe(Map.copyOf(rates))));
        rateTo.ifPresent(input -> {
            if (signature.input(input).isEmpty())
                of.violation("rate-to", "names no input of the model: '" + input + "'");
            else put(of, new Feed.Rate(input));
        });
        if (rates.size() > 1 && rateTo.isEmpty())
            of.violation("rate-to", "is missing: the model must be told which of the rates it is");
    }

    private void vectors() {
        fields.map("vector")
                .forEach((input, list) -> {
                    var place = signature.input(input);
                    if (place.isEmpty()) {
                        fields.violation("vector." + input, "is no input of the model");
                        return;
                    }
                    vector(signature.inputs().get(place.getAsInt()), list);
                });
    }

    private void vector(TensorSpec spec, JsonNode list) {
        var chosen = new ArrayList<Feed.Source>();
        var where = "vector." + spec.name();
        if (!list.isArray()) {
            fields.violation(where, "must be a list of columns");
            return;
        }
        for (var each : list.values()) {
            var name = each.asString("");
            var source = sources.computeIfAbsent(name, n -> new Feed.Source(n, Optional.empty()));
            if (!columns.containsKey(name)) added(where, name, spec);
            chosen.add(source);
        }
        long elements = spec.rowElements();
        if (elements >= 0 && elements != chosen.size())
            fields.violation(
                    where,
                    "lists "
                            + chosen.size()
                            + " columns; shape "
                            + spec.shape()
                            + " takes "
                            + elements);
        if (feeds.putIfAbsent(spec.name(), new Feed.Features(spec.name(), chosen)) != null)
            fields.violation(where, "is fed already");
    }

    /// A column that stands in a vector only: a number, or a text where the tensor holds texts.
    private void added(String where, String name, TensorSpec spec) {
        try {
            columns.put(name, Column.of(name, Guess.type(spec.datatype())));
        } catch (IllegalArgumentException e) {
            fields.violation(where, String.valueOf(e.getMessage()));
        }
    }
}
