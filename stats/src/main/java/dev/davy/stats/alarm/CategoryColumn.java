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

    private CategoryColumn(List<String> names, List<Baseline> baselines, Baseline missing) {
        this.names = names;
        this.baselines = baselines;
        this.missing = missing;
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
        return new CategoryColumn(names, List.copyOf(baselines), share(absent, rows));
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
                            LEAST_CHANGE));
        return tests;
    }

    @Override
    public CategoryColumn withHistory(List<Window> windows) {
        var learned = new ArrayList<Baseline>();
        for (int i = 0; i < baselines.size(); i++)
            learned.add(NumberColumn.learned(baselines.get(i), windows, i));
        return new CategoryColumn(
                names, List.copyOf(learned), NumberColumn.learned(missing, windows, -1));
    }

    @Override
    public long size() {
        return baselines.getFirst().size();
    }
}
