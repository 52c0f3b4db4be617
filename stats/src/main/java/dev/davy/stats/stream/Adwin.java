package dev.davy.stats.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A window that grows while its mean stays, and is cut where both halves differ: ADWIN2 (Bifet and
/// Gavaldà 2007, Learning from Time-Changing Data with Adaptive Windowing).
///
/// The window is kept as buckets of 1, 2, 4, … numbers, so it takes memory in the logarithm of its
/// length. Every cut between two buckets is tried, but the one behind the newest number.
public final class Adwin implements Detector {
    /// @param delta how likely a false cut may be at each look
    /// @param clock how many numbers lie between two looks; 0 for never
    /// @param bucketsMax how many buckets of one size are kept
    /// @param windowMin how many numbers either side of a cut must have
    /// @param grace how many numbers must have come before the first look
    public record Settings(double delta, int clock, int bucketsMax, int windowMin, int grace) {
        public static final Settings DEFAULT = new Settings(0.002, 32, 5, 5, 10);

        public Settings {
            if (!(delta > 0 && delta < 1)
                    || clock < 0
                    || bucketsMax < 1
                    || windowMin < 1
                    || grace < 0)
                throw new IllegalArgumentException(
                        "delta %s, clock %d, buckets %d, window %d, grace %d"
                                .formatted(delta, clock, bucketsMax, windowMin, grace));
        }
    }

    /// Numbers taken together.
    ///
    /// @param squares the sum of their squared distances from their mean
    private record Bucket(double total, double squares) {}

    private final Settings settings;
    // Row r has buckets of 2^r numbers, the oldest first.
    private List<List<Bucket>> rows = new ArrayList<>();
    private double width;
    private double total;
    private double squares;
    private long ticks;
    private boolean changed;

    public Adwin(Settings settings) {
        this.settings = settings;
        begin();
    }

    private void begin() {
        rows = new ArrayList<>();
        rows.add(new ArrayList<>());
        width = 0;
        total = 0;
        squares = 0;
        ticks = 0;
        changed = false;
    }

    /// How many numbers the window holds.
    public double width() {
        return width;
    }

    /// Their sum.
    public double total() {
        return total;
    }

    /// The sum of their squared distances from their mean.
    public double squares() {
        return squares;
    }

    public double mean() {
        return width == 0 ? 0 : total / width;
    }

    @Override
    public Signal add(double number) {
        if (changed) begin();
        insert(number);
        ticks++;
        if (settings.clock > 0 && ticks % settings.clock == 0 && width > settings.grace)
            while (cut()) changed = true;
        return changed ? Signal.CHANGE : Signal.QUIET;
    }

    private void insert(double number) {
        rows.getFirst().add(new Bucket(number, 0));
        if (width > 0) {
            double gap = number - total / width;
            squares += width * gap * gap / (width + 1);
        }
        width++;
        total += number;
        for (int row = 0; rows.get(row).size() > settings.bucketsMax; row++) {
            double size = size(row);
            var first = rows.get(row).removeFirst();
            var second = rows.get(row).removeFirst();
            double gap = first.total / size - second.total / size;
            if (row + 1 == rows.size()) rows.add(new ArrayList<>());
            rows.get(row + 1)
                    .add(
                            new Bucket(
                                    first.total + second.total,
                                    first.squares + second.squares + size * gap * gap / 2));
        }
    }

    private static double size(int row) {
        return Math.scalb(1.0, row);
    }

    /// Drops the oldest bucket where some cut of the window shows a difference.
    private boolean cut() {
        double oldCount = 0;
        double oldTotal = 0;
        for (int row = rows.size() - 1; row >= 0; row--)
            for (int i = 0; i < rows.get(row).size(); i++) {
                oldCount += size(row);
                oldTotal += rows.get(row).get(i).total;
                double newCount = width - oldCount;
                boolean last = row == 0 && i == rows.getFirst().size() - 1;
                if (last) return false;
                if (oldCount < settings.windowMin || newCount < settings.windowMin) continue;
                double gap = Math.abs(oldTotal / oldCount - (total - oldTotal) / newCount);
                if (gap > bound(oldCount, newCount)) {
                    drop();
                    return true;
                }
            }
        return false;
    }

    /// Their equation for ε_cut, by the window's variance.
    private double bound(double oldCount, double newCount) {
        double delta = Math.log(2 * Math.log(width) / settings.delta);
        double m =
                1 / (oldCount - settings.windowMin + 1) + 1 / (newCount - settings.windowMin + 1);
        return Math.sqrt(2 * m * (squares / width) * delta) + 2.0 / 3 * delta * m;
    }

    private void drop() {
        int row = rows.size() - 1;
        double size = size(row);
        var oldest = rows.get(row).removeFirst();
        width -= size;
        total -= oldest.total;
        double gap = oldest.total / size - total / width;
        squares -= oldest.squares + size * width * gap * gap / (size + width);
        if (rows.get(row).isEmpty() && row > 0) rows.removeLast();
    }

    @Override
    public Map<String, Object> definition() {
        return Map.of(
                "detector", "ADWIN",
                "delta", settings.delta,
                "clock", settings.clock,
                "buckets", settings.bucketsMax,
                "window-min", settings.windowMin,
                "grace", settings.grace);
    }
}
