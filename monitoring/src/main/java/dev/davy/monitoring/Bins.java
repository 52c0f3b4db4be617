package dev.davy.monitoring;

import java.util.Arrays;

/// How many numbers fell into each of a few ranges, by the ranges' index; ascending. Mutable, for
/// [Sketch] only.
final class Bins {
    int[] indexes = new int[8];
    long[] counts = new long[8];
    int size;

    void add(int index, long count) {
        int at = Arrays.binarySearch(indexes, 0, size, index);
        if (at >= 0) {
            counts[at] += count;
            return;
        }
        at = -at - 1;
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        System.arraycopy(indexes, at, indexes, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        indexes[at] = index;
        counts[at] = count;
        size++;
    }

    /// Every two neighbouring ranges become one.
    void halve() {
        int to = 0;
        for (int from = 0; from < size; from++) {
            int index = indexes[from] >> 1;
            if (to > 0 && indexes[to - 1] == index) counts[to - 1] += counts[from];
            else {
                indexes[to] = index;
                counts[to++] = counts[from];
            }
        }
        size = to;
    }

    long total() {
        long total = 0;
        for (int i = 0; i < size; i++) total += counts[i];
        return total;
    }

    Bins copy() {
        var copy = new Bins();
        copy.indexes = indexes.clone();
        copy.counts = counts.clone();
        copy.size = size;
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bins bins
                && size == bins.size
                && Arrays.equals(indexes, 0, size, bins.indexes, 0, size)
                && Arrays.equals(counts, 0, size, bins.counts, 0, size);
    }

    @Override
    public int hashCode() {
        int hash = size;
        for (int i = 0; i < size; i++)
            hash = 31 * (31 * hash + indexes[i]) + Long.hashCode(counts[i]);
        return hash;
    }
}
