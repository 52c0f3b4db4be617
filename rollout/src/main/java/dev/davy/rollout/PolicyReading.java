package dev.davy.rollout;

import dev.davy.rollout.Plan.Strategy;
import dev.davy.rollout.Watch.Allowed;
import dev.davy.rollout.Watch.Margins;
import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.strict.Fields;
import dev.davy.strict.Problem;
import dev.davy.strict.Quote;
import dev.davy.strict.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Reads the `rollout:` section of an endpoint, and says everything that is wrong with it.
public final class PolicyReading {
    private static final Pattern SHADOW =
            Pattern.compile("shadow( [0-9.]+%)?( for ([^ ]+))?( approve)?");
    private static final Pattern DARK = Pattern.compile("dark( for ([^ ]+))?( approve)?");
    private static final Pattern SHARE =
            Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,4})?)%( for ([^ ]+))?( approve)?");
    private static final int STEPS_MOST = 50;
    private static final int GUARDS_MOST = 50;

    private final Fields fields;
    private final Optional<Schema> input;
    private final Optional<List<Output>> outputs;
    private double shadowShare = 1;

    private PolicyReading(Fields fields, Optional<Schema> input, Optional<List<Output>> outputs) {
        this.fields = fields;
        this.input = input;
        this.outputs = outputs;
    }

    /// @param input of the endpoint; empty while it is not known
    /// @param outputs of the endpoint; empty while they are not known
    /// @param purpose that was asked for, before what the section says
    /// @throws Problem UNACCEPTABLE with all violations
    public static Plan read(
            JsonNode section,
            Optional<Schema> input,
            Optional<List<Output>> outputs,
            Optional<Policy.Case> purpose) {
        var fields = Fields.of(section, "rollout");
        return new PolicyReading(fields, input, outputs).plan(purpose);
    }

    private Plan plan(Optional<Policy.Case> asked) {
        var said = fields.optionalChoice("case", Policy.Case.class);
        var purpose = asked.or(() -> said).orElse(Policy.Case.REPLACE);
        var defaults = Plan.of(purpose);
        var strategy = fields.optionalChoice("strategy", Strategy.class).orElse(Strategy.CANARY);
        var each = fields.optionalObject("each-step");
        var atLeast =
                each.flatMap(of -> of.optionalDuration("at-least")).orElse(Duration.ofMinutes(10));
        long requests =
                each.map(of -> of.optionalInteger("requests", 0, 1_000_000_000).orElse(500))
                        .orElse(500L);
        var stages = stages(strategy, defaults, atLeast, requests);
        var watches = fields.has("guards") ? watches(purpose) : defaults.watches();
        if (strategy == Strategy.IMMEDIATE) watches = List.of();
        double alpha = share("false-rollback", defaults.falseRollback(), 0.5);
        double beta = share("missed-harm", defaults.missedHarm(), 0.5);
        var deadline = positive("deadline", defaults.deadline());
        var bake = fields.optionalDuration("bake").orElse(defaults.bake());
        var truth = fields.optionalDuration("truth-within").orElse(Duration.ZERO);
        boolean keep = keepPrevious();
        boolean withoutProof = fields.flag("without-proof", false);
        fields.done();
        return new Plan(
                purpose,
                strategy,
                stages,
                shadowShare,
                watches,
                alpha,
                beta,
                deadline,
                bake,
                truth,
                keep,
                withoutProof);
    }

    private List<Stage> stages(Strategy strategy, Plan defaults, Duration atLeast, long requests) {
        var all = new Stage(1, false, Duration.ZERO, 0, false);
        if (!fields.has("steps"))
            return switch (strategy) {
                case CANARY ->
                        defaults.stages().stream()
                                .map(stage ->
                                        stage.shadow() || stage.share() == 1
                                                ? stage
                                                : new Stage(
                                                        stage.share(),
                                                        false,
                                                        atLeast,
                                                        requests,
                                                        stage.approve()))
                                .toList();
                case BLUE_GREEN -> List.of(new Stage(0, false, Duration.ZERO, 0, false), all);
                case IMMEDIATE -> List.of(all);
                case DARK -> List.of(new Stage(0, false, Duration.ZERO, 0, true), all);
            };
        var stages = new ArrayList<Stage>();
        var texts = fields.texts("steps");
        for (var text : texts) stage(text, atLeast, requests).ifPresent(stages::add);
        if (stages.size() < texts.size()) return List.of(all);
        return checked(stages, all);
    }

    private List<Stage> checked(List<Stage> stages, Stage all) {
        if (stages.isEmpty() || stages.size() > STEPS_MOST || stages.getLast().share() != 1) {
            fields.violation(
                    "steps",
                    "has %d steps, and the last is %s; they are at most %d, and the last is 100%%"
                            .formatted(
                                    stages.size(),
                                    stages.isEmpty() ? "missing" : percent(stages.getLast()),
                                    STEPS_MOST));
            return List.of(all);
        }
        for (int i = 1; i < stages.size(); i++) {
            var before = stages.get(i - 1);
            var stage = stages.get(i);
            if (stage.share() < before.share()
                    || stage.share() > 0 && stage.share() == before.share()) {
                fields.violation(
                        "steps",
                        "has %2$s as step %1$d, after %3$s; shares rise, and shadows come first"
                                .formatted(i + 1, percent(stage), percent(before)));
                return List.of(all);
            }
        }
        return stages;
    }

    private static String percent(Stage stage) {
        return stage.shadow() ? "shadow" : Measure.text(stage.share() * 100) + "%";
    }

    private Optional<Stage> stage(String text, Duration atLeast, long requests) {
        var shadow = SHADOW.matcher(text.strip());
        if (shadow.matches()) {
            if (shadow.group(1) != null)
                shadowShare = Margins.percent(shadow.group(1)).orElse(Double.NaN);
            if (shadowShare > 0 && shadowShare <= 1)
                return Optional.of(
                        new Stage(
                                0,
                                true,
                                time(text, shadow.group(3), atLeast),
                                0,
                                shadow.group(4) != null));
        }
        var dark = DARK.matcher(text.strip());
        if (dark.matches())
            return Optional.of(
                    new Stage(
                            0,
                            false,
                            time(text, dark.group(2), Duration.ZERO),
                            0,
                            dark.group(3) != null));
        var share = SHARE.matcher(text.strip());
        if (share.matches()) {
            double part = Double.parseDouble(share.group(1)) / 100;
            // Assignment counts in hundredths of a percent.
            if (part >= 0.0001 && part <= 1)
                return Optional.of(
                        new Stage(
                                part,
                                false,
                                part == 1 ? Duration.ZERO : time(text, share.group(3), atLeast),
                                part == 1 ? 0 : requests,
                                share.group(4) != null));
        }
        fields.violation(
                "steps",
                "has "
                        + Quote.of(text)
                        + ", which is no step; one is like 'shadow for 1h', '20%', '5% approve', '1% for 30m'"
                        + " or 'dark for 5m', with shares from 0.01% to 100%");
        return Optional.empty();
    }

    private Duration time(String step, String text, Duration otherwise) {
        if (text == null) return otherwise;
        try {
            return Units.duration(text);
        } catch (Problem problem) {
            fields.violation("steps", "has step " + Quote.of(step) + ": " + problem.what());
            return otherwise;
        }
    }

    private List<Watch> watches(Policy.Case purpose) {
        var watches = new ArrayList<Watch>();
        var all = fields.objects("guards");
        if (all.size() > GUARDS_MOST)
            fields.violation(
                    "guards", "has %d; the limit is %d".formatted(all.size(), GUARDS_MOST));
        for (var each : all) watch(each, purpose).ifPresent(watches::add);
        var metrics = watches.stream().map(Watch::metric).toList();
        if (metrics.stream().distinct().count() < metrics.size())
            fields.violation("guards", "has a metric twice; put its slices into one guard");
        if (all.isEmpty())
            fields.violation("guards", "has none; leave it out for those of the case");
        return watches;
    }

    private Optional<Watch> watch(Fields each, Policy.Case purpose) {
        var text = each.text("watch");
        var scale = each.optionalNumber("scale", Double.MIN_NORMAL, 1e300);
        var worse = each.optionalText("worse-by");
        var most = each.optionalText("at-most");
        var least = each.optionalText("at-least");
        boolean observe = each.flag("observe-only", false);
        var slices = SliceReading.read(each, input);
        if (text.isEmpty()) return Optional.empty();
        var metric =
                scale.isPresent() && !text.endsWith(")")
                        ? text + "(" + Measure.text(scale.getAsDouble()) + ")"
                        : text;
        boolean falls = worse.isPresent() && worse.get().strip().startsWith("-");
        if (falls && metric.contains(".share(")) metric += " falling";
        else if (falls)
            each.violation("worse-by", "is how much more harm is allowed; it must be above 0");
        Measure measure;
        try {
            measure = Measure.of(metric, outputs);
        } catch (Problem problem) {
            each.violation("watch", problem.what() + " " + problem.why());
            return Optional.empty();
        }
        if (measure instanceof Measure.Slow) {
            each.violation("watch", "is " + Quote.of(text) + "; say 'at-most: 50 ms' for a limit");
            return Optional.empty();
        }
        int ways =
                (worse.isPresent() ? 1 : 0)
                        + (most.isPresent() ? 1 : 0)
                        + (least.isPresent() ? 1 : 0);
        if (ways > 1) each.violation("must have only one of 'worse-by', 'at-most' and 'at-least'");
        if (ways == 1 && most.isPresent() && measure instanceof Measure.Latency(double level))
            return within(each, metric, level, most.get())
                    .map(allowed ->
                            new Watch(allowed.metric(), allowed.allowed(), slices, observe));
        var allowed =
                ways > 1
                        ? Optional.<Allowed>empty()
                        : allowed(each, measure, purpose, worse, most, least);
        return allowed.isEmpty()
                ? Optional.empty()
                : Optional.of(new Watch(metric, allowed.get(), slices, observe));
    }

    private Optional<Allowed> allowed(
            Fields each,
            Measure measure,
            Policy.Case purpose,
            Optional<String> worse,
            Optional<String> most,
            Optional<String> least) {
        if (measure instanceof Measure.Latency) {
            if (least.isPresent()) {
                each.violation("watches latency: say 'worse-by', or 'at-most: 50 ms' for a limit");
                return Optional.empty();
            }
            return longer(each, worse.orElse("max(20 ms, 50%)"));
        }
        boolean limit = most.isPresent() || worse.isEmpty() && purpose == Policy.Case.NEW;
        if (measure instanceof Measure.Agreement || least.isPresent()) {
            if (most.isPresent() || worse.isPresent()) {
                each.violation("watches a share that should be reached: say 'at-least: 95%'");
                return Optional.empty();
            }
            var share = Margins.percent(least.orElse("95%"));
            if (!within(1 - share.orElse(Double.NaN)))
                return wrong(each, "at-least", "a share below 100%, like 95%");
            return Optional.of(
                    measure instanceof Measure.Agreement
                            ? new Allowed.MoreThanLive(1 - share.getAsDouble())
                            : new Allowed.AtMost(1 - share.getAsDouble()));
        }
        if (limit) {
            var share = Margins.percent(most.orElse("1%"));
            if (!within(share.orElse(Double.NaN)))
                return wrong(each, "at-most", "a share above 0%, like 1%");
            return Optional.of(new Allowed.AtMost(share.getAsDouble()));
        }
        var points = Margins.points(worse.orElse(byDefault(measure)));
        double harm = Math.abs(points.orElse(Double.NaN));
        if (!within(harm)) return wrong(each, "worse-by", "points above 0, like +0.5 points");
        return Optional.of(new Allowed.MoreThanLive(harm));
    }

    /// So many may take longer than a time, as its quantile says.
    private static Optional<Watch> within(Fields each, String metric, double level, String most) {
        try {
            double millis = Units.duration(most.strip()).toNanos() / 1e6;
            if (millis > 0)
                return Optional.of(
                        new Watch(
                                metric + " within " + Measure.text(millis) + " ms",
                                new Allowed.AtMost(1 - level),
                                List.of(),
                                false));
        } catch (Problem notATime) {
            // Told below.
        }
        each.violation("at-most", "must be a time, like 50 ms");
        return Optional.empty();
    }

    private static boolean within(double harm) {
        return harm > 0 && harm < 1;
    }

    private static String byDefault(Measure measure) {
        return measure instanceof Measure.Errors ? "0.5 points" : "2 points";
    }

    private static Optional<Allowed> wrong(Fields each, String name, String like) {
        each.violation(name, "must be " + like);
        return Optional.empty();
    }

    private static Optional<Allowed> longer(Fields each, String text) {
        var inner = text.strip();
        var parts =
                inner.startsWith("max(") && inner.endsWith(")")
                        ? inner.substring(4, inner.length() - 1).split(",", -1)
                        : new String[] {inner};
        double millis = 0;
        double part = 0;
        for (var one : parts) {
            var percent = Margins.percent(one);
            if (percent.isPresent()) part = percent.getAsDouble();
            else
                try {
                    millis = Units.duration(one.strip().replaceFirst("^\\+", "")).toNanos() / 1e6;
                } catch (Problem notATime) {
                    return wrong(each, "worse-by", "like 20 ms, 50% or max(5 ms, 50%)");
                }
        }
        if (!(millis > 0 || part > 0))
            return wrong(each, "worse-by", "above 0, like 20 ms, 50% or max(5 ms, 50%)");
        return Optional.of(new Allowed.LongerThanLive(millis, part));
    }

    private double share(String name, double otherwise, double most) {
        var text = fields.optionalText(name);
        if (text.isEmpty()) return otherwise;
        OptionalDouble share = Margins.percent(text.get());
        if (share.isPresent() && share.getAsDouble() > 0 && share.getAsDouble() <= most)
            return share.getAsDouble();
        fields.violation(
                name,
                "is %s; it must be a share above 0%% and at most %s%%, like 5%%"
                        .formatted(Quote.of(text.get()), Measure.text(most * 100)));
        return otherwise;
    }

    private Duration positive(String name, Duration otherwise) {
        var time = fields.optionalDuration(name).orElse(otherwise);
        if (time.isZero() || time.isNegative())
            fields.violation(name, "must be longer than nothing");
        return time;
    }

    /// `for the bake`, which is what holds otherwise, or `until next rollout`.
    private boolean keepPrevious() {
        var text = fields.optionalText("keep-previous").orElse("for the bake");
        if (!text.equals("until next rollout") && !text.equals("for the bake"))
            fields.violation(
                    "keep-previous",
                    "is " + Quote.of(text) + "; it is 'until next rollout' or 'for the bake'");
        return text.equals("until next rollout");
    }
}
