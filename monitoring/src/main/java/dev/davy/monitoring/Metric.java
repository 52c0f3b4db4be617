package dev.davy.monitoring;

import dev.davy.strict.Problem;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// What a monitor watches: a number, or a whole column, of each window.
///
/// @param text as it is written: `quality.recall(scratch)`
public sealed interface Metric {
    String text();

    /// A column: `input.age`, `input.image.brightness`, `output.label`,
    /// `component.vad.output.speech`, `confidence`.
    record Column(String text, Where where, String name) implements Metric {}

    /// Where a column stands.
    enum Where {
        INPUT,
        OUTPUT,
        COMPONENT,
        CONFIDENCE,
        LATENCY,
        /// How busy the machine and the models are: see [Load].
        SOFTWARE
    }

    /// The share of rows without a value.
    record Missing(String text, Column column) implements Metric {}

    /// The share of rows with this value.
    record Share(String text, Column column, String value) implements Metric {}

    /// The mean of a column of numbers.
    record Mean(String text, Column column) implements Metric {}

    /// A quantile of a column of numbers; of `latency` in milliseconds.
    ///
    /// @param level 0.99 for p99
    record Quantile(String text, Column column, double level) implements Metric {}

    /// The highest or the lowest number of a column.
    record Extreme(String text, Column column, boolean high) implements Metric {}

    /// The share of rows that got no answer.
    record Errors(String text) implements Metric {}

    /// Rows.
    record Requests(String text) implements Metric {}

    /// How many feedbacks of this kind came per prediction: `event.redo`.
    record Told(String text, String kind) implements Metric {}

    /// The share of rows that somebody decided: `decided-by.share(people)`.
    ///
    /// @param who one of [Deciders#WORDS]
    record DecidedBy(String text, String who) implements Metric {}

    /// Of the predictions whose truth has come.
    ///
    /// @param output empty: the only one
    /// @param what `accuracy`, `recall`, `precision`, `f1`, `mae`, `rmse`, `bias`, `score`
    /// @param of a class
    record Figure(String text, Optional<String> output, What what, Optional<String> of)
            implements Metric {}

    /// The formula of a figure of quality.
    enum What {
        ACCURACY,
        RECALL,
        PRECISION,
        F1,
        MAE,
        RMSE,
        BIAS,
        SCORE
    }

    /// Answers that are right less often than their confidence says, by what was so before.
    record Surprise(String text) implements Metric {}

    /// The forms, for messages.
    String FORMS =
            "requests, errors, latency.p99, confidence, input.COLUMN, input.COLUMN.missing,"
                    + " input.COLUMN.mean, input.COLUMN.p50, input.COLUMN.highest,"
                    + " input.COLUMN.lowest, input.COLUMN.share(VALUE), software.batch,"
                    + " software.queue, software.wait, process.cpu, process.memory, process.heap,"
                    + " process.open-files, process.threads, machine.cpu, machine.load,"
                    + " machine.memory,"
                    + " output.NAME.share(CLASS), component.NAME.output.NAME, metric.NAME, event.NAME,"
                    + " decided-by.share(model|people|fallback|waiting),"
                    + " quality.accuracy, quality.recall(CLASS), quality.precision(CLASS),"
                    + " quality.f1(CLASS), quality.mae, quality.rmse, quality.bias,"
                    + " quality.surprise";

    /// Reads a metric as it is written.
    ///
    /// @throws Problem UNACCEPTABLE `metric-unknown`
    static Metric read(String text) {
        return Forms.read(text);
    }

    /// Whether it is about what was answered, which another version answers otherwise.
    default boolean isOfAnswers() {
        if (isOfQuality()) return true;
        return switch (this) {
            case Column column ->
                    switch (column.where()) {
                        case INPUT, LATENCY, SOFTWARE -> false;
                        case OUTPUT, COMPONENT, CONFIDENCE -> true;
                    };
            case Missing(var _, var column) -> column.isOfAnswers();
            case Share(var _, var column, var _) -> column.isOfAnswers();
            case Mean(var _, var column) -> column.isOfAnswers();
            case Quantile(var _, var column, double _) -> column.isOfAnswers();
            case Extreme(var _, var column, boolean _) -> column.isOfAnswers();
            case Errors _, Requests _, Told _, DecidedBy _, Figure _, Surprise _ -> false;
        };
    }

    /// Whether its number is a part of something, told in percent.
    default boolean isShare() {
        return switch (this) {
            case Missing _, Share _, Errors _, DecidedBy _ -> true;
            case Figure figure ->
                    switch (figure.what()) {
                        case ACCURACY, RECALL, PRECISION, F1, SCORE -> true;
                        case MAE, RMSE, BIAS -> false;
                    };
            case Column column -> Load.isShare(column.name());
            case Mean(var _, var column) -> column.isShare();
            case Quantile(var _, var column, double _) -> column.isShare();
            case Extreme(var _, var column, boolean _) -> column.isShare();
            case Requests _, Told _, Surprise _ -> false;
        };
    }

    /// Whether it is about how busy the machine and the models are, which is kept beside the log.
    default boolean isOfSoftware() {
        return switch (this) {
            case Column column -> column.where() == Where.SOFTWARE;
            case Missing(var _, var column) -> column.isOfSoftware();
            case Share(var _, var column, var _) -> column.isOfSoftware();
            case Mean(var _, var column) -> column.isOfSoftware();
            case Quantile(var _, var column, double _) -> column.isOfSoftware();
            case Extreme(var _, var column, boolean _) -> column.isOfSoftware();
            case Errors _, Requests _, Told _, DecidedBy _, Figure _, Surprise _ -> false;
        };
    }

    /// Whether it needs truth.
    default boolean isOfQuality() {
        return this instanceof Figure || this instanceof Surprise;
    }

    /// The number of a window; empty where there is nothing to say.
    default OptionalDouble value(Seen seen) {
        return switch (this) {
            case Column column -> mean(column, seen);
            case Mean(var _, var column) -> mean(column, seen);
            case Missing(var _, var column) ->
                    seen.measure(column).map(Measure::missingShare).orElse(OptionalDouble.empty());
            case Share(var _, var column, var value) -> {
                var measure = seen.measure(column);
                if (measure.isEmpty()) yield OptionalDouble.empty();
                long said = measure.get().count() - measure.get().missing();
                yield said == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) measure.get().texts().of(value) / said);
            }
            case Quantile(var _, var column, double level) ->
                    seen.measure(column)
                            .map(measure -> measure.quantile(level))
                            .orElse(OptionalDouble.empty());
            case Extreme(var _, var column, boolean high) ->
                    seen.measure(column)
                            .map(measure -> measure.quantile(high ? 1 : 0))
                            .orElse(OptionalDouble.empty());
            case Errors _ ->
                    seen.window().predictions() == 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(
                                    (double) seen.window().failed() / seen.window().predictions());
            case Requests _ -> OptionalDouble.of((double) seen.window().predictions());
            case Told(var _, var kind) ->
                    seen.window().predictions() == 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(
                                    (double) seen.window().feedback().of("event " + kind)
                                            / seen.window().predictions());
            case DecidedBy(var _, var who) -> Deciders.of(seen).share(who);
            case Figure figure -> Figures.value(figure, seen.quality());
            case Surprise _ -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble mean(Column column, Seen seen) {
        var measure = seen.measure(column);
        if (measure.isEmpty() || measure.get().moments().count() == 0)
            return OptionalDouble.empty();
        return OptionalDouble.of(measure.get().moments().mean());
    }

    /// How metrics are written.
    final class Forms {
        private static final Pattern COLUMN =
                Pattern.compile("(input|output|component)\\.(.{1,200}?)");
        private static final Pattern SHARE = Pattern.compile("(.+)\\.share\\((.+)\\)");
        private static final Pattern QUANTILE =
                Pattern.compile("(.+)\\.p([0-9]{1,2}(?:\\.[0-9]+)?)");
        private static final Pattern QUALITY =
                Pattern.compile(
                        "quality\\.(?:(.+)\\.)?(accuracy|recall|precision|f1|mae|rmse|bias|score)"
                                + "(?:\\((.+)\\))?");

        private Forms() {}

        private static Metric read(String text) {
            if (text.equals("errors")) return new Errors(text);
            if (text.equals("requests")) return new Requests(text);
            if (text.equals("quality.surprise")) return new Surprise(text);
            if (text.startsWith("event.") && text.length() > 6)
                return new Told(text, text.substring(6));
            var quality = QUALITY.matcher(text);
            if (quality.matches()) {
                var what = What.valueOf(quality.group(2).toUpperCase(java.util.Locale.ROOT));
                boolean ofClass = what == What.RECALL || what == What.PRECISION || what == What.F1;
                if (ofClass == (quality.group(3) != null))
                    return new Figure(
                            text,
                            Optional.ofNullable(quality.group(1)),
                            what,
                            Optional.ofNullable(quality.group(3)));
            }
            for (var who : Deciders.WORDS)
                if (text.equals(Deciders.COLUMN + ".share(" + who + ")"))
                    return new DecidedBy(text, who);
            var share = SHARE.matcher(text);
            if (share.matches()) return new Share(text, column(share.group(1)), share.group(2));
            if (text.endsWith(".missing"))
                return new Missing(text, column(text.substring(0, text.length() - 8)));
            if (text.endsWith(".mean"))
                return new Mean(text, column(text.substring(0, text.length() - 5)));
            if (text.endsWith(".highest"))
                return new Extreme(text, column(text.substring(0, text.length() - 8)), true);
            if (text.endsWith(".lowest"))
                return new Extreme(text, column(text.substring(0, text.length() - 7)), false);
            var quantile = QUANTILE.matcher(text);
            if (quantile.matches()) {
                double level = Double.parseDouble(quantile.group(2)) / 100;
                if (level > 0 && level < 1)
                    return new Quantile(text, column(quantile.group(1)), level);
            }
            return column(text);
        }

        private static Column column(String text) {
            if (text.equals("confidence")) return new Column(text, Where.CONFIDENCE, "confidence");
            if (text.startsWith("metric.") && text.length() > 7)
                return new Column(text, Where.COMPONENT, text);
            if (Load.isOne(text)) return new Column(text, Where.SOFTWARE, text);
            if (text.equals(Deciders.COLUMN)) return new Column(text, Where.COMPONENT, text);
            if (text.equals("latency")) return new Column(text, Where.LATENCY, "latency");
            var column = COLUMN.matcher(text);
            if (!column.matches())
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "metric-unknown",
                        "There is no metric '" + text + "'.",
                        "It is none of these: " + FORMS + ".",
                        "See the columns of an endpoint with: davy get endpoint NAME");
            return new Column(
                    text,
                    Where.valueOf(column.group(1).toUpperCase(java.util.Locale.ROOT)),
                    column.group(2));
        }
    }
}
