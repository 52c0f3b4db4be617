package dev.davy.stats;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// What one column of a table looks like.
///
/// A value is a number, a text or boolean, or something else (an image, a vector), of which only
/// the count is known: [#unprofiled]. A column may hold several of these.
///
/// @param count rows
/// @param missing rows without a value, `nan` and `infinite` among them
/// @param nan rows whose number was NaN
/// @param infinite rows whose number was infinite
/// @param moments of the finite numbers
/// @param quantiles of the same numbers
/// @param numbers how often each of them came, while there are no more than a thousand different
///   ones; after that none is kept, for `quantiles` tell more
/// @param texts how often each text came; `true` and `false` are texts
/// @param distinct how many different values came, numbers and texts
/// @param lengths of the texts, in characters
/// @param frequent the texts that came most often, where `texts` could not keep all; else none
/// @param bins the numbers between edges that a reference gave
public record ColumnProfile(
        long count,
        long missing,
        long nan,
        long infinite,
        Moments moments,
        Quantiles quantiles,
        Frequencies numbers,
        Frequencies texts,
        Distinct distinct,
        Moments lengths,
        Frequent frequent,
        Bins bins) {

    public ColumnProfile {
        if (nan < 0
                || infinite < 0
                || missing - nan - infinite < 0
                || quantiles.count() != moments.count()
                || numbers.count() != moments.count()
                // Profiles of before there were lengths have none.
                || lengths.count() > texts.count()
                || bins.given() && sum(bins) != moments.count()
                || count - missing - moments.count() - texts.count() < 0)
            throw new IllegalArgumentException(
                    "count %d, missing %d, nan %d, infinite %d, numbers %d, %d, %d, texts %d"
                            .formatted(
                                    count,
                                    missing,
                                    nan,
                                    infinite,
                                    moments.count(),
                                    quantiles.count(),
                                    numbers.count(),
                                    texts.count()));
    }

    /// Of rows that all lack a value.
    static ColumnProfile missing(long rows) {
        return new ColumnProfile(
                rows,
                rows,
                0,
                0,
                Moments.NONE,
                new Quantiles(),
                new Frequencies(),
                new Frequencies(),
                new Distinct(),
                Moments.NONE,
                new Frequent(),
                Bins.NONE);
    }

    private static long sum(Bins bins) {
        return bins.counts().stream().mapToLong(Long::longValue).sum();
    }

    /// How many different values came: exactly while all of them are counted one by one, else to
    /// [Distinct#ERROR].
    public double distinctValues() {
        return numbers.complete() && texts.complete()
                ? numbers.values().size() + texts.values().size()
                : distinct.estimate();
    }

    /// The texts that came most often, first those that came more often.
    public List<Frequent.Item> mostFrequent() {
        return asFrequent().items();
    }

    private Frequent asFrequent() {
        if (!texts.complete()) return frequent;
        var exact = new Frequent();
        texts.values().forEach(exact::put);
        return exact;
    }

    /// Values that are neither numbers nor texts nor booleans.
    public long unprofiled() {
        return count - missing - moments.count() - texts.count();
    }

    /// The number below which a share of the numbers lies, one that came while all of them are
    /// kept, else to 1 % of its value and never outside of what came; empty where there are no
    /// numbers.
    public OptionalDouble quantile(double share) {
        var at = quantiles.at(share);
        if (at.isEmpty()) return at;
        if (share == 0) return OptionalDouble.of(moments.min());
        if (share == 1) return OptionalDouble.of(moments.max());
        if (numbers.complete()) return OptionalDouble.of(kept(share));
        return OptionalDouble.of(Math.clamp(at.getAsDouble(), moments.min(), moments.max()));
    }

    private double kept(double share) {
        var ascending = new TreeMap<Double, Long>();
        numbers.values()
                .forEach((name, times) ->
                        ascending.merge(Double.parseDouble(name), times, Long::sum));
        // The place that the sketch, too, looks at.
        double place = share * (moments.count() - 1);
        long seen = 0;
        for (var each : ascending.entrySet()) {
            seen += each.getValue();
            if (seen > place) return each.getKey();
        }
        return moments.max();
    }

    /// Both columns as one.
    public ColumnProfile merge(ColumnProfile other) {
        var together = texts.merge(other.texts);
        return new ColumnProfile(
                count + other.count,
                missing + other.missing,
                nan + other.nan,
                infinite + other.infinite,
                moments.merge(other.moments),
                quantiles.merge(other.quantiles),
                numbers.merge(other.numbers).allOrNone(),
                together,
                distinct.merge(other.distinct),
                lengths.merge(other.lengths),
                together.complete() ? new Frequent() : asFrequent().merge(other.asFrequent()),
                bins.merge(moments.count() == 0, other.bins, other.moments.count() == 0));
    }

    ObjectNode json() {
        var json =
                Json.object()
                        .put("count", count)
                        .put("missing", missing)
                        .put("nan", nan)
                        .put("infinite", infinite);
        if (moments.count() > 0) {
            json.set("moments", moments.json());
            json.set("quantiles", quantiles.json());
            json.set("numbers", numbers.json());
        }
        if (texts.count() > 0) json.set("texts", texts.json());
        // Where every value is kept, they are counted anew.
        if (!(numbers.complete() && texts.complete())) json.put("distinct", distinct.text());
        if (lengths.count() > 0) json.set("lengths", lengths.json());
        if (!frequent.none()) json.set("frequent", frequent.json());
        if (bins.given()) json.set("bins", bins.json());
        return json;
    }

    /// Empty where something is wrong, which is noted in the fields.
    static Optional<ColumnProfile> read(Fields fields) {
        long count = fields.integer("count", 0, Profile.ROWS_MAX);
        long missing = fields.integer("missing", 0, count);
        long nan = fields.integer("nan", 0, missing);
        long infinite = fields.integer("infinite", 0, missing - nan);
        var moments = part(fields, "moments", Moments::read, Moments.NONE);
        var quantiles = part(fields, "quantiles", Quantiles::read, new Quantiles());
        var numbers = part(fields, "numbers", Frequencies::read, new Frequencies());
        var texts = part(fields, "texts", Frequencies::read, new Frequencies());
        var distinct =
                numbers.complete() && texts.complete()
                        ? Distinct.of(numbers, texts)
                        : Distinct.read(fields, "distinct");
        var lengths = part(fields, "lengths", Moments::read, Moments.NONE);
        var frequent = part(fields, "frequent", Frequent::read, new Frequent());
        var bins = part(fields, "bins", Bins::read, Bins.NONE);
        try {
            return Optional.of(
                    new ColumnProfile(
                            count, missing, nan, infinite, moments, quantiles, numbers, texts,
                            distinct, lengths, frequent, bins));
        } catch (IllegalArgumentException e) {
            fields.violation("its counts do not add up: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static <T> T part(Fields fields, String name, Function<Fields, T> read, T none) {
        return fields.optionalObject(name).map(read).orElse(none);
    }
}
