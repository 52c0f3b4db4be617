package dev.davy.stats;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// How often each value came: exactly, of at most [#VALUES_MAX] different ones.
///
/// When there are more, the counts of some of them are kept, still exact, and the rest goes into
/// one number, [#other]. Which are kept is decided by a hash of the value and by nothing else: the
/// 1,000 smallest. So a value that is kept here was never dropped anywhere, whatever was merged in
/// which order: merging is associative and commutative to the bit, and two profiles of the same
/// kind of data keep mostly the same values and can be compared. They are a fair sample of the
/// different values, not the most frequent ones.
public final class Frequencies {
    /// How many different values are counted one by one.
    public static final int VALUES_MAX = 1_000;

    /// A longer text is counted under its beginning and a hash of the whole.
    public static final int LENGTH_MAX = 200;

    private final TreeMap<Ranked, Long> kept = new TreeMap<>();
    private long other;

    /// A value in the order in which values are kept.
    private record Ranked(long rank, String value) implements Comparable<Ranked> {
        static Ranked of(String value) {
            return new Ranked(hash(value), value);
        }

        @Override
        public int compareTo(Ranked that) {
            int byRank = Long.compare(rank, that.rank);
            return byRank != 0 ? byRank : value.compareTo(that.value);
        }
    }

    /// Of no values.
    Frequencies() {}

    /// One more value. Before this is given to anybody only.
    void add(String value) {
        if (dropped()) other++;
        else add(Ranked.of(text(value)), 1);
    }

    /// As often as that.
    void add(String value, long times) {
        add(Ranked.of(text(value)), times);
    }

    /// So many that are not kept, and no other ones from now on.
    void drop(long times) {
        kept.clear();
        other += times;
    }

    private void add(Ranked value, long times) {
        if (dropped()) {
            other += times;
            return;
        }
        if (kept.size() == VALUES_MAX
                && !kept.containsKey(value)
                && value.compareTo(kept.lastKey()) > 0) {
            other += times;
            return;
        }
        kept.merge(value, times, Long::sum);
        if (kept.size() > VALUES_MAX) other += kept.pollLastEntry().getValue();
    }

    Frequencies copy() {
        return merge(new Frequencies());
    }

    /// These, or nothing but [#other] where some values are not kept; and so it stays, whatever is
    /// merged to it.
    Frequencies allOrNone() {
        if (complete()) return this;
        var none = new Frequencies();
        none.other = count();
        return none;
    }

    private boolean dropped() {
        return other > 0 && kept.isEmpty();
    }

    /// How often each value came, by value in the order of texts.
    public SortedMap<String, Long> values() {
        var values = new TreeMap<String, Long>();
        kept.forEach((ranked, times) -> values.put(ranked.value, times));
        return Collections.unmodifiableSortedMap(values);
    }

    /// How often any of the values came that were not kept; 0 where all were.
    public long other() {
        return other;
    }

    /// Whether every value is counted by itself.
    public boolean complete() {
        return other == 0;
    }

    /// How many values came, equal or not.
    public long count() {
        long count = other;
        for (long times : kept.values()) count += times;
        return count;
    }

    /// Both sets of values as one.
    public Frequencies merge(Frequencies that) {
        var both = new Frequencies();
        if (!dropped() && !that.dropped()) {
            kept.forEach(both::add);
            that.kept.forEach(both::add);
        }
        // What was dropped on the way here, and what was dropped before.
        both.other += count() + that.count() - both.count();
        return both;
    }

    ObjectNode json() {
        var values = Json.object();
        values().forEach(values::put);
        var json = Json.object();
        json.set("values", values);
        return json.put("other", other);
    }

    static Frequencies read(Fields fields) {
        var read = new Frequencies();
        var values = fields.map("values");
        long other = fields.integer("other", 0, Profile.ROWS_MAX);
        boolean full = values.isEmpty() || values.size() == VALUES_MAX;
        if (values.size() > VALUES_MAX || other > 0 && !full) {
            fields.violation(
                    "values", "must be at most " + VALUES_MAX + ", all or none with an other");
            return read;
        }
        for (var value : values.entrySet()) {
            var times = value.getValue();
            if (!times.isIntegralNumber()
                    || !times.canConvertToLong()
                    || times.longValue() < 1
                    || times.longValue() > Profile.ROWS_MAX)
                fields.violation("values", "must be counts, at least 1");
            else if (!text(value.getKey()).equals(value.getKey()))
                fields.violation("values", "must be at most " + LENGTH_MAX + " characters long");
            else read.add(Ranked.of(value.getKey()), times.longValue());
        }
        read.other = other;
        return read;
    }

    /// A value as it is counted: short, and such that JSON can hold it.
    static String text(String value) {
        var text = new StringBuilder(value.length() <= LENGTH_MAX ? value : shortened(value));
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean paired =
                    Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
            if (paired) i++;
            else if (Character.isISOControl(c) || Character.isSurrogate(c))
                text.setCharAt(i, '\uFFFD');
        }
        return text.toString();
    }

    private static String shortened(String value) {
        return value.substring(0, LENGTH_MAX - 20) + "…" + "%016x".formatted(hash(value));
    }

    /// FNV-1a over the characters, mixed as MurmurHash3 ends. Stored profiles depend on it: it must
    /// never change.
    static long hash(String value) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < value.length(); i++) hash = (hash ^ value.charAt(i)) * 0x100000001b3L;
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof Frequencies frequencies
                && frequencies.other == other
                && frequencies.kept.equals(kept);
    }

    @Override
    public int hashCode() {
        return 31 * kept.hashCode() + Long.hashCode(other);
    }

    @Override
    public String toString() {
        return json().toString();
    }
}
