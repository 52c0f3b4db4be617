package dev.davy.runtime;

/// From a model's scores to those that an answer shows.
final class Activations {
    private Activations() {}

    static double[] apply(Take.Activation activation, double[] scores) {
        return switch (activation) {
            case NONE -> scores;
            case SIGMOID -> {
                var shown = new double[scores.length];
                for (int at = 0; at < shown.length; at++)
                    shown[at] = 1 / (1 + Math.exp(-scores[at]));
                yield shown;
            }
            case SOFTMAX -> softmax(scores);
        };
    }

    private static double[] softmax(double[] scores) {
        double highest = Double.NEGATIVE_INFINITY;
        for (double score : scores) highest = Math.max(highest, score);
        var shown = new double[scores.length];
        double sum = 0;
        for (int at = 0; at < shown.length; at++) {
            shown[at] = Math.exp(scores[at] - highest);
            sum += shown[at];
        }
        for (int at = 0; at < shown.length; at++) shown[at] /= sum;
        return shown;
    }

    /// One score per class, in class order. A single score of two classes is that of the second.
    static double[] perClass(Take.Category take, double[] raw) {
        var shown = apply(take.activation(), raw);
        int classes = take.classes().size();
        if (shown.length == 1 && classes == 2) return new double[] {1 - shown[0], shown[0]};
        if (shown.length != classes)
            throw Failures.broken(
                    "output '"
                            + take.scores().orElse("")
                            + "' has "
                            + shown.length
                            + " scores for "
                            + classes
                            + " classes");
        var ordered = new double[classes];
        for (int c = 0; c < classes; c++) ordered[c] = shown[take.order().get(c)];
        return ordered;
    }

    /// The place of the highest score; -1 when there is none, or none that is a number.
    static int best(double[] scores) {
        int best = -1;
        for (int at = 0; at < scores.length; at++)
            if (!Double.isNaN(scores[at]) && (best < 0 || scores[at] > scores[best])) best = at;
        return best;
    }
}
