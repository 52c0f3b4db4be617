package dev.davy.stats;

import dev.davy.strict.Fields;
import java.util.Arrays;
import java.util.Base64;

/// How many different values came, to about 2.3 %: HyperLogLog (Flajolet et al. 2007) with 2,048
/// registers, estimated as Ertl does (2017, New cardinality estimation algorithms for HyperLogLog
/// sketches), without a bias for few values.
///
/// A register holds the highest rank of a hash that fell to it, and nothing of the order or the
/// number of values: so merging is exact, associative and commutative to the bit.
public final class Distinct {
    private static final int BITS = 11;
    private static final int REGISTERS = 1 << BITS;
    private static final int RANK_MAX = 64 - BITS + 1;

    /// The standard deviation of the estimate, relative to it: 1.04 / sqrt(2,048).
    public static final double ERROR = 1.04 / Math.sqrt(REGISTERS);

    private final byte[] registers;

    /// Of no values.
    Distinct() {
        this(new byte[REGISTERS]);
    }

    private Distinct(byte[] registers) {
        this.registers = registers;
    }

    /// Of values that are all known.
    static Distinct of(Frequencies numbers, Frequencies texts) {
        var distinct = new Distinct();
        for (var number : numbers.values().keySet()) {
            boolean nameOnly = number.length() > 15 && ColumnCounter.isLarge(number);
            if (nameOnly) distinct.add(number);
            else distinct.add(Double.parseDouble(number));
        }
        for (var text : texts.values().keySet()) distinct.add(text);
        return distinct;
    }

    /// Before this is given to anybody only.
    void add(double number) {
        // -0.0 and 0.0 are one number.
        addHash(mixed(Double.doubleToRawLongBits(number + 0.0)));
    }

    void add(String text) {
        addHash(mixed(Frequencies.hash(text)));
    }

    private void addHash(long hash) {
        int register = (int) (hash >>> (64 - BITS));
        int rank = Long.numberOfLeadingZeros(hash << BITS | 1L << (BITS - 1)) + 1;
        if (rank > registers[register]) registers[register] = (byte) rank;
    }

    /// As SplitMix64 mixes. Stored profiles depend on it: it must never change.
    private static long mixed(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /// How many there were, about.
    public double estimate() {
        var counts = new int[RANK_MAX + 1];
        for (byte rank : registers) counts[rank]++;
        double z = REGISTERS * tau(1 - (double) counts[RANK_MAX] / REGISTERS);
        for (int k = RANK_MAX - 1; k >= 1; k--) z = 0.5 * (z + counts[k]);
        z += REGISTERS * sigma((double) counts[0] / REGISTERS);
        return REGISTERS * (REGISTERS / (2 * Math.log(2))) / z;
    }

    private static double sigma(double x) {
        if (x == 1) return Double.POSITIVE_INFINITY;
        double y = 1;
        double z = x;
        double square = x;
        double last;
        do {
            square *= square;
            last = z;
            z += square * y;
            y += y;
        } while (z != last);
        return z;
    }

    private static double tau(double x) {
        if (x == 0 || x == 1) return 0;
        double y = 1;
        double z = 1 - x;
        double root = x;
        double last;
        do {
            root = Math.sqrt(root);
            last = z;
            y *= 0.5;
            z -= (1 - root) * (1 - root) * y;
        } while (z != last);
        return z / 3;
    }

    Distinct copy() {
        return new Distinct(registers.clone());
    }

    /// Both sets of values as one.
    public Distinct merge(Distinct other) {
        var both = registers.clone();
        for (int i = 0; i < REGISTERS; i++) both[i] = (byte) Math.max(both[i], other.registers[i]);
        return new Distinct(both);
    }

    String text() {
        return Base64.getEncoder().encodeToString(registers);
    }

    static Distinct read(Fields fields, String name) {
        var text = fields.optionalText(name);
        if (text.isEmpty()) return new Distinct();
        try {
            var registers = Base64.getDecoder().decode(text.get());
            boolean good = registers.length == REGISTERS;
            for (byte rank : registers) good &= rank >= 0 && rank <= RANK_MAX;
            if (good) return new Distinct(registers);
        } catch (IllegalArgumentException notBase64) {
            // told below
        }
        fields.violation(name, "must be " + REGISTERS + " registers in base 64");
        return new Distinct();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Distinct distinct && Arrays.equals(distinct.registers, registers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(registers);
    }

    @Override
    public String toString() {
        return "about %.0f different values".formatted(estimate());
    }
}
