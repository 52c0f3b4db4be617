package dev.davy.bench;

import dev.davy.stats.alarm.CategoryColumn;
import dev.davy.stats.alarm.Column;
import dev.davy.stats.alarm.Evidence;
import dev.davy.stats.alarm.MeanColumn;
import dev.davy.stats.alarm.NumberColumn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// A column that values are drawn of, whose middle can be moved.
///
/// @param draw a value, where the middle has moved by so many deviations or, of a share, points; a
///   category is its number, NaN a missing value
record AlarmColumns(String name, boolean category, Draw draw) {
    interface Draw {
        double value(RandomGenerator random, double shift);
    }

    /// Its deviation, exp(2.25 / 2) sqrt(exp(2.25) - 1).
    private static final double OF_LOGNORMAL = 8.972;

    static final AlarmColumns NORMAL =
            new AlarmColumns("normal", false, (random, shift) -> random.nextGaussian() + shift);

    static final AlarmColumns LOGNORMAL =
            new AlarmColumns(
                    "lognormal(1.5)",
                    false,
                    (random, shift) ->
                            Math.exp(1.5 * random.nextGaussian()) + shift * OF_LOGNORMAL);

    static final AlarmColumns MISSING =
            new AlarmColumns(
                    "normal, 0.5 % missing",
                    false,
                    (random, shift) ->
                            random.nextDouble() < 0.005 + shift / 100
                                    ? Double.NaN
                                    : random.nextGaussian());

    static final AlarmColumns FIVE = categories("5 classes", List.of(0.2, 0.2, 0.2, 0.2, 0.2));

    static final AlarmColumns RARE =
            categories("5 classes, one of 1 %", List.of(0.01, 0.19, 0.25, 0.25, 0.3));

    /// A shift moves so many points from the last class to the first.
    private static AlarmColumns categories(String name, List<Double> shares) {
        return new AlarmColumns(
                name,
                true,
                (random, shift) -> {
                    double at = random.nextDouble() - shift / 100;
                    for (int i = 0; i < shares.size() - 1; i++) {
                        at -= shares.get(i);
                        if (at < 0) return i;
                    }
                    return shares.size() - 1;
                });
    }

    double[] draw(RandomGenerator random, int rows, double shift) {
        var values = new double[rows];
        for (int i = 0; i < rows; i++) values[i] = draw.value(random, shift);
        return values;
    }

    Column column(double[] reference) {
        return category ? CategoryColumn.of(counts(reference), 0) : NumberColumn.of(reference);
    }

    Evidence evidence(Column column, double[] values) {
        return switch (column) {
            case NumberColumn numbers -> numbers.evidence(values);
            case CategoryColumn categories -> categories.evidence(counts(values), 0);
            case MeanColumn means -> means.evidence(values.length, Arrays.stream(values).sum());
        };
    }

    static Map<String, Long> counts(double[] values) {
        var counts = new HashMap<String, Long>();
        var each = new long[5];
        for (double value : values) each[(int) value]++;
        for (int i = 0; i < each.length; i++)
            if (each[i] > 0) counts.put(Integer.toString(i), each[i]);
        return counts;
    }

    /// What the other tools see of it: they leave out missing values first.
    static double[] present(double[] values) {
        return Arrays.stream(values).filter(each -> !Double.isNaN(each)).toArray();
    }
}
