package dev.davy.stats;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.Optional;
import java.util.OptionalDouble;
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
public record ColumnProfile(
        long count,
        long missing,
        long nan,
        long infinite,
        Moments moments,
        Quantiles quantiles,
        Frequencies numbers,
        Frequencies texts) {

    public ColumnProfile {
        if (nan < 0
                || infinite < 0
                || missing - nan - infinite < 0
                || quantiles.count() != moments.count()
                || numbers.count() != moments.count()
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
                new Frequencies());
    }

    /// Values that are neither numbers nor texts nor booleans.
    public long unprofiled() {
        return count - missing - moments.count() - texts.count();
    }

    /// The number below which a share of the numbers lies, to 1 % of its value and never outside of
    /// what came; empty where there are no numbers.
    public OptionalDouble quantile(double share) {
        var at = quantiles.at(share);
        if (at.isEmpty()) return at;
        if (share == 0) return OptionalDouble.of(moments.min());
        if (share == 1) return OptionalDouble.of(moments.max());
        return OptionalDouble.of(Math.clamp(at.getAsDouble(), moments.min(), moments.max()));
    }

    /// Both columns as one.
    public ColumnProfile merge(ColumnProfile other) {
        return new ColumnProfile(
                count + other.count,
                missing + other.missing,
                nan + other.nan,
                infinite + other.infinite,
                moments.merge(other.moments),
                quantiles.merge(other.quantiles),
                numbers.merge(other.numbers).allOrNone(),
                texts.merge(other.texts));
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
        try {
            return Optional.of(
                    new ColumnProfile(
                            count, missing, nan, infinite, moments, quantiles, numbers, texts));
        } catch (IllegalArgumentException e) {
            fields.violation("its counts do not add up: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static <T> T part(Fields fields, String name, Function<Fields, T> read, T none) {
        return fields.optionalObject(name).map(read).orElse(none);
    }
}
