package dev.davy.runtime;

import dev.davy.strict.Json;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A bundle as the descriptor that a person could have written.
final class BundleText {
    private BundleText() {}

    static JsonNode json(Bundle bundle) {
        var json = Json.object().put("kind", "Model");
        json.put("file", String.valueOf(bundle.model().getFileName()));
        if (!bundle.about().isEmpty()) json.put("about", bundle.about());
        var input = (ObjectNode) bundle.input().json().deepCopy();
        var vector = Json.object();
        var state = Json.object();
        for (var feed : bundle.feeds()) feed(feed, input, vector, state);
        json.set("input", input);
        if (!vector.isEmpty()) json.set("vector", vector);
        if (!state.isEmpty()) json.set("state", state);
        var output = json.putObject("output");
        for (int at = 0; at < bundle.takes().size(); at++) {
            var take = (ObjectNode) bundle.outputs().get(at).kind().json().deepCopy();
            take(bundle.takes().get(at), take);
            output.set(bundle.outputs().get(at).name(), take);
        }
        if (!bundle.confidence().isEmpty()) json.put("confidence", bundle.confidence());
        json.put("isolation", word(bundle.isolation()));
        json.put("batch", bundle.batch() ? "auto" : "off");
        return json;
    }

    private static ObjectNode column(ObjectNode input, String name) {
        return input.get(name) instanceof ObjectNode column ? column : input.putObject(name);
    }

    private static void to(ObjectNode column, String name, String tensor) {
        if (!name.equals(tensor)) column.put("to", tensor);
    }

    private static void feed(Feed feed, ObjectNode input, ObjectNode vector, ObjectNode state) {
        switch (feed) {
            case Feed.Scalar(var tensor, var source) -> {
                to(column(input, source.column()), source.column(), tensor);
                missing(input, source);
            }
            case Feed.Features(var tensor, var sources) -> {
                var list = vector.putArray(tensor);
                for (var source : sources) {
                    list.add(source.column());
                    missing(input, source);
                }
            }
            case Feed.Vector(var tensor, var name) -> to(column(input, name), name, tensor);
            case Feed.Image(var tensor, var name, var recipe) -> {
                to(column(input, name), name, tensor);
                image(recipe, column(input, name));
            }
            case Feed.Sound(var tensor, var name, var recipe) -> {
                to(column(input, name), name, tensor);
                sound(recipe, column(input, name));
            }
            case Feed.Frames(var tensor, var name, var recipe) -> {
                to(column(input, name), name, tensor);
                var rates = column(input, name).putArray("rate");
                recipe.rates().forEach(rates::add);
                var frames = column(input, name).putObject("frame");
                for (int rate : recipe.rates()) {
                    var frame = recipe.frames().getOrDefault(rate, new Feed.Frame(1, 0));
                    frames.putObject(String.valueOf(rate))
                            .put("chunk", frame.chunk())
                            .put("context", frame.context());
                }
            }
            case Feed.Rate(var tensor) -> {
                for (var column : input.properties())
                    if (column.getValue() instanceof ObjectNode of && of.has("frame"))
                        of.put("rate-to", tensor);
            }
            case Feed.State(var tensor, var output) -> state.put(tensor, output);
        }
    }

    private static void missing(ObjectNode input, Feed.Source source) {
        source.missing()
                .ifPresent(
                        value -> column(input, source.column()).set("missing", Json.tree(value)));
    }

    private static void image(Feed.ImageRecipe recipe, ObjectNode column) {
        column.put("width", recipe.width())
                .put("height", recipe.height())
                .put("resize", word(recipe.fit()))
                .put("method", word(recipe.method()))
                .put("scale", recipe.scale())
                .put("layout", recipe.channelsFirst() ? "nchw" : "nhwc")
                .put("invert", recipe.invert());
        if (recipe.blueFirst()) column.put("order", "bgr");
        if (recipe.fill() != 0) column.put("fill", recipe.fill());
        column.set("mean", Json.tree(recipe.mean()));
        column.set("std", Json.tree(recipe.std()));
    }

    private static void sound(Feed.SoundRecipe recipe, ObjectNode column) {
        column.put("rate", recipe.rate()).put("resample", "sinc");
        recipe.samples().ifPresent(samples -> column.put("samples", samples));
        column.put(
                "place", recipe.before() == 0 ? "start" : recipe.before() == 1 ? "end" : "centre");
        recipe.features()
                .ifPresent(f -> {
                    var features =
                            column.putObject("features")
                                    .put("kind", f.coefficients() > 0 ? "mfcc" : "log-mel")
                                    .put("fft", f.fft())
                                    .put("window", f.window())
                                    .put("hop", f.hop())
                                    .put("mels", f.mels())
                                    .put("low", f.low())
                                    .put("high", f.high())
                                    .put("floor", f.floor());
                    if (f.coefficients() > 0) features.put("coefficients", f.coefficients());
                });
    }

    private static void take(Take take, ObjectNode of) {
        switch (take) {
            case Take.Category category -> {
                put(of, "label", category.label());
                put(of, "scores", category.scores());
                of.put("activation", word(category.activation()));
                of.put("over-frames", word(category.overFrames()));
            }
            case Take.MultiLabel labels ->
                    of.put("scores", labels.scores())
                            .put("activation", word(labels.activation()))
                            .put("threshold", labels.threshold())
                            .put("over-frames", word(labels.overFrames()));
            case Take.Number number ->
                    of.put("from", number.from())
                            .put("index", number.index())
                            .put("activation", word(number.activation()))
                            .put("over-frames", word(number.overFrames()));
            case Take.Text text -> of.put("from", text.from());
            case Take.Vector vector ->
                    of.put("from", vector.from()).put("over-frames", word(vector.overFrames()));
            case Take.Ranking ranking ->
                    of.put("scores", ranking.scores()).set("classes", Json.tree(ranking.classes()));
            case Take.Boxes boxes -> {
                put(of, "labels", boxes.labels());
                of.put("boxes", boxes.boxes())
                        .put("scores", boxes.scores())
                        .put("format", boxes.corners() ? "xyxy" : "xywh")
                        .put("relative", boxes.relative())
                        .put("threshold", boxes.threshold());
            }
        }
    }

    private static void put(ObjectNode of, String key, Optional<String> value) {
        value.ifPresent(text -> of.put(key, text));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
