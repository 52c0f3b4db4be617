package dev.davy.rollout;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.serving.LoggedInput;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a guard watches, and how much harm one request came to: between 0 and 1.
public sealed interface Measure {
    /// The arm that a request was assigned to failed, whoever answered in its place.
    record Errors() implements Measure {}

    /// A quantile of the time in the model.
    ///
    /// @param level 0.99 for p99
    record Latency(double level) implements Measure {}

    /// The time in the model was longer than a limit.
    ///
    /// @param level 0.99 where 1 % may take longer
    /// @param millis the limit
    record Slow(double level, double millis) implements Measure {}

    /// Nothing was said of an output.
    record Missing(String output) implements Measure {}

    /// A class was said.
    ///
    /// @param falling whether it is harm that it was not
    record Share(String output, String of, boolean falling) implements Measure {}

    /// One less the confidence.
    record Confidence() implements Measure {}

    /// A shadow said something else than live.
    ///
    /// @param output empty: any of them
    record Agreement(Optional<String> output) implements Measure {}

    /// The answer was wrong, of those whose truth is known.
    record Accuracy(String output) implements Measure {}

    /// A class was missed, of those that truly are of it.
    record Recall(String output, String of) implements Measure {}

    /// How far a number was off, in parts of a scale; 1 where it was further off than that.
    ///
    /// @param squared for `rmse`: what is compared is the mean square
    record Off(String output, boolean squared, double scale) implements Measure {}

    /// Something that a user did after it: asked again, gave up.
    record Event(String name) implements Measure {}

    /// What a request came to.
    ///
    /// @param failed whether the arm that it was assigned to failed
    /// @param outputs that the caller got
    record Answered(
            boolean failed,
            Map<String, ? extends @Nullable Object> outputs,
            OptionalDouble confidence) {}

    /// The forms of a metric, for messages.
    String FORMS =
            "errors, latency.p99, confidence, agreement, output.NAME.missing,"
                    + " output.NAME.share(CLASS), quality.accuracy, quality.recall(CLASS),"
                    + " quality.mae, quality.rmse, event.NAME";

    /// Reads `quality.recall(scratch)`.
    ///
    /// @param outputs of the endpoint; empty while they are not known
    /// @throws Problem UNACCEPTABLE `metric-unknown`
    static Measure of(String metric, Optional<List<Output>> outputs) {
        if (metric.equals("errors")) return new Errors();
        if (metric.equals("confidence")) return new Confidence();
        if (metric.equals("agreement")) return new Agreement(Optional.empty());
        var latency = Forms.LATENCY.matcher(metric);
        if (latency.matches()) {
            double level = Double.parseDouble(latency.group(1)) / 100;
            if (level > 0 && level < 1)
                return latency.group(2) == null
                        ? new Latency(level)
                        : new Slow(level, Double.parseDouble(latency.group(2)));
        }
        var event = Forms.EVENT.matcher(metric);
        if (event.matches()) return new Event(event.group(1));
        var agreement = Forms.AGREEMENT.matcher(metric);
        if (agreement.matches())
            return new Agreement(Optional.of(Forms.output(metric, agreement.group(1), outputs)));
        var missing = Forms.MISSING.matcher(metric);
        if (missing.matches()) return new Missing(Forms.output(metric, missing.group(1), outputs));
        var share = Forms.SHARE.matcher(metric);
        if (share.matches()) {
            var output = Forms.output(metric, share.group(1), outputs);
            Forms.checkClass(metric, output, share.group(2), outputs);
            return new Share(output, share.group(2), share.group(3) != null);
        }
        var quality = Forms.QUALITY.matcher(metric);
        if (quality.matches())
            return Forms.quality(
                    metric,
                    Optional.ofNullable(quality.group(1)),
                    quality.group(2),
                    Optional.ofNullable(quality.group(3)),
                    outputs);
        throw Forms.unknown(metric, "It is none of these: " + FORMS + ".");
    }

    /// What is known when it was answered; empty where this request does not count, or not yet.
    default OptionalDouble answered(Answered answer) {
        return switch (this) {
            case Errors _ -> of(answer.failed());
            case Missing(var output) -> of(answer.failed() || answer.outputs().get(output) == null);
            case Share(var output, var of, boolean falling) -> {
                var said = answer.outputs().get(output);
                yield said == null ? OptionalDouble.empty() : of(said(said, of) != falling);
            }
            case Confidence _ ->
                    answer.confidence().isEmpty()
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(
                                    Math.clamp(1 - answer.confidence().getAsDouble(), 0, 1));
            // Until something happens, nothing has.
            case Event _ -> OptionalDouble.of(0);
            case Latency _, Slow _, Agreement _, Accuracy _, Recall _, Off _ ->
                    OptionalDouble.empty();
        };
    }

    /// What is known when truth has come; empty where it says nothing of this measure. A request
    /// that its arm failed on was not answered well by it, whoever else did.
    ///
    /// @param of the output that the truth is of; empty: the only one
    default OptionalDouble told(Answered answer, Optional<String> of, JsonNode truth) {
        return switch (this) {
            case Accuracy(var output) ->
                    isOf(of, output)
                            ? of(answer.failed() || !same(answer.outputs().get(output), truth))
                            : OptionalDouble.empty();
            case Recall(var output, var which) ->
                    isOf(of, output) && has(truth, which)
                            ? of(answer.failed() || !says(answer.outputs().get(output), which))
                            : OptionalDouble.empty();
            case Off(var output, boolean squared, double scale) -> {
                if (!isOf(of, output) || !truth.isNumber()) yield OptionalDouble.empty();
                if (answer.failed() || !(answer.outputs().get(output) instanceof Number number))
                    yield OptionalDouble.of(1);
                double off = Math.abs(number.doubleValue() - truth.doubleValue()) / scale;
                yield OptionalDouble.of(Math.min(1, squared ? off * off : off));
            }
            case Errors _,
                    Latency _,
                    Slow _,
                    Missing _,
                    Share _,
                    Confidence _,
                    Agreement _,
                    Event _ ->
                    OptionalDouble.empty();
        };
    }

    private static boolean isOf(Optional<String> of, String output) {
        return of.isEmpty() || of.get().equals(output);
    }

    private static OptionalDouble of(boolean harm) {
        return OptionalDouble.of(harm ? 1 : 0);
    }

    private static boolean said(Object answer, String of) {
        return answer instanceof List<?> labels ? labels.contains(of) : text(answer).equals(of);
    }

    private static boolean says(@Nullable Object answer, String of) {
        return answer != null && said(answer, of);
    }

    private static boolean has(JsonNode truth, String of) {
        if (truth.isArray()) {
            for (var each : truth)
                if (each.isObject()
                        ? each.path("class").asString("").equals(of)
                        : each.asString("").equals(of)) return true;
            return false;
        }
        return truth.isValueNode() && truth.asString("").equals(of);
    }

    /// Texts and numbers as such, labels in any order.
    static boolean same(@Nullable Object answer, JsonNode truth) {
        if (answer == null) return truth.isNull();
        if (answer instanceof Number number && truth.isNumber())
            return number.doubleValue() == truth.doubleValue();
        if (answer instanceof List<?> labels && truth.isArray()) {
            if (labels.size() != truth.size()) return false;
            for (var each : truth) if (!labels.contains(each.asString(""))) return false;
            return true;
        }
        if (truth.isValueNode()) return text(answer).equals(truth.asString());
        return Json.tree(answer).equals(truth);
    }

    /// A value as slices and classes are written: whole numbers without a point.
    static String text(Object value) {
        return LoggedInput.text(value);
    }

    /// How metrics are written.
    final class Forms {
        private static final Pattern LATENCY =
                Pattern.compile(
                        "latency\\.p([0-9]{1,2}(?:\\.[0-9]+)?)(?: within ([0-9]{1,9}(?:\\.[0-9]+)?) ms)?");
        private static final Pattern EVENT = Pattern.compile("event\\.(.{1,100})");
        private static final Pattern AGREEMENT = Pattern.compile("agreement\\((.+)\\)");
        private static final Pattern MISSING = Pattern.compile("output\\.(.+)\\.missing");
        private static final Pattern SHARE =
                Pattern.compile("output\\.(.+?)\\.share\\((.+?)\\)( falling)?");
        private static final Pattern QUALITY =
                Pattern.compile("quality\\.(?:(.+?)\\.)?(accuracy|recall|mae|rmse)(?:\\((.+)\\))?");

        private Forms() {}

        private static Measure quality(
                String metric,
                Optional<String> named,
                String what,
                Optional<String> of,
                Optional<List<Output>> outputs) {
            boolean number = what.equals("mae") || what.equals("rmse");
            var output =
                    named.isPresent()
                            ? output(metric, named.get(), outputs)
                            : only(metric, number, outputs);
            if (what.equals("accuracy") && of.isEmpty()) return new Accuracy(output);
            if (what.equals("recall") && of.isPresent()) {
                checkClass(metric, output, of.get(), outputs);
                return new Recall(output, of.get());
            }
            if (number && of.isPresent()) {
                try {
                    double scale = Double.parseDouble(of.get());
                    if (scale > 0 && Double.isFinite(scale))
                        return new Off(output, what.equals("rmse"), scale);
                } catch (NumberFormatException notANumber) {
                    throw unknown(metric, "Its scale is no number.");
                }
            }
            throw unknown(
                    metric,
                    number
                            ? "It needs a 'scale' above 0: an error as large as that counts as 1."
                            : what.equals("recall")
                                    ? "It needs a class, like quality.recall(scratch)."
                                    : "Accuracy is of all classes.");
        }

        private static String output(String metric, String name, Optional<List<Output>> outputs) {
            if (outputs.isEmpty()
                    || outputs.get().stream().anyMatch(each -> each.name().equals(name)))
                return name;
            throw unknown(
                    metric,
                    "There is no output '%s'; the outputs are %s."
                            .formatted(name, outputs.get().stream().map(Output::name).toList()));
        }

        private static String only(String metric, boolean number, Optional<List<Output>> outputs) {
            // Told apart later, when the model is known.
            if (outputs.isEmpty()) return "";
            var fit =
                    outputs.get().stream()
                            .filter(each -> each.kind() instanceof OutputKind.Number == number)
                            .toList();
            if (fit.size() == 1) return fit.getFirst().name();
            throw unknown(
                    metric,
                    "It can't be told which output is meant: %s fit."
                            .formatted(fit.stream().map(Output::name).toList()));
        }

        private static void checkClass(
                String metric, String output, String of, Optional<List<Output>> outputs) {
            for (var each : outputs.orElse(List.of()))
                if (each.name().equals(output)) {
                    var classes =
                            switch (each.kind()) {
                                case OutputKind.Category(var some) -> some;
                                case OutputKind.MultiLabel(var some) -> some;
                                case OutputKind.Boxes(var some) -> some;
                                case OutputKind.Text _ -> List.<String>of();
                                case OutputKind.Number _,
                                        OutputKind.Ranking _,
                                        OutputKind.Vector _ ->
                                        throw unknown(
                                                metric,
                                                "Output '%s' is a %s and has no classes."
                                                        .formatted(output, each.kind().name()));
                            };
                    if (!classes.isEmpty() && !classes.contains(of))
                        throw unknown(
                                metric,
                                "Output '%s' has no class '%s'; its classes are %s."
                                        .formatted(output, of, classes));
                }
        }

        private static Problem unknown(String metric, String why) {
            return new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "metric-unknown",
                    "'" + metric + "' can't be watched.",
                    why,
                    "Correct 'watch'.");
        }
    }
}
