package dev.davy.stats.quality;

import java.util.List;

/// Metrics of weights `[truth][predicted]`.
final class Matrix {
    private Matrix() {}

    /// Classes that were never predicted count 0 in averages of precision, as scikit-learn does,
    /// for a model must not win by leaving a class out. Classes that were never true are left out
    /// of averages of recall: nobody could have found them.
    static final List<MatrixMetric> OVERALL =
            List.of(
                    new MatrixMetric(
                            "balanced_accuracy",
                            "mean recall of the classes that were true",
                            Matrix::balancedAccuracy),
                    new MatrixMetric(
                            "precision_macro",
                            "mean precision of the classes; 0 for one never predicted",
                            t -> mean(t, Matrix::precision, false)),
                    new MatrixMetric(
                            "recall_macro",
                            "mean recall of the classes; 0 for one never true",
                            t -> mean(t, Matrix::recall, false)),
                    new MatrixMetric(
                            "f1_macro", "mean F1 of the classes", t -> mean(t, Matrix::f1, false)),
                    new MatrixMetric(
                            "precision_weighted",
                            "precision of the classes by how often each was true",
                            t -> mean(t, Matrix::precision, true)),
                    new MatrixMetric(
                            "recall_weighted",
                            "recall of the classes by how often each was true: the accuracy",
                            t -> mean(t, Matrix::recall, true)),
                    new MatrixMetric(
                            "f1_weighted",
                            "F1 of the classes by how often each was true",
                            t -> mean(t, Matrix::f1, true)),
                    new MatrixMetric(
                            "matthews_correlation",
                            "correlation of truth and prediction (Gorodkin 2004)",
                            Matrix::matthews));

    private interface PerClass {
        double of(double[][] table, int k);
    }

    static double precision(double[][] table, int k) {
        double predicted = 0;
        for (var row : table) predicted += row[k];
        return table[k][k] / predicted;
    }

    static double recall(double[][] table, int k) {
        return table[k][k] / sum(table[k]);
    }

    static double f1(double[][] table, int k) {
        double predicted = 0;
        for (var row : table) predicted += row[k];
        return 2 * table[k][k] / (predicted + sum(table[k]));
    }

    private static double sum(double[] row) {
        double sum = 0;
        for (double cell : row) sum += cell;
        return sum;
    }

    private static double balancedAccuracy(double[][] table) {
        double sum = 0;
        int classes = 0;
        for (int k = 0; k < table.length; k++) {
            double recall = recall(table, k);
            if (Double.isNaN(recall)) continue;
            sum += recall;
            classes++;
        }
        return sum / classes;
    }

    private static double mean(double[][] table, PerClass metric, boolean byTruth) {
        double sum = 0;
        double weights = 0;
        for (int k = 0; k < table.length; k++) {
            double weight = byTruth ? sum(table[k]) : 1;
            double value = metric.of(table, k);
            if (!Double.isNaN(value)) sum += weight * value;
            weights += weight;
        }
        return sum / weights;
    }

    private static double matthews(double[][] table) {
        int size = table.length;
        double all = 0;
        double right = 0;
        var predicted = new double[size];
        var truths = new double[size];
        for (int k = 0; k < size; k++) {
            right += table[k][k];
            for (int j = 0; j < size; j++) {
                truths[k] += table[k][j];
                predicted[j] += table[k][j];
                all += table[k][j];
            }
        }
        double together = 0;
        double ofTruths = 0;
        double ofPredicted = 0;
        for (int k = 0; k < size; k++) {
            together += truths[k] * predicted[k];
            ofTruths += truths[k] * truths[k];
            ofPredicted += predicted[k] * predicted[k];
        }
        double scale = Math.sqrt(all * all - ofTruths) * Math.sqrt(all * all - ofPredicted);
        // One class only, on either side: nothing varies, so nothing correlates.
        return scale == 0 ? Double.NaN : (right * all - together) / scale;
    }
}
