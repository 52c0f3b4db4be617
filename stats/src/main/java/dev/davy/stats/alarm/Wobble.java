package dev.davy.stats.alarm;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// How the mean of a score goes up and down from window to window when nothing is wrong.
///
/// Hours and weekdays have means of their own: two waves a day and, from two weeks on, a level for
/// each weekday, by least squares. What the windows differ by beyond that and beyond chance is tau²
/// (the between-window variance, as DerSimonian and Laird 1986 estimate it between studies).
///
/// @param season coefficients; empty without a history
/// @param tauSquared variance between windows
/// @param degrees how many independent windows it was learned from: windows that resemble their
///   neighbours count for less (Bartlett 1935); infinite without a history
/// @param fitError variance of the season's own error
record Wobble(List<Double> season, double tauSquared, double degrees, double fitError) {
    private static final double DAY = 86_400;
    private static final int WEEKDAYS_FROM = 14;
    private static final int WAVES = 4;
    private static final int WEEKDAYS = 6;

    /// Steady traffic: the price assumes it where there is no history.
    static final Wobble NONE = new Wobble(List.of(), 0, Double.POSITIVE_INFINITY, 0);

    /// @param windows of the reference period, in the order of time
    /// @param score -1 for the share of missing rows
    /// @param variance of the score from row to row
    static Wobble learned(List<Window> windows, int score, double variance) {
        var used = windows.stream().filter(each -> each.evidence().present() > 0).toList();
        int terms = terms(used);
        int n = used.size();
        // Fewer windows than that tell nothing of how they differ.
        if (n < terms + 10) return NONE;
        var rows = new double[n][];
        var means = new double[n];
        double chance = 0;
        for (int i = 0; i < n; i++) {
            var window = used.get(i);
            rows[i] = features(window.from(), terms);
            means[i] = window.evidence().mean(score);
            long size = score < 0 ? window.evidence().rows() : window.evidence().present();
            chance += variance / size / n;
        }
        var season = leastSquares(rows, means);
        var rest = new double[n];
        double squares = 0;
        double neighbours = 0;
        for (int i = 0; i < n; i++) {
            rest[i] = means[i] - dot(season, rows[i]);
            squares += rest[i] * rest[i];
            if (i > 0) neighbours += rest[i] * rest[i - 1];
        }
        // Fitted to few independent windows, a season takes a part of their wobble for its own: of
        // the
        // slow part, which is what makes neighbours alike.
        double lost = 0;
        double likeness = 0;
        double independent = n;
        for (int i = 0; i < 4 && squares > 0; i++) {
            likeness = Math.clamp((neighbours + lost) / (squares + lost), 0, 0.98);
            independent = n * (1 - likeness) / (1 + likeness);
            double taken = Math.min(0.8, terms / independent);
            lost = squares * taken / (1 - taken);
        }
        double total = (squares + lost) / n;
        // Half of what theory gives: how alike neighbours are is itself only guessed, and in the
        // far
        // tail that counts. Without it twice as many alarms rang as were paid for.
        double effective = n * (1 - likeness * likeness) / (1 + likeness * likeness);
        return new Wobble(
                boxed(season),
                Math.max(0, total - chance),
                Math.max(3, (effective - terms) / 2),
                total * terms / Math.max(independent, terms));
    }

    boolean known() {
        return !season.isEmpty();
    }

    /// What the score's mean is expected to be.
    double expected(Instant at, double without) {
        if (season.isEmpty()) return without;
        var features = features(at, season.size());
        double sum = 0;
        for (int i = 0; i < features.length; i++) sum += season.get(i) * features[i];
        return sum;
    }

    private static double days(List<Window> windows) {
        if (windows.isEmpty()) return 0;
        var from = windows.getFirst().from();
        // The last window has a length too, which is not known here.
        return (windows.getLast().from().getEpochSecond() - from.getEpochSecond()) / DAY + 0.5;
    }

    /// A window of half a day or longer has no hour, and one of more than a day no weekday: terms
    /// for what can't be seen would only cost degrees of freedom.
    private static int terms(List<Window> windows) {
        long length = Long.MAX_VALUE;
        for (int i = 1; i < windows.size(); i++)
            length =
                    Math.min(
                            length,
                            windows.get(i).from().getEpochSecond()
                                    - windows.get(i - 1).from().getEpochSecond());
        boolean weekdays = length <= DAY && days(windows) >= WEEKDAYS_FROM;
        return 1 + (length < DAY / 2 ? WAVES : 0) + (weekdays ? WEEKDAYS : 0);
    }

    /// The first is 1; then two waves a day, and a mark for each weekday but Monday, as far as
    /// there is room for them.
    private static double[] features(Instant at, int terms) {
        var features = new double[terms];
        features[0] = 1;
        int next = 1;
        if (terms == 1 + WAVES || terms == 1 + WAVES + WEEKDAYS) {
            double turn = 2 * Math.PI * (at.getEpochSecond() % DAY) / DAY;
            features[next++] = Math.cos(turn);
            features[next++] = Math.sin(turn);
            features[next++] = Math.cos(2 * turn);
            features[next++] = Math.sin(2 * turn);
        }
        int day = at.atOffset(ZoneOffset.UTC).getDayOfWeek().getValue();
        if (terms > next && day > 1) features[next + day - 2] = 1;
        return features;
    }

    /// By Gauss-Jordan on the normal equations, which a few bounded features keep well-conditioned.
    private static double[] leastSquares(double[][] rows, double[] values) {
        int terms = rows[0].length;
        var matrix = new double[terms][terms + 1];
        for (int r = 0; r < rows.length; r++)
            for (int i = 0; i < terms; i++) {
                for (int j = 0; j < terms; j++) matrix[i][j] += rows[r][i] * rows[r][j];
                matrix[i][terms] += rows[r][i] * values[r];
            }
        for (int i = 0; i < terms; i++) matrix[i][i] += 1e-9;
        for (int i = 0; i < terms; i++) {
            double pivot = matrix[i][i];
            for (int j = i; j <= terms; j++) matrix[i][j] /= pivot;
            for (int k = 0; k < terms; k++) {
                if (k == i) continue;
                double factor = matrix[k][i];
                for (int j = i; j <= terms; j++) matrix[k][j] -= factor * matrix[i][j];
            }
        }
        var found = new double[terms];
        for (int i = 0; i < terms; i++) found[i] = matrix[i][terms];
        return found;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static List<Double> boxed(double[] values) {
        var all = new ArrayList<Double>();
        for (double value : values) all.add(value);
        return List.copyOf(all);
    }
}
