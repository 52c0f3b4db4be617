package dev.davy.stats.alarm;

import java.util.Arrays;

/// What one window tells of one column: rows, missing ones, and sums of scores that the column
/// knows how to read. Windows merge.
public final class Evidence {
    private final long rows;
    private final long missing;
    private final double[] sums;

    Evidence(long rows, long missing, double[] sums) {
        this.rows = rows;
        this.missing = missing;
        this.sums = sums.clone();
    }

    public long rows() {
        return rows;
    }

    public long missing() {
        return missing;
    }

    /// Rows that have a value.
    long present() {
        return rows - missing;
    }

    double sum(int score) {
        return sums[score];
    }

    /// The share of missing rows for -1, else the mean of a score.
    double mean(int score) {
        return score < 0 ? (double) missing / rows : sums[score] / present();
    }

    /// Both windows as one; of the same column.
    public Evidence merge(Evidence other) {
        var both = sums.clone();
        for (int i = 0; i < both.length; i++) both[i] += other.sums[i];
        return new Evidence(rows + other.rows, missing + other.missing, both);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Evidence evidence
                && rows == evidence.rows
                && missing == evidence.missing
                && Arrays.equals(sums, evidence.sums);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(rows) + Long.hashCode(missing)) + Arrays.hashCode(sums);
    }

    @Override
    public String toString() {
        return "%d rows, %d missing, %s".formatted(rows, missing, Arrays.toString(sums));
    }
}
