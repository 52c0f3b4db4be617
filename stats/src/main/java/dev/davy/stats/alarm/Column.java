package dev.davy.stats.alarm;

import java.util.List;

/// What is normal for a column, and what tests there are of it.
public sealed interface Column permits NumberColumn, CategoryColumn, MeanColumn {
    /// Smallest shift of a number that is worth an alarm, in deviations, as it is estimated.
    double LEAST_SHIFT = 0.1;

    /// Smallest change of a share.
    double LEAST_CHANGE = 0.005;

    /// How much of a column's level goes to the share of missing rows.
    double OF_MISSING = 0.15;

    List<Departure> tests(Pool pool);

    /// The same, knowing how windows of a period in which nothing was wrong differ from each other.
    Column withHistory(List<Window> windows);

    /// Rows of the reference.
    long size();
}
