package dev.davy.data;

import dev.davy.schema.Block.Cells;
import dev.davy.stats.drift.Drawn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The values of one column: its numbers, how often each text came, and how many rows have neither.
/// Where there are more numbers than room, each has the same chance to be among those that are
/// kept; everything else is counted exactly.
public final class Sample {
    /// More different texts than these are put together as "(other)".
    public static final int TEXTS_MAX = 10_000;

    private static final long SEED = 42;
    private static final double NAMES_SHARE = 0.9;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private double[] numbers = new double[64];
    private int count;
    private int room;
    private int textRoom;
    private long seen;
    private long missing;
    private final Map<String, Long> texts = new HashMap<>();

    /// @param room for numbers
    /// @param textRoom for different texts
    Sample(int room, int textRoom) {
        this.room = room;
        this.textRoom = textRoom;
    }

    /// Finite ones only.
    public Drawn numbers() {
        return new Drawn(Arrays.copyOf(numbers, count), seen);
    }

    /// `true` and `false` among them.
    public Map<String, Long> texts() {
        return new TreeMap<>(texts);
    }

    public long missing() {
        return missing;
    }

    /// Whether nearly every text is another one, as with ids and free texts.
    public boolean names() {
        long once = texts.values().stream().filter(count -> count == 1).count();
        return seen == 0 && !texts.isEmpty() && once >= NAMES_SHARE * texts.size();
    }

    /// How many numbers it keeps now.
    int kept() {
        return count;
    }

    /// Keeps fewer from now on. The first so many of the kept ones are just those that would have
    /// been kept had there never been more room, for each has a place of its own that is drawn.
    void shrink(int smaller, int fewerTexts) {
        room = smaller;
        textRoom = fewerTexts;
        if (count > room) {
            count = room;
            numbers = Arrays.copyOf(numbers, count);
        }
    }

    void add(Cells cells, int row) {
        switch (cells) {
            case Cells.Doubles(var values, var missing) -> number(values[row], missing[row]);
            case Cells.Floats(var values, var missing) -> number(values[row], missing[row]);
            case Cells.Longs(var values, var missing) -> number((double) values[row], missing[row]);
            case Cells.Flags(var values, var missing) ->
                    text(missing[row] ? null : Boolean.toString(values[row]));
            case Cells.Texts(var values) -> {
                var utf8 = values[row];
                text(utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8));
            }
            case Cells.Values(var values) -> {
                if (values[row] instanceof Instant time)
                    number(time.getEpochSecond() + time.getNano() / 1e9, false);
                else number(0, true);
            }
        }
    }

    private void number(double value, boolean none) {
        if (none || !Double.isFinite(value)) {
            missing++;
            return;
        }
        seen++;
        if (count < room) {
            if (count == numbers.length)
                numbers = Arrays.copyOf(numbers, (int) Math.min(room, 2L * count));
            numbers[count++] = value;
            return;
        }
        long place = random.nextLong(seen);
        if (place < count) numbers[(int) place] = value;
    }

    private void text(@Nullable String text) {
        if (text == null) missing++;
        else
            texts.merge(
                    texts.size() < textRoom || texts.containsKey(text) ? text : "(other)",
                    1L,
                    Long::sum);
    }
}
