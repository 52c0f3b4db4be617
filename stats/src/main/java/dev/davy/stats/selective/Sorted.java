package dev.davy.stats.selective;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/// Cases from the surest down, and how many of the surest are what a risk counts.
final class Sorted {
    private final double[] confidences;
    private final int[] counted;

    private Sorted(double[] confidences, int[] counted) {
        this.confidences = confidences;
        this.counted = counted;
    }

    static Sorted of(Collection<Checked> cases, Risk risk) {
        var all = cases.toArray(Checked[]::new);
        Arrays.sort(all, Comparator.comparingDouble(Checked::confidence).reversed());
        var confidences = new double[all.length];
        var counted = new int[all.length + 1];
        for (int i = 0; i < all.length; i++) {
            confidences[i] = all[i].confidence();
            counted[i + 1] = counted[i] + (counts(risk, all[i]) ? 1 : 0);
        }
        return new Sorted(confidences, counted);
    }

    private static boolean counts(Risk risk, Checked one) {
        return switch (risk) {
            case Risk.Wrong _ -> one.wrong();
            case Risk.Missed(var of, _) -> one.wrong() && one.reference().equals(of);
        };
    }

    int size() {
        return confidences.length;
    }

    /// How many of the surest are what the risk counts.
    int counted(int surest) {
        return counted[surest];
    }

    /// How many are surer than the case that comes after so many; all where none comes after. With
    /// equal confidences these are fewer: a threshold can't part them.
    int above(int rank) {
        if (rank >= size()) return size();
        double next = confidences[rank];
        int above = rank;
        while (above > 0 && confidences[above - 1] == next) above--;
        return above;
    }

    /// How many are as sure as the surest.
    int surest() {
        int surest = 0;
        while (surest < size() && confidences[surest] == confidences[0]) surest++;
        return surest;
    }

    /// The threshold that exactly these reach, a number that [#above] has answered.
    ///
    /// It lies just above the surest case that does not count, and not at the last that does: only
    /// so are those above it drawn like all that will be above it.
    double threshold(int above) {
        return above == size() ? 0 : Math.nextUp(confidences[above]);
    }

    /// After how many cases the n-th comes that is counted; one more than there are where there are
    /// fewer.
    int rankOf(int nth) {
        if (counted[size()] < nth) return size() + 1;
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (counted[middle] < nth) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
