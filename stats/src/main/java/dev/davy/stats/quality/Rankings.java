package dev.davy.stats.quality;

import java.util.List;

/// The quality of many rankings: each query counts once, by its weight. Queries of which nothing
/// was relevant are left out of recall and NDCG, and count 0 in precision and reciprocal rank.
public record Rankings(
        int k, WeightedMean precision, WeightedMean recall, WeightedMean ndcg, WeightedMean rank) {

    public Rankings {
        if (k < 1) throw new IllegalArgumentException("k is " + k + "; it is at least 1");
    }

    /// Of no query.
    public static Rankings none(int k) {
        return new Rankings(
                k, WeightedMean.NONE, WeightedMean.NONE, WeightedMean.NONE, WeightedMean.NONE);
    }

    /// One more query.
    ///
    /// @param relevance of what was ranked, from the top
    /// @param all of everything that could have been ranked
    public Rankings plus(double[] relevance, double[] all, double weight) {
        long relevant = 0;
        for (double each : all) if (each > 0) relevant++;
        var found = Ranking.recall(relevance, k, relevant);
        var gain = Ranking.ndcg(relevance, all, k, Ranking.Gain.LINEAR);
        return new Rankings(
                k,
                precision.plus(Ranking.precision(relevance, k), weight),
                found.isPresent() ? recall.plus(found.getAsDouble(), weight) : recall,
                gain.isPresent() ? ndcg.plus(gain.getAsDouble(), weight) : ndcg,
                rank.plus(Ranking.reciprocalRank(relevance), weight));
    }

    public Rankings merge(Rankings that) {
        if (k != that.k) throw new IllegalArgumentException("k is " + k + " and " + that.k);
        return new Rankings(
                k,
                precision.merge(that.precision),
                recall.merge(that.recall),
                ndcg.merge(that.ndcg),
                rank.merge(that.rank));
    }

    public List<Figure> figures(double confidence) {
        return List.of(
                precision.figureFromZero(
                        "precision_at_" + k, confidence, "mean share of the first " + k),
                recall.figureFromZero(
                        "recall_at_" + k, confidence, "mean share of what is relevant"),
                ndcg.figureFromZero(
                        "ndcg_at_" + k, confidence, "mean discounted gain over the best; linear"),
                rank.figureFromZero("mrr", confidence, "mean 1 / place of the first relevant"));
    }
}
