package dev.davy.stats.quality;

import java.util.random.RandomGenerator;

/// Examples of one kind, as far as a metric must know them: how many, and how much they weigh.
///
/// @param weight the sum of their weights
/// @param squares the sum of their squared weights
public record Cell(long count, double weight, double squares) {
    public static final Cell NONE = new Cell(0, 0, 0);

    public Cell {
        if (count < 0 || !(weight >= 0) || !(squares >= 0) || Double.isInfinite(squares))
            throw new IllegalArgumentException(
                    "%d examples of weight %s, squared %s".formatted(count, weight, squares));
    }

    /// Examples that all count alike.
    public static Cell of(long count) {
        return new Cell(count, count, count);
    }

    /// One more.
    public Cell plus(double weight) {
        return new Cell(count + 1, this.weight + checked(weight), squares + weight * weight);
    }

    /// A weight that an example may have: finite, 0 or more.
    static double checked(double weight) {
        if (weight >= 0 && weight < 1e150) return weight;
        throw new IllegalArgumentException("weight is " + weight + "; it is finite, 0 or more");
    }

    public Cell merge(Cell that) {
        return new Cell(count + that.count, weight + that.weight, squares + that.squares);
    }

    /// How many examples of one weight would say as much (Kish 1965).
    public double effective() {
        return squares == 0 ? 0 : weight * weight / squares;
    }

    /// The weight in another draw of the same size: Poisson with the mean and variance that a
    /// resample of the examples has; exactly that where all weights are alike.
    double redrawn(RandomGenerator random) {
        return squares == 0 ? 0 : squares / weight * Chance.poisson(effective(), random);
    }
}
