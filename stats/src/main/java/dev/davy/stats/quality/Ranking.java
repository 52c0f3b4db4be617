package dev.davy.stats.quality;

import java.util.Arrays;
import java.util.OptionalDouble;

/// How good one ranking is: of each entry, from the top, how relevant it was; 0 is not at all.
///
/// [Rankings] averages them over queries.
public final class Ranking {
    private Ranking() {}

    /// How a gain follows from a relevance.
    public enum Gain {
        /// The relevance itself (Järvelin and Kekäläinen 2002), as in scikit-learn.
        LINEAR,
        /// `2^relevance - 1` (Burges et al. 2005), which favours the very best.
        EXPONENTIAL
    }

    /// What share of the first k is relevant. A list shorter than k fills with what is not.
    public static double precision(double[] relevance, int k) {
        return found(relevance, k) / k;
    }

    /// What share of all that is relevant stands within the first k; empty where nothing is.
    ///
    /// @param relevant how many there are, ranked or not
    public static OptionalDouble recall(double[] relevance, int k, long relevant) {
        return relevant == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(found(relevance, k) / relevant);
    }

    private static double found(double[] relevance, int k) {
        if (k < 1) throw new IllegalArgumentException("k is " + k + "; it is at least 1");
        double found = 0;
        for (int i = 0; i < Math.min(k, relevance.length); i++) if (relevance[i] > 0) found++;
        return found;
    }

    /// One over the place of the first relevant entry; 0 where there is none.
    public static double reciprocalRank(double[] relevance) {
        for (int i = 0; i < relevance.length; i++) if (relevance[i] > 0) return 1.0 / (i + 1);
        return 0;
    }

    /// Discounted gain of the first k over that of the best order of all (Järvelin and Kekäläinen
    /// 2002, discount `1 / log2(place + 1)`); empty where nothing is relevant.
    ///
    /// @param all the relevance of everything that could have been ranked, in any order
    public static OptionalDouble ndcg(double[] relevance, double[] all, int k, Gain gain) {
        var best = all.clone();
        Arrays.sort(best);
        for (int i = 0, j = best.length - 1; i < j; i++, j--) {
            double swap = best[i];
            best[i] = best[j];
            best[j] = swap;
        }
        double ideal = discounted(best, k, gain);
        return ideal == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(discounted(relevance, k, gain) / ideal);
    }

    private static double discounted(double[] relevance, int k, Gain gain) {
        if (k < 1) throw new IllegalArgumentException("k is " + k + "; it is at least 1");
        double sum = 0;
        for (int i = 0; i < Math.min(k, relevance.length); i++) {
            double gained =
                    switch (gain) {
                        case LINEAR -> relevance[i];
                        case EXPONENTIAL -> Math.pow(2, relevance[i]) - 1;
                    };
            sum += gained * Math.log(2) / Math.log(i + 2);
        }
        return sum;
    }
}
