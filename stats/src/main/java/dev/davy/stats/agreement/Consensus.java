package dev.davy.stats.agreement;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The label that the annotations of each item come to, and how sure it is.
///
/// @param labels every label, in the order of the shares
/// @param shares per item, how probable each label is; they sum to 1
/// @param skills per labeler, how good they are, 0 to 1; what that means is the method's
public record Consensus(
        List<String> labels,
        SortedMap<String, List<Double>> shares,
        SortedMap<String, Double> skills) {

    static Consensus of(Annotations annotations, double[][] shares, double[] skills) {
        var byItem = new TreeMap<String, List<Double>>();
        for (int i = 0; i < shares.length; i++)
            byItem.put(annotations.items().get(i), Arrays.stream(shares[i]).boxed().toList());
        var byLabeler = new TreeMap<String, Double>();
        for (int l = 0; l < skills.length; l++)
            byLabeler.put(annotations.labelers().get(l), skills[l]);
        return new Consensus(annotations.labels(), byItem, byLabeler);
    }

    /// The most probable label of each item; of equal ones the first in the order of texts, so that
    /// the same annotations always come to the same.
    public SortedMap<String, String> chosen() {
        var chosen = new TreeMap<String, String>();
        shares.forEach((item, share) -> chosen.put(item, labels.get(best(share))));
        return chosen;
    }

    private static int best(List<Double> share) {
        int best = 0;
        for (int k = 1; k < share.size(); k++) if (share.get(k) > share.get(best)) best = k;
        return best;
    }

    /// How probable a label is for an item; 0 for what is not known.
    public double share(String item, String label) {
        var share = shares.getOrDefault(item, List.of());
        int at = labels.indexOf(label);
        return at < 0 || share.isEmpty() ? 0 : share.get(at);
    }

    /// How sure the chosen label of an item is.
    public double confidence(String item) {
        var share = shares.getOrDefault(item, List.of());
        return share.isEmpty() ? 0 : share.get(best(share));
    }

    /// What share of the items that a gold label is known of is right. Where several labels are as
    /// probable, each counts its part: a coin that nobody threw.
    public double accuracy(Map<String, String> gold) {
        double right = 0;
        int known = 0;
        for (var each : shares.entrySet()) {
            var truth = gold.get(each.getKey());
            if (truth == null) continue;
            known++;
            double most = each.getValue().get(best(each.getValue()));
            long tied = each.getValue().stream().filter(share -> share == most).count();
            if (share(each.getKey(), truth) == most) right += 1.0 / tied;
        }
        return right / known;
    }
}
