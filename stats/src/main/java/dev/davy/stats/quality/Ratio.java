package dev.davy.stats.quality;

import dev.davy.stats.Interval;
import java.util.Optional;

/// One sum over another, over examples that bring some of each: errors over words.
///
/// The interval is that of a ratio of totals (Cochran 1977, section 6): by how far each example is
/// from bringing the same ratio, so an example of many words counts as one draw, not as many.
///
/// @param above the weighted sum of the numerator
/// @param below the weighted sum of the denominator
/// @param aa the sum of squared weighted numerators; `ab` of products; `bb` of denominators
public record Ratio(
        long count,
        double weight,
        double squares,
        double above,
        double below,
        double aa,
        double ab,
        double bb) {

    public static final Ratio NONE = new Ratio(0, 0, 0, 0, 0, 0, 0, 0);

    public Ratio plus(double numerator, double denominator, double by) {
        double a = numerator * Cell.checked(by);
        double b = denominator * by;
        if (!Double.isFinite(a) || !Double.isFinite(b))
            throw new IllegalArgumentException(numerator + " over " + denominator);
        return merge(new Ratio(1, by, by * by, a, b, a * a, a * b, b * b));
    }

    public Ratio merge(Ratio that) {
        return new Ratio(
                count + that.count,
                weight + that.weight,
                squares + that.squares,
                above + that.above,
                below + that.below,
                aa + that.aa,
                ab + that.ab,
                bb + that.bb);
    }

    public Figure figure(String name, double confidence, String definition) {
        if (below == 0) return Figure.undefined(name, count, definition);
        double ratio = above / below;
        double n = squares == 0 ? 0 : weight * weight / squares;
        if (n < 2) return Figure.of(name, ratio, Optional.empty(), count, definition);
        double spread = Math.max(0, aa - 2 * ratio * ab + ratio * ratio * bb);
        double half =
                Proportion.deviations(confidence)
                        * Math.sqrt(spread * n / (n - 1))
                        / Math.abs(below);
        // What is counted is not below 0, and neither is its ratio.
        double low = above >= 0 && below > 0 ? Math.max(0, ratio - half) : ratio - half;
        return Figure.of(
                name,
                ratio,
                new Interval(low, ratio + half, confidence, "ratio of totals"),
                count,
                definition);
    }
}
