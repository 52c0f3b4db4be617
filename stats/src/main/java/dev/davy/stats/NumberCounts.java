package dev.davy.stats;

import java.util.Arrays;

/// How often each number came, while there are no more than a thousand different ones: what
/// [Frequencies] are made of in the end, without a text for every number on the way.
final class NumberCounts {
    private static final int SLOTS = 4_096;

    private double[] numbers = new double[64];
    private long[] times = new long[64];
    private int different;
    private long dropped;

    void add(double number) {
        if (dropped > 0) {
            dropped++;
            return;
        }
        double key = number + 0.0;
        int slot = slot(key);
        if (times[slot]++ > 0) return;
        numbers[slot] = key;
        different++;
        if (different > Frequencies.VALUES_MAX) {
            dropped = Arrays.stream(times).sum();
            numbers = new double[0];
            times = new long[0];
        } else if (2 * different > numbers.length && numbers.length < SLOTS) {
            grow();
        }
    }

    private int slot(double key) {
        long hash = Double.doubleToRawLongBits(key) * 0x9e3779b97f4a7c15L;
        int slot = (int) (hash >>> 40) & (numbers.length - 1);
        while (times[slot] > 0 && numbers[slot] != key) slot = (slot + 1) & (numbers.length - 1);
        return slot;
    }

    private void grow() {
        var oldNumbers = numbers;
        var oldTimes = times;
        numbers = new double[2 * oldNumbers.length];
        times = new long[numbers.length];
        for (int i = 0; i < oldTimes.length; i++)
            if (oldTimes[i] > 0) {
                int slot = slot(oldNumbers[i]);
                numbers[slot] = oldNumbers[i];
                times[slot] = oldTimes[i];
            }
    }

    /// Whether there were too many different ones.
    boolean dropped() {
        return dropped > 0;
    }

    /// So many more.
    void drop(long more) {
        dropped += more;
    }

    Frequencies frequencies() {
        var frequencies = new Frequencies();
        if (dropped > 0) {
            frequencies.drop(dropped);
            return frequencies;
        }
        for (int i = 0; i < times.length; i++)
            if (times[i] > 0) frequencies.add(ColumnCounter.name(numbers[i]), times[i]);
        return frequencies;
    }
}
