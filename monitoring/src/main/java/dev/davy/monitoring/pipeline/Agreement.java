package dev.davy.monitoring.pipeline;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Proportion;

/// On how many rows what was said again equals what was logged.
///
/// @param of rows that were compared
public record Agreement(int agreed, int of) {
    static final Agreement NONE = new Agreement(0, 0);

    public Agreement {
        if (agreed < 0 || agreed > of)
            throw new IllegalArgumentException(agreed + " of " + of + " rows agree");
    }

    Agreement with(boolean agrees) {
        return new Agreement(agreed + (agrees ? 1 : 0), of + 1);
    }

    int differing() {
        return of - agreed;
    }

    /// On every row there is.
    boolean whole() {
        return of > 0 && agreed == of;
    }

    /// NaN where nothing was compared.
    public double share() {
        return (double) agreed / of;
    }

    /// Where the share lies: exact (Clopper and Pearson 1934). At least one row.
    public Interval interval() {
        return Proportion.clopperPearson(agreed, of, Interval.USUAL);
    }
}
