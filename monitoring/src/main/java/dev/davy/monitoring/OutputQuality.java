package dev.davy.monitoring;

import dev.davy.stats.quality.Cell;
import dev.davy.stats.quality.ConfusionMatrix;
import dev.davy.stats.quality.ConfusionMatrix.Outcome;
import java.util.SortedMap;
import java.util.TreeMap;

/// How right one output was, of the predictions whose truth has come.
///
/// @param score of each: 1 right and 0 wrong for a class or a text; for several labels, boxes and
///   rankings how much of the truth was met, from 0 to 1; none for numbers
/// @param pairs of true and said class
/// @param absolute how far a number was off
/// @param signed by how much it was too large
/// @param unchanged the same of whoever says what was true just before; of numbers how far that is
///   off
record OutputQuality(
        Sums score, ConfusionMatrix pairs, Sums absolute, Sums signed, Sums unchanged) {

    /// Classes that are told apart in pairs; each longer list of classes is one of these and `…`.
    static final int PAIRS_MOST = 2_500;

    static final OutputQuality NONE =
            new OutputQuality(Sums.NONE, ConfusionMatrix.NONE, Sums.NONE, Sums.NONE, Sums.NONE);

    OutputQuality merge(OutputQuality that) {
        return new OutputQuality(
                score.merge(that.score),
                pairs(that.pairs),
                absolute.merge(that.absolute),
                signed.merge(that.signed),
                unchanged.merge(that.unchanged));
    }

    /// A pair that came first when there were too many is lost in `…`; the score knows of it still.
    private ConfusionMatrix pairs(ConfusionMatrix that) {
        var both = new TreeMap<>(pairs.cells());
        that.cells()
                .forEach((pair, cell) ->
                        both.merge(
                                both.containsKey(pair) || both.size() < PAIRS_MOST
                                        ? pair
                                        : new Outcome(Shares.OTHERS, Shares.OTHERS + "?"),
                                cell,
                                Cell::merge));
        return new ConfusionMatrix(both);
    }

    OutputQuality minus(OutputQuality less) {
        var rest = new TreeMap<>(pairs.cells());
        less.pairs
                .cells()
                .forEach((pair, cell) -> {
                    var had = rest.get(pair);
                    if (had == null) return;
                    if (had.count() <= cell.count()) rest.remove(pair);
                    else
                        rest.put(
                                pair,
                                new Cell(
                                        had.count() - cell.count(),
                                        Math.max(0, had.weight() - cell.weight()),
                                        Math.max(0, had.squares() - cell.squares())));
                });
        return new OutputQuality(
                score.minus(less.score),
                new ConfusionMatrix(rest),
                absolute.minus(less.absolute),
                signed.minus(less.signed),
                unchanged.minus(less.unchanged));
    }

    /// How many outcomes there are.
    long count() {
        return Math.max(score.count(), absolute.count());
    }

    void write(Bytes out) {
        score.write(out);
        SortedMap<Outcome, Cell> cells = pairs.cells();
        out.number(cells.size());
        cells.forEach((pair, cell) -> {
            out.text(pair.truth());
            out.text(pair.predicted());
            out.number(cell.count());
            out.real(cell.weight());
            out.real(cell.squares());
        });
        absolute.write(out);
        signed.write(out);
        unchanged.write(out);
    }

    static OutputQuality read(Bytes in) {
        var score = Sums.read(in);
        var cells = new TreeMap<Outcome, Cell>();
        for (long left = in.number(); left > 0; left--)
            cells.put(
                    new Outcome(in.text(), in.text()), new Cell(in.number(), in.real(), in.real()));
        return new OutputQuality(
                score, new ConfusionMatrix(cells), Sums.read(in), Sums.read(in), Sums.read(in));
    }
}
