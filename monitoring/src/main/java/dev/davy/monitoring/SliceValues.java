package dev.davy.monitoring;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/// Which values of a sliced column are told apart in a window: of more than [#MOST] those whose
/// hashes are the least; all others are one part.
///
/// Nothing else decides, so what is told apart in the end was never among the others, in whatever
/// order and in whichever commits it came: its counts are exact. For one thread, from commit to
/// commit.
final class SliceValues {
    static final int MOST = 32;

    private record Ranked(long rank, String part) implements Comparable<Ranked> {
        static Ranked of(String part) {
            return new Ranked(Shares.hash(part), part);
        }

        @Override
        public int compareTo(Ranked that) {
            int byRank = Long.compare(rank, that.rank);
            return byRank != 0 ? byRank : part.compareTo(that.part);
        }
    }

    private static final Comparator<Kept.Key> BY_START =
            Comparator.comparingLong(Kept.Key::start).thenComparingInt(Kept.Key::node);

    // By the window of the others.
    private final Map<Kept.Key, TreeSet<Ranked>> told = new HashMap<>();
    private final Map<Kept.Key, String> prefixes = new HashMap<>();

    /// Where a value counts.
    ///
    /// @param others the window of those that are not told apart
    /// @param displaced what is among the others from now on
    record Place(Kept.Key in, Kept.Key others, Optional<Kept.Key> displaced) {}

    /// @param own the minute of this value
    Place place(Kept.Key own, Slices.OneOfMany value) {
        var others = own.of(value.others());
        var mine = Ranked.of(own.part());
        var apart = told.computeIfAbsent(others, _ -> new TreeSet<>());
        prefixes.putIfAbsent(others, value.prefix());
        apart.add(mine);
        if (apart.size() <= MOST) return new Place(own, others, Optional.empty());
        var last = apart.pollLast();
        return last.equals(mine)
                ? new Place(others, others, Optional.empty())
                : new Place(own, others, Optional.of(own.of(last.part())));
    }

    /// Which windows, stored ones or those to be, are among the others now, each with the window of
    /// the others that it belongs to.
    <T> Map<Kept.Key, Kept.Key> displaced(Handle handle, Kept<T> stored) {
        if (told.isEmpty()) return Map.of();
        var all = new LinkedHashMap<Kept.Key, TreeSet<Ranked>>();
        var ofPrefix = new LinkedHashMap<Kept.Series, Map<String, Collection<Kept.Key>>>();
        told.forEach((minute, apart) -> {
            for (var span : Span.values()) {
                var others = minute.in(span);
                all.computeIfAbsent(others, _ -> new TreeSet<>()).addAll(apart);
                ofPrefix.computeIfAbsent(Kept.Series.of(others), _ -> new HashMap<>())
                        .computeIfAbsent(
                                prefixes.getOrDefault(minute, ""), _ -> new TreeSet<>(BY_START))
                        .add(others);
            }
        });
        ofPrefix.values()
                .forEach(byPrefix ->
                        byPrefix.forEach((prefix, others) -> {
                            var one = others.iterator().next();
                            for (var key : stored.withPrefix(handle, prefix, others)) {
                                var apart = all.get(key.of(one.part()));
                                if (apart != null && !key.part().equals(one.part()))
                                    apart.add(Ranked.of(key.part()));
                            }
                        }));
        var displaced = new LinkedHashMap<Kept.Key, Kept.Key>();
        all.forEach((others, apart) ->
                apart.stream()
                        .skip(MOST)
                        .forEach(each -> displaced.put(others.of(each.part()), others)));
        return displaced;
    }

    void clear() {
        told.clear();
        prefixes.clear();
    }
}
