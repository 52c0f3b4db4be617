package dev.davy.strict;

import java.util.Collection;
import java.util.Optional;

/// The name a person probably meant: letters added, left out, changed or swapped (Damerau, 1964),
/// one in three at most.
public final class Nearest {
    private Nearest() {}

    /// The nearest of the names, if one is near enough to be meant.
    public static Optional<String> of(String given, Collection<String> names) {
        if (given.length() > 100) return Optional.empty();
        int best = Math.max(1, given.length() / 3) + 1;
        String found = null;
        for (var name : names) {
            int distance = distance(given, name);
            if (distance < best) {
                best = distance;
                found = name;
            }
        }
        return Optional.ofNullable(found);
    }

    /// `Did you mean 'port'?`, or nothing.
    public static String hint(String given, Collection<String> names) {
        return of(given, names).map(name -> "Did you mean '" + name + "'?").orElse("");
    }

    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 34) return Integer.MAX_VALUE;
        var before = new int[b.length() + 1];
        var last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) last[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            var row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(last[j - 1] + (same ? 0 : 1), Math.min(last[j], row[j - 1]) + 1);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
            }
            before = last;
            last = row;
        }
        return last[b.length()];
    }
}
