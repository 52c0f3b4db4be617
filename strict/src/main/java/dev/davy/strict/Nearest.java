package dev.davy.strict;

import java.util.Collection;
import java.util.Optional;

/// The name a person probably meant: Levenshtein distance, at most a third of the name wrong.
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
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
