package dev.davy.stats;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The texts that came most often: Misra and Gries' counters (1982), merged as Agarwal et al. do
/// (2012, Mergeable summaries).
///
/// A text that came more often than one in [#KEPT] is surely among them, and each count is too low
/// by [#error] at most, which is no more than that share of all. Merging commutes to the bit and
/// associates within that bound.
public final class Frequent {
    /// How many texts are kept.
    public static final int KEPT = 128;

    /// A text and how often it came, at least.
    public record Item(String text, long atLeast) {}

    private final Map<String, Long> counts = new HashMap<>();
    private long error;

    Frequent() {}

    void add(String text, long times) {
        counts.merge(text, times, Long::sum);
        if (counts.size() > 2 * KEPT) trim();
    }

    /// A text that was not there; however many of them, none is taken out before [#copy].
    void put(String text, long times) {
        counts.put(text, times);
    }

    /// Takes from all what the first one that goes had.
    private void trim() {
        if (counts.size() <= KEPT) return;
        var sorted = new ArrayList<>(counts.values());
        sorted.sort(Comparator.reverseOrder());
        long least = sorted.get(KEPT);
        error += least;
        counts.replaceAll((_, times) -> times - least);
        counts.values().removeIf(times -> times <= 0);
    }

    /// Those that came most often first; equal ones in the order of texts.
    public List<Item> items() {
        var items = new ArrayList<Item>();
        copy().counts.forEach((text, times) -> items.add(new Item(text, times)));
        items.sort(Comparator.comparingLong(Item::atLeast).reversed().thenComparing(Item::text));
        return Collections.unmodifiableList(items);
    }

    /// By how much a count may be too low.
    public long error() {
        return copy().error;
    }

    Frequent copy() {
        var copy = new Frequent();
        copy.counts.putAll(counts);
        copy.error = error;
        copy.trim();
        return copy;
    }

    Frequent merge(Frequent other) {
        var both = copy();
        for (var item : other.items()) both.counts.merge(item.text(), item.atLeast(), Long::sum);
        both.error += other.error();
        both.trim();
        return both;
    }

    ObjectNode json() {
        var values = Json.object();
        for (var item : items()) values.put(item.text(), item.atLeast());
        var json = Json.object();
        json.set("values", values);
        return json.put("error", error());
    }

    static Frequent read(Fields fields) {
        var read = new Frequent();
        var values = fields.map("values");
        read.error = fields.integer("error", 0, Profile.ROWS_MAX);
        if (values.size() > KEPT) fields.violation("values", "must be at most " + KEPT);
        else
            values.forEach((text, times) -> {
                if (times.isIntegralNumber() && times.canConvertToLong() && times.longValue() > 0)
                    read.counts.put(text, times.longValue());
                else fields.violation("values", "must be counts, at least 1");
            });
        return read;
    }

    boolean none() {
        return counts.isEmpty() && error == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frequent frequent
                && frequent.items().equals(items())
                && frequent.error() == error();
    }

    @Override
    public int hashCode() {
        return items().hashCode();
    }

    @Override
    public String toString() {
        return json().toString();
    }
}
