package dev.davy.monitoring;

import dev.davy.strict.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// How often each of a few texts came: exactly, as long as the texts together are short enough; the
/// rest is one number, [#other].
///
/// Which texts are kept is decided by a hash of the text and by the room that those before it take,
/// by nothing else. What is kept was never dropped anywhere, so the counts are exact, and merging
/// is associative and commutative to the bit, whatever was merged in which order. A column of few
/// classes is kept whole; of one with thousands a fair sample is, not the most frequent.
public final class Shares {
    /// A longer text is counted under its beginning and a hash of the whole.
    static final int LENGTH_MAX = 24;

    /// All texts that are not counted one by one.
    static final String OTHERS = "…";

    /// What a text costs beside its characters when it is stored.
    private static final int COST = 4;

    private final int room;
    private final TreeMap<Ranked, Long> kept = new TreeMap<>();
    private long used;
    private long other;
    // From this rank on nothing is kept; MAX_VALUE while everything is.
    private long limit = Long.MAX_VALUE;

    private record Ranked(long rank, String text) implements Comparable<Ranked> {
        @Override
        public int compareTo(Ranked that) {
            int byRank = Long.compare(rank, that.rank);
            return byRank != 0 ? byRank : text.compareTo(that.text);
        }

        int cost() {
            return COST + text.length();
        }
    }

    /// Of no texts.
    ///
    /// @param room for so many characters, each text counting four more
    Shares(int room) {
        this.room = room;
    }

    /// One more text. Before this is given to anybody only.
    void add(String text) {
        add(text, 1);
    }

    void add(String text, long times) {
        var said = said(text);
        add(new Ranked(hash(said), said), times);
    }

    private void add(Ranked text, long times) {
        if (text.rank >= limit) {
            other += times;
            return;
        }
        if (kept.merge(text, times, Long::sum) == times) used += text.cost();
        while (used > room) cut(kept.lastKey().rank);
    }

    /// Drops all from this rank on.
    private void cut(long rank) {
        if (rank >= limit) return;
        limit = rank;
        while (!kept.isEmpty() && kept.lastKey().rank >= limit) {
            var last = kept.pollLastEntry();
            used -= last.getKey().cost();
            other += last.getValue();
        }
    }

    Shares copy() {
        return merge(new Shares(room));
    }

    /// Both as one.
    public Shares merge(Shares that) {
        var both = new Shares(room);
        both.limit = Math.min(limit, that.limit);
        both.other = other + that.other;
        kept.forEach(both::add);
        that.kept.forEach(both::add);
        return both;
    }

    /// How often each text came, by text.
    public SortedMap<String, Long> values() {
        var values = new TreeMap<String, Long>();
        kept.forEach((text, times) -> values.put(text.text, times));
        return Collections.unmodifiableSortedMap(values);
    }

    /// The rank from which on texts are not kept one by one.
    long limit() {
        return limit;
    }

    /// How often each text came of those below a rank, and all others together under [#OTHERS]: two
    /// columns that are cut at the same rank can be compared.
    SortedMap<String, Long> below(long rank) {
        var counts = new TreeMap<String, Long>();
        long others = other;
        for (var each : kept.entrySet())
            if (each.getKey().rank < rank) counts.put(each.getKey().text, each.getValue());
            else others += each.getValue();
        if (others > 0) counts.merge(OTHERS, others, Long::sum);
        return counts;
    }

    /// How often this text came; 0 where it is among the others.
    public long of(String text) {
        return values().getOrDefault(said(text), 0L);
    }

    /// How often any of the texts came that are not kept; 0 where all are.
    public long other() {
        return other;
    }

    /// How many texts came, equal or not.
    public long count() {
        long count = other;
        for (long times : kept.values()) count += times;
        return count;
    }

    void write(Bytes out) {
        out.number(kept.size());
        kept.forEach((text, times) -> {
            out.text(text.text);
            out.number(times);
        });
        out.number(other);
        if (other > 0) out.signed(limit);
    }

    static Shares read(Bytes in, int room) {
        var shares = new Shares(room);
        for (long left = in.number(); left > 0; left--) {
            var text = in.text();
            shares.add(new Ranked(hash(text), text), in.number());
        }
        shares.other = in.number();
        if (shares.other > 0) shares.limit = in.signed();
        return shares;
    }

    static String said(String text) {
        if (text.length() <= LENGTH_MAX) return text;
        int end = LENGTH_MAX - 9;
        if (Character.isHighSurrogate(text.charAt(end - 1))) end--;
        return text.substring(0, end)
                + "…"
                + Hashes.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    }

    /// FNV-1a over the characters, mixed as MurmurHash3 ends; never negative at its lowest, so that
    /// the limit can lie above all. Stored windows depend on it: it must never change.
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (hash ^ hash >>> 33) >>> 1;
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof Shares shares
                && shares.other == other
                && shares.limit == limit
                && shares.kept.equals(kept);
    }

    @Override
    public int hashCode() {
        return 31 * kept.hashCode() + Long.hashCode(other);
    }

    @Override
    public String toString() {
        return values() + (other == 0 ? "" : " and " + other + " others");
    }
}
