package dev.davy.stats.agreement;

import java.util.Arrays;

/// Consensus and labelers' errors learned together (Dawid and Skene 1979): every labeler has a
/// table of what they say when something else is true, every item a probability of each label, and
/// each is estimated from the other in turn, beginning with the shares of votes.
public final class DawidSkene {
    /// What is tried in which way.
    ///
    /// @param iterations at most
    /// @param tolerance it ends when the measure rises by less than this, per annotation
    /// @param smoothing so many annotations of each label for each truth are added to each
    ///   labeler's table: 0 is maximum likelihood, 1 keeps labelers of few items from extremes
    /// @param oneCoin each labeler has one skill, and errs to any other label alike: right for few
    ///   annotations per labeler
    /// @param stop which measure
    public record Options(
            int iterations, double tolerance, double smoothing, boolean oneCoin, Stop stop) {
        public static final Options USUAL = new Options(1_000, 1e-9, 0, false, Stop.LIKELIHOOD);

        public Options {
            if (iterations < 0 || !(smoothing >= 0))
                throw new IllegalArgumentException(
                        iterations + " iterations, smoothing " + smoothing);
        }

        public Options smoothed(double by) {
            return new Options(iterations, tolerance, by, oneCoin, stop);
        }

        public Options withOneCoin() {
            return new Options(iterations, tolerance, smoothing, true, stop);
        }
    }

    /// When it is done.
    public enum Stop {
        /// The log-likelihood no longer rises.
        LIKELIHOOD,
        /// As Crowd-Kit 1.4: its bound counts the prior once per annotation, not once per item, and
        /// probabilities of the last round are floored. To compare numbers with it.
        CROWD_KIT
    }

    // Nothing is impossible because it was never seen.
    private static final double LEAST = 1e-10;

    private final Annotations annotations;
    private final Options options;
    private final int labels;
    private double[][] shares;
    private double[] priors;
    // [labeler][said][truth]
    private double[][][] errors;
    private double[] skills = new double[0];
    private int iterations;

    private DawidSkene(Annotations annotations, Options options) {
        this.annotations = annotations;
        this.options = options;
        this.labels = annotations.labels().size();
        this.shares = annotations.counts();
        for (var share : shares) scaled(share);
        this.priors = priors();
        this.errors = errors();
    }

    public static DawidSkene fit(Annotations annotations, Options options) {
        if (annotations.size() == 0) throw new IllegalArgumentException("there are no annotations");
        if (options.oneCoin && annotations.labels().size() < 2)
            throw new IllegalArgumentException("one label only; nobody could have said another");
        var fit = new DawidSkene(annotations, options);
        fit.run();
        return fit;
    }

    private void run() {
        double before = Double.NEGATIVE_INFINITY;
        while (iterations < options.iterations) {
            iterations++;
            shares = expected();
            priors = priors();
            errors = errors();
            double now = measure() / annotations.size();
            if (now - before < options.tolerance) break;
            before = now;
        }
    }

    private static void scaled(double[] share) {
        double sum = Arrays.stream(share).sum();
        for (int k = 0; k < share.length; k++) share[k] /= sum;
    }

    private double[] priors() {
        var means = new double[labels];
        for (var share : shares)
            for (int k = 0; k < labels; k++) means[k] += share[k] / shares.length;
        return means;
    }

    private double[][][] errors() {
        var tables = new double[annotations.labelers().size()][labels][labels];
        var used = new boolean[tables.length][labels];
        for (int i = 0; i < annotations.size(); i++) {
            var share = shares[annotations.item(i)];
            int labeler = annotations.labeler(i);
            used[labeler][annotations.label(i)] = true;
            for (int t = 0; t < labels; t++) tables[labeler][annotations.label(i)][t] += share[t];
        }
        if (options.oneCoin) return coins(tables);
        for (int l = 0; l < tables.length; l++)
            for (int t = 0; t < labels; t++) {
                double sum = 0;
                for (int said = 0; said < labels; said++) {
                    double mass = tables[l][said][t] + options.smoothing;
                    // What a labeler never said they are not expected to say: as published.
                    mass = used[l][said] || options.smoothing > 0 ? Math.max(mass, LEAST) : 0;
                    tables[l][said][t] = mass;
                    sum += mass;
                }
                for (int said = 0; said < labels; said++) tables[l][said][t] /= sum;
            }
        return tables;
    }

    private double[][][] coins(double[][][] masses) {
        skills = new double[masses.length];
        for (int l = 0; l < masses.length; l++) {
            double right = options.smoothing;
            double all = options.smoothing * labels;
            for (int said = 0; said < labels; said++) {
                right += masses[l][said][said];
                for (int t = 0; t < labels; t++) all += masses[l][said][t];
            }
            skills[l] = right / all;
            double wrong = (1 - skills[l]) / (labels - 1);
            for (int said = 0; said < labels; said++)
                for (int t = 0; t < labels; t++)
                    masses[l][said][t] =
                            Math.clamp(said == t ? skills[l] : wrong, LEAST, 1 - LEAST);
        }
        return masses;
    }

    private double[][] expected() {
        var logs = logs();
        for (var share : logs) {
            double most = Arrays.stream(share).max().orElse(0);
            for (int k = 0; k < labels; k++) share[k] = Math.exp(share[k] - most);
            scaled(share);
        }
        return logs;
    }

    // Per item and truth: ln of the prior times the chance of everything that was said.
    private double[][] logs() {
        var logErrors = new double[errors.length][labels][labels];
        for (int l = 0; l < errors.length; l++)
            for (int said = 0; said < labels; said++)
                for (int t = 0; t < labels; t++)
                    logErrors[l][said][t] = Math.log(errors[l][said][t]);
        var logs = new double[shares.length][labels];
        for (var item : logs)
            for (int t = 0; t < labels; t++) item[t] = Math.log(Math.max(priors[t], LEAST));
        for (int i = 0; i < annotations.size(); i++)
            for (int t = 0; t < labels; t++)
                logs[annotations.item(i)][t] +=
                        logErrors[annotations.labeler(i)][annotations.label(i)][t];
        return logs;
    }

    private double measure() {
        return switch (options.stop) {
            case LIKELIHOOD -> logLikelihood();
            case CROWD_KIT -> crowdKitBound();
        };
    }

    private double crowdKitBound() {
        double bound = 0;
        for (int i = 0; i < annotations.size(); i++) {
            var share = shares[annotations.item(i)];
            var table = errors[annotations.labeler(i)][annotations.label(i)];
            for (int t = 0; t < labels; t++)
                bound += share[t] * (Math.log(table[t]) + Math.log(Math.max(priors[t], LEAST)));
        }
        for (var share : shares)
            for (int t = 0; t < labels; t++) {
                share[t] = Math.max(share[t], LEAST);
                bound -= share[t] * Math.log(share[t]);
            }
        return bound;
    }

    /// The natural logarithm of the chance of all annotations, given priors and errors as they are.
    public double logLikelihood() {
        double sum = 0;
        for (var item : logs()) {
            double most = Arrays.stream(item).max().orElse(0);
            double rest = 0;
            for (double each : item) rest += Math.exp(each - most);
            sum += most + Math.log(rest);
        }
        return sum;
    }

    /// How many rounds it took.
    public int iterations() {
        return iterations;
    }

    /// How common each label is, in the order of the annotations' labels.
    public double[] prevalence() {
        return priors.clone();
    }

    /// The chance that a labeler says one label when another is true.
    public double error(String labeler, String said, String truth) {
        int l = annotations.labelers().indexOf(labeler);
        int s = annotations.labels().indexOf(said);
        int t = annotations.labels().indexOf(truth);
        if (l < 0 || s < 0 || t < 0)
            throw new IllegalArgumentException(labeler + ", " + said + ", " + truth);
        return errors[l][s][t];
    }

    /// Probabilities of labels, and of each labeler how often they are right: their skill, or over
    /// the truths as common as they are.
    public Consensus consensus() {
        var right = skills;
        if (!options.oneCoin) {
            right = new double[errors.length];
            for (int l = 0; l < right.length; l++)
                for (int t = 0; t < labels; t++) right[l] += priors[t] * errors[l][t][t];
        }
        return Consensus.of(annotations, shares, right);
    }
}
