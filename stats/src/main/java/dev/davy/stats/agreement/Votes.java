package dev.davy.stats.agreement;

import java.util.Arrays;
import java.util.Map;

/// Consensus by counting: everybody's label has one vote, or as many as its labeler's skill.
public final class Votes {
    private Votes() {}

    /// Each label's share of the votes. Skill is the share of a labeler's labels that the majority
    /// gave too.
    public static Consensus majority(Annotations annotations) {
        var ones = new double[annotations.labelers().size()];
        Arrays.fill(ones, 1);
        return counted(annotations, ones);
    }

    /// Each label's share of the votes, a vote counting its labeler's skill.
    ///
    /// @param skills of every labeler, 0 or more
    public static Consensus weighted(Annotations annotations, Map<String, Double> skills) {
        var weights = new double[annotations.labelers().size()];
        for (int l = 0; l < weights.length; l++) {
            var skill = skills.get(annotations.labelers().get(l));
            if (skill == null || !(skill >= 0))
                throw new IllegalArgumentException(
                        "the skill of '" + annotations.labelers().get(l) + "' is " + skill);
            weights[l] = skill;
        }
        return counted(annotations, weights);
    }

    /// Worker agreement with aggregate (Wawa, Appen): the majority, then votes weighted by how
    /// often each labeler was with it.
    public static Consensus wawa(Annotations annotations) {
        return weighted(annotations, majority(annotations).skills());
    }

    private static Consensus counted(Annotations annotations, double[] weights) {
        var shares = new double[annotations.items().size()][annotations.labels().size()];
        for (int i = 0; i < annotations.size(); i++)
            shares[annotations.item(i)][annotations.label(i)] += weights[annotations.labeler(i)];
        for (int item = 0; item < shares.length; item++) {
            double sum = Arrays.stream(shares[item]).sum();
            // Only labelers without any skill have said something of it: they still say something.
            if (sum == 0) {
                for (int i : annotations.of(item)) shares[item][annotations.label(i)]++;
                sum = annotations.of(item).length;
            }
            for (int k = 0; k < shares[item].length; k++) shares[item][k] /= sum;
        }
        return Consensus.of(annotations, shares, agreement(annotations, shares));
    }

    /// Per labeler, what share of their labels is the most probable one.
    static double[] agreement(Annotations annotations, double[][] shares) {
        var with = new double[annotations.labelers().size()];
        var all = new double[with.length];
        for (int i = 0; i < annotations.size(); i++) {
            all[annotations.labeler(i)]++;
            if (best(shares[annotations.item(i)]) == annotations.label(i))
                with[annotations.labeler(i)]++;
        }
        for (int l = 0; l < with.length; l++) with[l] /= all[l];
        return with;
    }

    private static int best(double[] share) {
        int best = 0;
        for (int k = 1; k < share.length; k++) if (share[k] > share[best]) best = k;
        return best;
    }

    /// What share of all labels is the consensus of its item.
    public static double shareOfConsensus(Annotations annotations, Consensus consensus) {
        var chosen = consensus.chosen();
        double with = 0;
        for (int i = 0; i < annotations.size(); i++)
            if (annotations
                    .labels()
                    .get(annotations.label(i))
                    .equals(chosen.get(annotations.items().get(annotations.item(i))))) with++;
        return with / annotations.size();
    }

    /// How probable the consensus is, averaged over items, if each labeler is right as often as
    /// their skill says and otherwise says any other label alike (Crowd-Kit's consistency).
    public static double consistency(Annotations annotations, Consensus consensus) {
        int labels = annotations.labels().size();
        double sum = 0;
        for (int item = 0; item < annotations.items().size(); item++) {
            var product = new double[labels];
            Arrays.fill(product, 1);
            for (int i : annotations.of(item))
                for (int k = 0; k < labels; k++)
                    product[k] *= likelihood(annotations, consensus.skills(), i, k);
            double all = Arrays.stream(product).sum();
            var shares = consensus.shares().get(annotations.items().get(item));
            if (all > 0 && shares != null)
                sum += product[best(shares.stream().mapToDouble(s -> s).toArray())] / all;
        }
        return sum / annotations.items().size();
    }

    /// How undecided the labels of an item are, in nats, averaged over items: the entropy of the
    /// sum of what each labeler's skill says of each label (Crowd-Kit's uncertainty).
    public static double uncertainty(Annotations annotations, Map<String, Double> skills) {
        int labels = annotations.labels().size();
        double sum = 0;
        for (int item = 0; item < annotations.items().size(); item++) {
            var mass = new double[labels];
            for (int i : annotations.of(item))
                for (int k = 0; k < labels; k++) mass[k] += likelihood(annotations, skills, i, k);
            double all = Arrays.stream(mass).sum();
            for (double each : mass) if (each > 0) sum -= each / all * Math.log(each / all);
        }
        return sum / annotations.items().size();
    }

    private static double likelihood(
            Annotations annotations, Map<String, Double> skills, int i, int truth) {
        var labeler = annotations.labelers().get(annotations.labeler(i));
        var skill = skills.get(labeler);
        if (skill == null)
            throw new IllegalArgumentException("the skill of '" + labeler + "' is missing");
        if (annotations.label(i) == truth) return skill;
        return (1 - skill) / (annotations.labels().size() - 1);
    }
}
