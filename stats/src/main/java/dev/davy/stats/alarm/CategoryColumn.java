package dev.davy.stats.alarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A column of categories: the share of each, and of those that the reference does not know.
///
/// Each share is tested by itself, exactly: chi-square at the levels needed here is off by a factor
/// of five to twenty where a category holds 1 to 4 %.
public final class CategoryColumn implements Column {
    /// Categories that are tested by themselves; the rarer ones of more are one together with the
    /// unknown.
    private static final int MOST = 50;

    /// What moves when rare or unknown categories do.
    public static final String OTHERS = "others";

    private final List<String> names;
    private final List<Baseline> baselines;
    private final Baseline missing;
    private final Side side;

    private CategoryColumn(
            List<String> names, List<Baseline> baselines, Baseline missing, Side side) {
        this.names = names;
        this.baselines = baselines;
        this.missing = missing;
        this.side = side;
    }

    /// @param counts how often each category came in the reference
    /// @param absent rows of it without a value
    public static CategoryColumn of(Map<String, Long> counts, long absent) {
        long present = 0;
        for (long count : counts.values()) present += count;
        if (present < 1)
            throw new IllegalArgumentException("a reference without values tells nothing");
        long rows = present + absent;
        var names =
                counts.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Long>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(MOST)
                        .map(Map.Entry::getKey)
                        .toList();
        var baselines = new ArrayList<Baseline>();
        long others = present;
        for (var name : names) {
            others -= counts.getOrDefault(name, 0L);
            baselines.add(share(counts.getOrDefault(name, 0L), present));
        }
        baselines.add(share(others, present));
        return new CategoryColumn(names, List.copyOf(baselines), share(absent, rows), Side.EITHER);
    }

    /// Of rows that are so or not so. It is one share and one test: how many are not so follows
    /// from it, and is not paid for a second time.
    ///
    /// @param some rows of the reference that are so
    /// @param all its rows, at least 1
    /// @param side on which it is harm
    public static CategoryColumn ofShare(String name, long some, long all, Side side) {
        if (all < 1 || some < 0 || some > all)
            throw new IllegalArgumentException("%d of %d rows are %s".formatted(some, all, name));
        return new CategoryColumn(List.of(name), List.of(share(some, all)), share(0, all), side);
    }

    private static Baseline share(long count, long of) {
        double share = (double) count / of;
        return new Baseline(share, share * (1 - share), of, Wobble.NONE);
    }

    /// What a window tells.
    ///
    /// @param counts how often each category came
    /// @param absent rows without a value
    public Evidence evidence(Map<String, Long> counts, long absent) {
        var sums = new double[names.size() + 1];
        long present = 0;
        for (long count : counts.values()) present += count;
        double others = present;
        for (int i = 0; i < names.size(); i++) {
            sums[i] = counts.getOrDefault(names.get(i), 0L);
            others -= sums[i];
        }
        sums[names.size()] = others;
        return new Evidence(present + absent, absent, sums);
    }

    /// The same of rows that are so or not so.
    public Evidence evidence(long some, long all) {
        return new Evidence(all, 0, new double[] {some});
    }

    @Override
    public List<Departure> tests(Pool pool) {
        var tests = new ArrayList<Departure>();
        tests.add(Departure.ofMissing(pool, missing));
        if (pool.present() == 0) return tests;
        for (int i = 0; i < baselines.size(); i++)
            tests.add(
                    Departure.ofCount(
                                    i < names.size() ? names.get(i) : OTHERS,
                                    (long) pool.evidence().sum(i),
                                    pool.present(),
                                    pool,
                                    baselines.get(i),
                                    (1 - OF_MISSING) / baselines.size(),
                                    LEAST_CHANGE)
                            .to(side));
        return tests;
    }

    @Override
    public CategoryColumn withHistory(List<Window> windows) {
        var learned = new ArrayList<Baseline>();
        for (int i = 0; i < baselines.size(); i++)
            learned.add(NumberColumn.learned(baselines.get(i), windows, i));
        return new CategoryColumn(
                names, List.copyOf(learned), NumberColumn.learned(missing, windows, -1), side);
    }

    @Override
    public long size() {
        return baselines.getFirst().size();
    }
}
