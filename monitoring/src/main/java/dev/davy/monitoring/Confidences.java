package dev.davy.monitoring;

import dev.davy.serving.Cases;
import dev.davy.serving.Prediction;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// How sure the answers were, by the class that was said, and how often that was right where truth
/// has come: what a calibration, and an estimate of quality without truth, are made of.
///
/// @param cells by class and a twentieth of confidence
public record Confidences(SortedMap<Key, Cell> cells) {
    /// Ranges of confidence, of equal width.
    public static final int BINS = 20;

    /// Classes that are told apart: of more those whose hashes are the least, whatever came in
    /// which order. All others are one.
    static final int CLASSES_MOST = 40;

    /// The class that stands for all above [#CLASSES_MOST].
    static final String OTHER = "…";

    public static final Confidences NONE = new Confidences(new TreeMap<>());

    /// @param bin from 0 to 19
    public record Key(String said, int bin) implements Comparable<Key> {
        @Override
        public int compareTo(Key that) {
            int by = said.compareTo(that.said);
            return by != 0 ? by : Integer.compare(bin, that.bin);
        }
    }

    /// @param weight of the answers
    /// @param confidence the weighted sum of theirs
    /// @param right the weight of those that were; 0 where no truth is counted
    public record Cell(double weight, double confidence, double right) {
        static final Cell NONE = new Cell(0, 0, 0);

        Cell plus(Cell more) {
            return new Cell(weight + more.weight, confidence + more.confidence, right + more.right);
        }

        Cell minus(Cell less) {
            return new Cell(
                    Math.max(0, weight - less.weight),
                    Math.max(0, confidence - less.confidence),
                    Math.max(0, right - less.right));
        }
    }

    public Confidences {
        cells = Collections.unmodifiableSortedMap(new TreeMap<>(cells));
    }

    /// The class of an answer that has a confidence: that of its first output which is one.
    static Optional<String> said(Prediction prediction) {
        if (Cases.confidence(prediction).isEmpty()) return Optional.empty();
        for (var output : Cases.answer(prediction).values())
            switch (output) {
                case String said -> {
                    return Optional.of(said);
                }
                case Boolean said -> {
                    return Optional.of(said.toString());
                }
                case Long said -> {
                    return Optional.of(said.toString());
                }
                case null, default -> {}
            }
        return Optional.empty();
    }

    static int bin(double confidence) {
        return Math.clamp((long) (confidence * BINS), 0, BINS - 1);
    }

    public boolean isEmpty() {
        return cells.isEmpty();
    }

    public double weight() {
        double weight = 0;
        for (var each : cells.values()) weight += each.weight;
        return weight;
    }

    /// Both as one.
    public Confidences merge(Confidences that) {
        if (that.cells.isEmpty()) return this;
        var both = new Builder();
        cells.forEach(both::add);
        that.cells.forEach(both::add);
        return both.build();
    }

    /// Without what was counted before.
    Confidences minus(Confidences less) {
        if (less.cells.isEmpty()) return this;
        var rest = new TreeMap<>(cells);
        less.cells.forEach((key, cell) -> {
            var of = rest.containsKey(key) ? key : new Key(OTHER, key.bin);
            rest.computeIfPresent(of, (_, had) -> had.minus(cell));
        });
        // Where some classes are not told apart, those that are stay so, with nothing in them.
        boolean all = rest.keySet().stream().noneMatch(each -> each.said.equals(OTHER));
        if (all) rest.values().removeIf(each -> each.weight <= 0);
        return new Confidences(rest);
    }

    void write(Bytes out) {
        out.number(cells.size());
        cells.forEach((key, cell) -> {
            out.text(key.said);
            out.number(key.bin);
            out.real(cell.weight);
            out.real(cell.confidence);
            out.real(cell.right);
        });
    }

    static Confidences read(Bytes in) {
        var cells = new TreeMap<Key, Cell>();
        for (long left = in.number(); left > 0; left--)
            cells.put(
                    new Key(in.text(), (int) in.number()),
                    new Cell(in.real(), in.real(), in.real()));
        return new Confidences(cells);
    }

    /// Some in the making.
    static final class Builder {
        private final TreeMap<Key, Cell> cells = new TreeMap<>();
        private final TreeSet<Ranked> classes = new TreeSet<>();

        private record Ranked(long rank, String said) implements Comparable<Ranked> {
            @Override
            public int compareTo(Ranked that) {
                int byRank = Long.compare(rank, that.rank);
                return byRank != 0 ? byRank : said.compareTo(that.said);
            }
        }

        void add(String said, double confidence, double weight) {
            add(said, confidence, weight, false);
        }

        void add(String said, double confidence, double weight, boolean right) {
            if (!(confidence >= 0 && confidence <= 1)) return;
            add(
                    new Key(Shares.said(said), bin(confidence)),
                    new Cell(weight, weight * confidence, right ? weight : 0));
        }

        private void add(Key key, Cell cell) {
            cells.merge(isApart(key.said) ? key : new Key(OTHER, key.bin), cell, Cell::plus);
        }

        private boolean isApart(String said) {
            if (said.equals(OTHER)) return false;
            var mine = new Ranked(Shares.hash(said), said);
            if (!classes.add(mine) || classes.size() <= CLASSES_MOST) return true;
            var gone = classes.pollLast();
            for (int bin = 0; bin < BINS; bin++) {
                var cell = cells.remove(new Key(gone.said, bin));
                if (cell != null) cells.merge(new Key(OTHER, bin), cell, Cell::plus);
            }
            return !gone.equals(mine);
        }

        Confidences build() {
            return new Confidences(cells);
        }
    }
}
