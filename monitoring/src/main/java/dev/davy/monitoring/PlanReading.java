package dev.davy.monitoring;

import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.serving.Endpoint;
import dev.davy.serving.Origin;
import dev.davy.strict.Fields;
import dev.davy.strict.Problem;
import dev.davy.strict.Units;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Reads how an endpoint is watched from its declaration, and says everything that is wrong with
/// it.
public final class PlanReading {
    private static final Duration WINDOW_LEAST = Duration.ofMinutes(1);
    private static final Duration WINDOW_MOST = Duration.ofDays(31);
    private static final int MONITORS_MOST = 200;
    private static final int SLICES_MOST = 16;
    private static final int FOR_MOST = 1_000;
    private static final Pattern PRICE =
            Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?) (?:per|a|an) (day|week|month|year)");
    private static final Pattern NUMBER =
            Pattern.compile(
                    "(-?[0-9]{1,15}(?:\\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,3})?) ?(%|ms|s|sd)?");

    private static final int METRICS_MOST = 50;

    private final Fields fields;
    private final Optional<Schema> schema;
    private final List<Output> outputs;

    private PlanReading(Fields fields, Optional<Schema> schema, List<Output> outputs) {
        this.fields = fields;
        this.schema = schema;
        this.outputs = outputs;
    }

    /// @param schema of what callers send; empty while it is not known
    /// @param outputs of what they get
    /// @throws Problem UNACCEPTABLE with all violations
    public static Plan read(Endpoint endpoint, Optional<Schema> schema, List<Output> outputs) {
        var fields = Fields.of(endpoint.source(), "Endpoint '" + endpoint.name() + "'");
        // The rest of the declaration has its own reader.
        for (var each : endpoint.source().propertyNames()) fields.optionalNode(each);
        var plan = new PlanReading(fields, schema, outputs).plan(endpoint);
        fields.done();
        return plan;
    }

    private Plan plan(Endpoint endpoint) {
        var window = fields.optionalDuration("window").orElse(Plan.WINDOW);
        if (window.compareTo(WINDOW_LEAST) < 0
                || window.compareTo(WINDOW_MOST) > 0
                || window.toSeconds() % 60 != 0
                || window.toNanosPart() != 0) {
            fields.violation(
                    "window",
                    "'window' must be whole minutes, from 1m to 31d; what happens is counted by the minute");
            window = Plan.WINDOW;
        }
        var origin =
                fields.optionalChoice("origin", Origin.class)
                        .orElse(endpoint.pipeline().isEmpty() ? Origin.EXTERNAL : Origin.LIVE);
        var reference = reference(window);
        double price = price();
        var within = fields.optionalDuration("truth-within");
        var slices = slices();
        return new Plan(
                window,
                origin,
                reference,
                price,
                within,
                slices,
                metrics(),
                monitors(),
                entities(endpoint));
    }

    /// The rest of 'feedback' was read with the endpoint.
    private static Optional<EntityJoin> entities(Endpoint endpoint) {
        var which = endpoint.source().path("feedback").path("truth").asString("");
        return which.isEmpty()
                ? Optional.empty()
                : Optional.of(new EntityJoin(which.equals("all"), endpoint.joinWithin()));
    }

    private Plan.Reference reference(Duration window) {
        var usual = new Plan.Reference.First(Duration.ofDays(7));
        var first =
                window.compareTo(Duration.ofHours(6)) > 0
                        ? new Plan.Reference.First(window.multipliedBy(28))
                        : usual;
        var said = fields.optionalNode("reference");
        if (said.isEmpty()) return first;
        var node = said.get();
        if (node.isObject()) {
            var stretch = fields.object("reference");
            var from = instant(stretch, "from");
            var to = instant(stretch, "to");
            stretch.done();
            if (!from.isBefore(to))
                fields.violation("reference", "'reference.from' must be before 'reference.to'");
            return new Plan.Reference.Between(from, to);
        }
        var text = node.asString("");
        if (text.equals("season")) return new Plan.Reference.Season(4);
        if (text.startsWith("first "))
            try {
                var length = Units.duration(text.substring(6));
                if (length.compareTo(window) >= 0) return new Plan.Reference.First(length);
            } catch (Problem notADuration) {
                // told below
            }
        fields.violation(
                "reference",
                "'reference' is "
                        + node
                        + "; it must be 'season', 'first 7d' (at least one window), or {from: …, to: …}");
        return first;
    }

    private static Instant instant(Fields of, String name) {
        var text = of.text(name);
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            of.violation(
                    name, "'" + name + "' is '" + text + "'; it must be like 2026-11-21T14:05:00Z");
            return name.equals("from") ? Instant.EPOCH : Instant.EPOCH.plusSeconds(60);
        }
    }

    private double price() {
        var said = fields.optionalText("false-alarms");
        if (said.isEmpty()) return Plan.FALSE_ALARMS;
        var price = PRICE.matcher(said.get());
        if (price.matches()) {
            double number = Double.parseDouble(price.group(1));
            double days =
                    switch (price.group(2)) {
                        case "day" -> 1;
                        case "week" -> 7;
                        case "month" -> 30;
                        default -> 365;
                    };
            if (number > 0) return number * 30 / days;
        }
        fields.violation(
                "false-alarms",
                "'false-alarms' is '" + said.get() + "'; it must be like '1 per month'");
        return Plan.FALSE_ALARMS;
    }

    private List<String> slices() {
        var slices = new ArrayList<String>();
        for (var text : fields.has("slices") ? fields.texts("slices") : List.<String>of())
            try {
                if (schema.isPresent()) Slices.check(text, schema.get());
                slices.add(text);
            } catch (Problem problem) {
                fields.violation("slices", problem.what() + " " + problem.why());
            }
        if (slices.size() > SLICES_MOST)
            fields.violation(
                    "slices",
                    "there are %d; at most %d are counted apart"
                            .formatted(slices.size(), SLICES_MOST));
        return slices;
    }

    private List<Plan.Custom> metrics() {
        var metrics = new ArrayList<Plan.Custom>();
        if (!fields.has("metrics")) return metrics;
        var names = new HashSet<String>();
        for (var each : fields.objects("metrics")) {
            var custom = new Plan.Custom(each.name("name", "metric"), each.text("value"));
            each.done();
            if (!names.add(custom.name()))
                fields.violation("metrics", "there are two metrics '" + custom.name() + "'");
            try {
                if (schema.isPresent()) Customs.check(custom, schema.get(), outputs);
                metrics.add(custom);
            } catch (Problem problem) {
                fields.violation(
                        "metrics",
                        "metric '" + custom.name() + "': " + problem.what() + " " + problem.why());
            }
        }
        if (metrics.size() > METRICS_MOST)
            fields.violation(
                    "metrics",
                    "there are %d; the limit is %d".formatted(metrics.size(), METRICS_MOST));
        return metrics;
    }

    private List<Monitor> monitors() {
        var monitors = new ArrayList<Monitor>();
        if (!fields.has("monitors")) return monitors;
        var names = new HashSet<String>();
        for (var each : fields.objects("monitors")) {
            var monitor = monitor(each);
            each.done();
            if (monitor.isEmpty()) continue;
            if (names.add(monitor.get().name())) monitors.add(monitor.get());
            else
                fields.violation(
                        "monitors",
                        "there are two monitors '"
                                + monitor.get().name()
                                + "'; give one of them another 'name'");
        }
        if (monitors.size() > MONITORS_MOST)
            fields.violation(
                    "monitors",
                    "there are %d; the limit is %d".formatted(monitors.size(), MONITORS_MOST));
        return monitors;
    }

    private Optional<Monitor> monitor(Fields each) {
        var watch = each.text("watch");
        Optional<Metric> metric = Optional.empty();
        try {
            metric = Optional.of(Metric.read(watch));
        } catch (Problem problem) {
            each.violation("watch", problem.what() + " " + problem.why());
        }
        int windows = windows(each);
        var severity =
                each.optionalChoice("severity", Monitor.Severity.class)
                        .orElse(Monitor.Severity.WARNING);
        var rule = rule(each, metric);
        var name = each.optionalText("name").orElse(watch);
        if (metric.isEmpty()) return Optional.empty();
        checkColumn(each, metric.get());
        return Optional.of(new Monitor(name, metric.get(), rule, windows, severity, true));
    }

    /// A column of the input is known before anything was asked.
    private void checkColumn(Fields each, Metric metric) {
        var column =
                switch (metric) {
                    case Metric.Column is -> Optional.of(is);
                    case Metric.Missing is -> Optional.of(is.column());
                    case Metric.Share is -> Optional.of(is.column());
                    case Metric.Mean is -> Optional.of(is.column());
                    case Metric.Quantile is -> Optional.of(is.column());
                    case Metric.Extreme is -> Optional.of(is.column());
                    default -> Optional.<Metric.Column>empty();
                };
        if (schema.isEmpty() || column.isEmpty()) return;
        if (column.get().where() != Metric.Where.INPUT) return;
        var name = column.get().name();
        boolean known =
                schema.get().columns().stream()
                        .anyMatch(of ->
                                name.equals(of.name())
                                        || name.startsWith(of.name() + ".")
                                        || name.startsWith(of.name() + "["));
        if (!known)
            each.violation(
                    "watch",
                    "the input has no column '%s'; it has %s"
                            .formatted(
                                    name,
                                    schema.get().columns().stream().map(of -> of.name()).toList()));
    }

    private static int windows(Fields each) {
        var said = each.optionalText("for");
        if (said.isEmpty()) return 1;
        var text = said.get().strip();
        if (text.matches("[1-9][0-9]{0,3} windows?")) {
            int windows = Integer.parseInt(text.substring(0, text.indexOf(' ')));
            if (windows <= FOR_MOST) return windows;
        }
        each.violation("for", "'for' is '" + text + "'; it must be like '3 windows'");
        return 1;
    }

    private static Monitor.Rule rule(Fields each, Optional<Metric> metric) {
        var above = each.optionalNode("above");
        var below = each.optionalNode("below");
        var between = each.optionalNode("between");
        var away = each.optionalNode("away-by");
        var ignore = each.optionalNode("ignore-below");
        int limits =
                (above.isPresent() || below.isPresent() ? 1 : 0) + (between.isPresent() ? 1 : 0);
        if (limits + (away.isPresent() ? 1 : 0) + (ignore.isPresent() ? 1 : 0) > 1)
            each.violation(
                    "only one of 'above' and 'below', 'between', 'away-by' and 'ignore-below' says what is bad");
        if (between.isPresent()) return between(each, between.get());
        if (limits > 0)
            return new Monitor.Rule.Limits(
                    number(each, "below", below), number(each, "above", above));
        if (away.isPresent())
            return new Monitor.Rule.Away(Math.abs(number(each, "away-by", away).orElse(1)));
        boolean whole =
                metric.isEmpty()
                        || metric.get() instanceof Metric.Column column
                                && column.where() != Metric.Where.SOFTWARE
                        || metric.get() instanceof Metric.Errors
                        || metric.get() instanceof Metric.Surprise
                        || metric.get() instanceof Metric.Figure(var _, var _, var what, var _)
                                && (what == Metric.What.ACCURACY
                                        || what == Metric.What.SCORE
                                        || what == Metric.What.MAE);
        if (!whole)
            each.violation(
                    "watch",
                    "a limit is missing: 'above', 'below', 'between' or 'away-by'; drift is of whole"
                            + " columns, errors, quality.accuracy, quality.score, quality.mae and"
                            + " quality.surprise");
        return new Monitor.Rule.Drift(Math.abs(number(each, "ignore-below", ignore).orElse(0)));
    }

    private static Monitor.Rule between(Fields each, JsonNode between) {
        if (between.size() != 2) {
            each.violation("between", "'between' must be two limits, like [0.5%, 6%]");
            return new Monitor.Rule.Limits(OptionalDouble.empty(), OptionalDouble.empty());
        }
        var least = number(each, "between", Optional.of(between.get(0)));
        var most = number(each, "between", Optional.of(between.get(1)));
        if (least.isPresent() && most.isPresent() && !(least.getAsDouble() < most.getAsDouble()))
            each.violation("between", "the first limit must be below the second");
        return new Monitor.Rule.Limits(least, most);
    }

    /// `93%`, `50ms`, `0.2 sd`, `12`: shares as parts of 1, times in milliseconds.
    private static OptionalDouble number(Fields each, String name, Optional<JsonNode> said) {
        if (said.isEmpty()) return OptionalDouble.empty();
        if (said.get().isNumber()) return OptionalDouble.of(said.get().doubleValue());
        var text = NUMBER.matcher(said.get().asString("").strip());
        if (text.matches()) {
            double number = Double.parseDouble(text.group(1));
            var unit = Optional.ofNullable(text.group(2)).orElse("");
            return OptionalDouble.of(
                    switch (unit) {
                        case "%" -> number / 100;
                        case "s" -> number * 1_000;
                        default -> number;
                    });
        }
        each.violation(
                name,
                "'" + name + "' is " + said.get() + "; it must be like 12, 93%, 50ms or 0.2 sd");
        return OptionalDouble.empty();
    }
}
