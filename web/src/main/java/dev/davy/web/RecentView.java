package dev.davy.web;

import dev.davy.schema.Schema;
import dev.davy.serving.Prediction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One prediction in a list.
///
/// @param image the address of its picture; empty: it has none, or it was not kept
/// @param sound the address of its recording
/// @param row what came in, in a few words
/// @param answer what was said
/// @param truth what is known by now; empty: nothing
/// @param right whether truth and answer agree; empty where that is not known
public record RecentView(
        String href,
        String image,
        String sound,
        String row,
        String answer,
        String confidence,
        String truth,
        Optional<Boolean> right,
        String latency,
        String version,
        boolean failed,
        String iso,
        String ago,
        String time) {
    private static final int COLUMNS = 5;
    private static final int LENGTH = 28;

    static RecentView of(
            Prediction prediction,
            Optional<Schema> schema,
            Map<String, JsonNode> truth,
            Instant now) {
        var at = "/endpoints/" + Figures.segment(prediction.endpoint()) + "/predictions/";
        var href = at + prediction.id();
        var decision = prediction.decision();
        double millis = 0;
        for (var answer : prediction.answers()) millis += answer.nanos() / 1e6;
        return new RecentView(
                href,
                content(prediction, schema, href, "image/"),
                content(prediction, schema, href, "audio/"),
                row(prediction, schema),
                decision.failure().orElseGet(() -> outputs(decision.outputs())),
                decision.confidence().isEmpty()
                        ? ""
                        : Figures.share(decision.confidence().getAsDouble()),
                truth(truth),
                right(decision.outputs(), truth),
                prediction.answers().isEmpty()
                        ? ""
                        : Figures.millis(java.util.OptionalDouble.of(millis)),
                prediction.version(),
                decision.failure().isPresent(),
                prediction.eventTime().toString(),
                Figures.ago(prediction.eventTime(), now),
                Figures.time(prediction.eventTime()));
    }

    private static String content(
            Prediction prediction, Optional<Schema> schema, String href, String type) {
        for (int i = 0; i < prediction.inputs().size(); i++)
            if (prediction.inputs().get(i) instanceof Prediction.Summary summary
                    && summary.kept()
                    && summary.contentType().startsWith(type)
                    && schema.isPresent()
                    && i < schema.get().columns().size())
                return href + "/content/" + Figures.segment(schema.get().columns().get(i).name());
        return "";
    }

    private static String row(Prediction prediction, Optional<Schema> schema) {
        var said = new ArrayList<String>();
        if (schema.isEmpty()) return "";
        var columns = schema.get().columns();
        int most = Math.min(columns.size(), prediction.inputs().size());
        for (int i = 0; i < most && said.size() < COLUMNS; i++) {
            var value = prediction.inputs().get(i);
            if (value == null
                    || value instanceof Prediction.Withheld
                    || value instanceof Prediction.Hashed) continue;
            // What can be seen or heard beside it needs no name.
            if (value instanceof Prediction.Summary summary && summary.kept() && isMedia(summary))
                said.add(media(summary));
            else said.add(columns.get(i).name() + " " + value(value));
        }
        return String.join(" · ", said);
    }

    private static String outputs(Map<String, @Nullable Object> outputs) {
        var said = new ArrayList<String>();
        outputs.forEach((name, value) -> {
            if (said.size() < 3)
                said.add(outputs.size() == 1 ? value(value) : name + " " + value(value));
        });
        return String.join(" · ", said);
    }

    private static String truth(Map<String, JsonNode> truth) {
        var said = new ArrayList<String>();
        truth.forEach((_, value) -> said.add(value(plain(value))));
        return String.join(" · ", said);
    }

    private static @Nullable Object plain(JsonNode value) {
        if (value.isNumber()) return value.asDouble();
        return value.isString() ? value.asString() : value.toString();
    }

    private static Optional<Boolean> right(
            Map<String, @Nullable Object> outputs, Map<String, JsonNode> truth) {
        Optional<Boolean> right = Optional.empty();
        for (var each : truth.entrySet())
            if (outputs.get(each.getKey()) instanceof String said && each.getValue().isString())
                right = Optional.of(right.orElse(true) && said.equals(each.getValue().asString()));
        return right;
    }

    private static boolean isMedia(Prediction.Summary summary) {
        return summary.contentType().startsWith("image/")
                || summary.contentType().startsWith("audio/");
    }

    /// `PNG, 6.3 kB`.
    private static String media(Prediction.Summary summary) {
        var type = summary.contentType().substring(summary.contentType().indexOf('/') + 1);
        return type.toUpperCase(Locale.ROOT) + ", " + Figures.bytes(summary.length());
    }

    /// A value in a few characters.
    static String value(@Nullable Object value) {
        return switch (value) {
            case null -> "missing";
            case Double number -> Figures.number(number);
            case Float number -> Figures.number(number);
            case Long number -> Long.toString(number);
            case Prediction.Numbers(var _, var values) when values.size() == 1 ->
                    Figures.number(values.getFirst().doubleValue());
            case Prediction.Numbers(var _, var values) -> Figures.of(values.size(), "number");
            case Prediction.Summary summary ->
                    isMedia(summary)
                            ? media(summary)
                            : summary.contentType() + ", " + Figures.bytes(summary.length());
            case Prediction.Hashed _ -> "hashed";
            case Prediction.Withheld _ -> "withheld";
            case float[] numbers -> Figures.of(numbers.length, "number");
            case Instant time -> Figures.time(time);
            case List<?> list -> Figures.brief(list.toString(), LENGTH);
            default -> Figures.brief(value.toString(), LENGTH);
        };
    }
}
