package dev.davy.monitoring;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What came to be known of the predictions of a stretch of event time. A value with [#merge]:
/// associative, commutative but for the last digits of sums, with [#EMPTY] as its identity.
///
/// @param outputs by name
/// @param delay from a prediction to its truth, in seconds
/// @param confidences of the predictions whose truth is known
/// @param weighted outcomes that do not all count alike: some cases were more likely to be looked
///   at
/// @param corrected outcomes that counted otherwise before
/// @param people predictions that a person has judged, of those that people decide
public record Quality(
        SortedMap<String, OutputQuality> outputs,
        Measure delay,
        Confidences confidences,
        long weighted,
        long corrected,
        long people) {

    private static final int FORMAT = 2;

    public static final Quality EMPTY =
            new Quality(
                    new TreeMap<>(),
                    Measure.none(Window.LATENCY_BINS, 0),
                    Confidences.NONE,
                    0,
                    0,
                    0);

    public Quality {
        outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    }

    /// How many outcomes there are, of the output that has most.
    public long count() {
        long count = 0;
        for (var each : outputs.values()) count = Math.max(count, each.count());
        return count;
    }

    OutputQuality output(String name) {
        return outputs.getOrDefault(name, OutputQuality.NONE);
    }

    public Quality merge(Quality that) {
        var both = new TreeMap<>(outputs);
        that.outputs.forEach((name, quality) -> both.merge(name, quality, OutputQuality::merge));
        return new Quality(
                both,
                delay.merge(that.delay),
                confidences.merge(that.confidences),
                weighted + that.weighted,
                corrected + that.corrected,
                people + that.people);
    }

    /// Without outcomes that counted before: delays stay, for they were what they were.
    Quality minus(Quality less) {
        var rest = new TreeMap<>(outputs);
        less.outputs.forEach(
                (name, quality) -> rest.computeIfPresent(name, (_, had) -> had.minus(quality)));
        return new Quality(
                rest,
                delay,
                confidences.minus(less.confidences),
                Math.max(0, weighted - less.weighted),
                corrected + less.count(),
                people);
    }

    /// One that a person judged.
    static Quality judged() {
        return new Quality(new TreeMap<>(), EMPTY.delay, Confidences.NONE, 0, 0, 1);
    }

    byte[] bytes() {
        var out = Bytes.toWrite();
        out.number(FORMAT);
        out.number(outputs.size());
        outputs.forEach((name, quality) -> {
            out.text(name);
            quality.write(out);
        });
        delay.write(out);
        confidences.write(out);
        out.number(weighted);
        out.number(corrected);
        out.number(people);
        return out.written();
    }

    static Quality read(byte[] stored) {
        var in = Bytes.toRead(stored);
        long format = in.number();
        if (format < 1 || format > FORMAT)
            throw new IllegalStateException(
                    "a stored window of quality has layout "
                            + format
                            + "; this release reads 1 to "
                            + FORMAT);
        var outputs = new TreeMap<String, OutputQuality>();
        for (long left = in.number(); left > 0; left--)
            outputs.put(in.text(), OutputQuality.read(in));
        return new Quality(
                outputs,
                Measure.read(in, Window.LATENCY_BINS, 0),
                Confidences.read(in),
                in.number(),
                in.number(),
                format < 2 ? 0 : in.number());
    }
}
