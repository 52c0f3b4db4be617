package dev.davy.stats.check;

import dev.davy.stats.drift.Cells;
import dev.davy.stats.drift.Kernel;
import dev.davy.stats.drift.Zeros;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Two samples, in any of the forms that files of known answers have for them.
final class TwoSamples {
    // The reference's name, then the current sample's.
    private static final String[][] NAMES = {
        {"reference", "current"}, {"training", "serving"}, {"expected", "sample"}, {"a", "b"}
    };

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?([eE]-?\\d+)?");

    private TwoSamples() {}

    /// Whether both are lists of numbers.
    static boolean isNumbers(Inputs in) {
        if (in.has("reference_values")) return true;
        var names = names(in);
        return names != null
                && in.value(names[0]) instanceof List<?> list
                && list.stream().allMatch(each -> each == null || each instanceof Number);
    }

    static double[] reference(Inputs in) {
        return numbers(in, 0);
    }

    static double[] current(Inputs in) {
        return numbers(in, 1);
    }

    private static double[] numbers(Inputs in, int side) {
        var name = side == 0 ? "reference" : "current";
        if (in.has(name + "_counts")) {
            var values = in.numbers(in.has(name + "_values") ? name + "_values" : "categories");
            return repeated(values, in.numbers(name + "_counts"));
        }
        var names = names(in);
        if (names == null) throw new IllegalArgumentException(name + " is missing");
        return in.numbers(names[side]);
    }

    private static double[] repeated(double[] values, double[] counts) {
        if (values.length != counts.length)
            throw new IllegalArgumentException(
                    values.length + " values, " + counts.length + " counts");
        var all = new ArrayList<Double>();
        for (int i = 0; i < values.length; i++)
            for (int k = 0; k < counts[i]; k++) all.add(values[i]);
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String @org.jspecify.annotations.Nullable [] names(Inputs in) {
        for (var names : NAMES) if (in.has(names[0]) && in.has(names[1])) return names;
        return null;
    }

    /// How often each category came.
    static Cells cells(Inputs in) {
        for (var names :
                new String[][] {{"reference_counts", "current_counts"}, {"counts_a", "counts_b"}})
            if (in.has(names[0])) {
                var reference = in.numbers(names[0]);
                var current = in.numbers(names[1]);
                return Cells.of(
                        in.has("categories") ? in.texts("categories") : numbered(reference.length),
                        reference,
                        current);
            }
        var names = names(in);
        if (names == null) throw new IllegalArgumentException("there are no two samples");
        return Cells.of(amounts(in, names[0]), amounts(in, names[1]));
    }

    private static List<String> numbered(int count) {
        var names = new ArrayList<String>();
        for (int i = 0; i < count; i++) names.add(Integer.toString(i));
        return names;
    }

    private static Map<String, Double> amounts(Inputs in, String name) {
        if (in.value(name) instanceof Map<?, ?>) return in.amounts(name);
        var counted = new LinkedHashMap<String, Double>();
        for (var text : in.texts(name)) counted.merge(text, 1.0, Double::sum);
        return counted;
    }

    /// How often each number came.
    static Map<String, Double> counted(double[] values) {
        var counted = new LinkedHashMap<String, Double>();
        for (double value : values) counted.merge(Double.toString(value), 1.0, Double::sum);
        return counted;
    }

    static Zeros zeros(Inputs params) {
        var rule = params.text("zero_rule", "");
        if (rule.contains("floor")) return new Zeros.Floored(firstNumber(rule, 0));
        if (rule.contains("->")) return new Zeros.Replaced(firstNumber(rule, rule.indexOf("->")));
        return rule.startsWith("no") ? new Zeros.Kept() : Zeros.usual();
    }

    static double base(Inputs params) {
        return params.text("base", "e").equals("e") ? Math.E : params.number("base");
    }

    static double firstNumber(String text, int from) {
        var number = NUMBER.matcher(text);
        if (!number.find(from)) throw new IllegalArgumentException("no number in '" + text + "'");
        return Double.parseDouble(number.group());
    }

    static Object mmd(Inputs in) {
        var reference = rows(in, 0);
        var test = Kernel.mmd(reference, rows(in, 1), 0, 0);
        return Map.of("mmd2", test.value(), "sigma", test.definition().get("sigma"));
    }

    private static double[][] rows(Inputs in, int side) {
        var names = names(in);
        if (names == null) throw new IllegalArgumentException("there are no two samples");
        if (in.list(names[side]).getFirst() instanceof List<?>) return in.table(names[side]);
        return Arrays.stream(in.numbers(names[side]))
                .mapToObj(value -> new double[] {value})
                .toArray(double[][]::new);
    }
}
