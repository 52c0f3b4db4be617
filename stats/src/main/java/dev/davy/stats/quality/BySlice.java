package dev.davy.stats.quality;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/// The same evidence for each slice; an example may stand in several, or in none.
///
/// @param <E> a kind of evidence
/// @param slices by name
public record BySlice<E>(SortedMap<String, E> slices) {
    public BySlice {
        slices = Collections.unmodifiableSortedMap(new TreeMap<>(slices));
    }

    public static <E> BySlice<E> none() {
        return new BySlice<>(new TreeMap<>());
    }

    /// @param merge of the evidence of one slice
    public BySlice<E> merge(BySlice<E> that, BinaryOperator<E> merge) {
        var both = new TreeMap<>(slices);
        that.slices.forEach((name, evidence) -> both.merge(name, evidence, merge));
        return new BySlice<>(both);
    }
}
