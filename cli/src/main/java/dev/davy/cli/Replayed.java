package dev.davy.cli;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What became of a replay so far; written by one thread, read when it is over.
final class Replayed {
    long rows;
    long answered;
    long truths;

    /// Truth that no row of this replay is about.
    long orphans;

    /// Truth of rows that got no answer.
    long lost;

    long nanos;
    @Nullable Instant first;
    @Nullable Instant last;
    boolean stopped;

    /// How often each code kept a row from its answer, and an example of why.
    final SortedMap<String, Times> refused = new TreeMap<>();

    final SortedMap<String, Times> truthRefused = new TreeMap<>();

    /// @param example of the first time
    record Times(long times, String example) {}

    static void count(SortedMap<String, Times> of, String code, String example) {
        of.merge(
                code,
                new Times(1, example),
                (before, _) -> new Times(before.times + 1, before.example));
    }

    static long sum(SortedMap<String, Times> of) {
        long sum = 0;
        for (var each : of.values()) sum += each.times;
        return sum;
    }
}
