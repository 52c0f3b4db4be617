package dev.davy.data;

import dev.davy.strict.Limits;
import java.util.Set;

/// How a file is to be read.
///
/// @param missing texts that stand for a missing value in CSV, beside the empty cell; none by
///   default, for "NA" is a country's code to some, and "None" a category
public record Reading(Set<String> missing, Limits limits) {
    public static final Reading DEFAULT = new Reading(Set.of(), Limits.DEFAULT);

    public Reading {
        missing = Set.copyOf(missing);
    }
}
