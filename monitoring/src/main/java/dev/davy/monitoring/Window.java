package dev.davy.monitoring;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What came and went at an endpoint over a stretch of event time. A value with [#merge]:
/// associative, commutative, with [#EMPTY] as its identity; but for the last digits of means, which
/// depend on the order of sums.
///
/// @param predictions rows that were asked
/// @param inputsKept rows whose inputs are in the log; fewer where an endpoint keeps only a share
/// @param notFinite answers with a number that is none, or infinite
/// @param arms who answered: `live loan/3`
/// @param errors of rows that got no answer, by code
/// @param troubles of single components, by `component code`; the row may have been answered yet
/// @param latency of the components of a row together, in milliseconds
/// @param inputs by column; the measures of images and recordings stand as `image.brightness`
/// @param outputs by name
/// @param components of pipelines with several: `vad.latency` in milliseconds, `vad.confidence`,
///   and `vad.output.speech`
/// @param confidence of the decisions that have one
/// @param confidences how sure it was of each class, for what quality is to be expected
/// @param feedback by kind: `truth`, `judgement`, `event clicked`; in the window in which it became
///   known
public record Window(
        long predictions,
        long inputsKept,
        long notFinite,
        Shares arms,
        Shares errors,
        Shares troubles,
        Measure latency,
        SortedMap<String, Measure> inputs,
        SortedMap<String, Measure> outputs,
        SortedMap<String, Measure> components,
        Measure confidence,
        Confidences confidences,
        Shares feedback) {

    /// More columns are not measured: a vector spread out could be without end.
    public static final int COLUMNS_MAX = 200;

    static final int LATENCY_BINS = 80;

    /// For arms, errors and kinds of feedback.
    static final int WORDS = 600;

    /// An output has more room than an input: there are few of them, and classes are the point.
    static final int CLASSES = 600;

    private static final int FORMAT = 2;

    /// Of nothing.
    public static final Window EMPTY = new Builder().build();

    public Window {
        inputs = sorted(inputs);
        outputs = sorted(outputs);
        components = sorted(components);
    }

    private static SortedMap<String, Measure> sorted(SortedMap<String, Measure> columns) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    }

    /// Rows that got no answer.
    public long failed() {
        return errors.count();
    }

    /// Whether anything at all happened in it.
    public boolean isEmpty() {
        return predictions == 0 && feedback.count() == 0;
    }

    /// Both stretches as one.
    public Window merge(Window other) {
        return new Window(
                predictions + other.predictions,
                inputsKept + other.inputsKept,
                notFinite + other.notFinite,
                arms.merge(other.arms),
                errors.merge(other.errors),
                troubles.merge(other.troubles),
                latency.merge(other.latency),
                merge(inputs, other.inputs),
                merge(outputs, other.outputs),
                merge(components, other.components),
                confidence.merge(other.confidence),
                confidences.merge(other.confidences),
                feedback.merge(other.feedback));
    }

    private static SortedMap<String, Measure> merge(
            SortedMap<String, Measure> one, SortedMap<String, Measure> other) {
        var both = new TreeMap<>(one);
        other.forEach((name, measure) -> both.merge(name, measure, Measure::merge));
        return both;
    }

    /// The same with another column of a component, or a metric, in place of what was there.
    Window withComponent(String name, Measure measure) {
        var others = new TreeMap<>(components);
        others.put(name, measure);
        return new Window(
                predictions,
                inputsKept,
                notFinite,
                arms,
                errors,
                troubles,
                latency,
                inputs,
                outputs,
                others,
                confidence,
                confidences,
                feedback);
    }

    /// As it is stored; `read(bytes())` is this window again.
    byte[] bytes() {
        var out = Bytes.toWrite();
        out.number(FORMAT);
        out.number(predictions);
        out.number(inputsKept);
        out.number(notFinite);
        arms.write(out);
        errors.write(out);
        troubles.write(out);
        latency.write(out);
        write(out, inputs);
        write(out, outputs);
        write(out, components);
        confidence.write(out);
        confidences.write(out);
        feedback.write(out);
        return out.written();
    }

    private static void write(Bytes out, SortedMap<String, Measure> columns) {
        out.number(columns.size());
        columns.forEach((name, measure) -> {
            out.text(name);
            measure.write(out);
        });
    }

    static Window read(byte[] stored) {
        var in = Bytes.toRead(stored);
        long format = in.number();
        if (format < 1 || format > FORMAT)
            throw new IllegalStateException(
                    "a stored window has layout " + format + "; this release reads 1 to " + FORMAT);
        return new Window(
                in.number(),
                in.number(),
                in.number(),
                Shares.read(in, WORDS),
                Shares.read(in, WORDS),
                Shares.read(in, WORDS),
                Measure.read(in, LATENCY_BINS, 0),
                columns(in, Measure.TEXTS),
                columns(in, CLASSES),
                format < 2 ? new TreeMap<>() : columns(in, CLASSES),
                Measure.read(in, Measure.BINS, 0),
                format < 2 ? Confidences.NONE : Confidences.read(in),
                Shares.read(in, WORDS));
    }

    private static SortedMap<String, Measure> columns(Bytes in, int room) {
        var columns = new TreeMap<String, Measure>();
        for (long left = in.number(); left > 0; left--)
            columns.put(in.text(), Measure.read(in, Measure.BINS, room));
        return columns;
    }

    /// A window in the making; for one thread.
    static final class Builder {
        long predictions;
        long inputsKept;
        long notFinite;
        final Shares arms = new Shares(WORDS);
        final Shares errors = new Shares(WORDS);
        final Shares troubles = new Shares(WORDS);
        final Measure.Builder latency = new Measure.Builder(LATENCY_BINS, 0);
        final Measure.Builder confidence = new Measure.Builder(Measure.BINS, 0);
        final Shares feedback = new Shares(WORDS);
        private final TreeMap<String, Measure.Builder> inputs = new TreeMap<>();
        private final TreeMap<String, Measure.Builder> outputs = new TreeMap<>();
        private final TreeMap<String, Measure.Builder> components = new TreeMap<>();
        final Confidences.Builder confidences = new Confidences.Builder();

        /// The measure of an input; one that is thrown away where there are too many.
        Measure.Builder input(String name) {
            return column(inputs, name, Measure.TEXTS);
        }

        Measure.Builder output(String name) {
            return column(outputs, name, CLASSES);
        }

        Measure.Builder component(String name) {
            return column(components, name, CLASSES);
        }

        private static Measure.Builder column(
                Map<String, Measure.Builder> columns, String name, int room) {
            var known = columns.get(name);
            if (known != null) return known;
            var fresh = new Measure.Builder(Measure.BINS, room);
            if (columns.size() < COLUMNS_MAX) columns.put(name, fresh);
            return fresh;
        }

        Window build() {
            return new Window(
                    predictions,
                    inputsKept,
                    notFinite,
                    arms.copy(),
                    errors.copy(),
                    troubles.copy(),
                    latency.build(),
                    built(inputs),
                    built(outputs),
                    built(components),
                    confidence.build(),
                    confidences.build(),
                    feedback.copy());
        }

        private static SortedMap<String, Measure> built(Map<String, Measure.Builder> columns) {
            var built = new TreeMap<String, Measure>();
            columns.forEach((name, measure) -> built.put(name, measure.build()));
            return built;
        }
    }
}
