package dev.davy.stats.alarm;

/// How many false alarms are paid for.
///
/// @param falseAlarms expected number in a month of 30 days, over all columns of an endpoint; an
///   alarm that has resolved and comes again counts again
/// @param windows in a month: 720 if they are hours
/// @param columns that are watched
public record Price(double falseAlarms, int windows, int columns) {
    public Price {
        if (!(falseAlarms > 0) || windows < 1 || columns < 1)
            throw new IllegalArgumentException(
                    "%s false alarms in %d windows of %d columns"
                            .formatted(falseAlarms, windows, columns));
    }

    /// One a month, with hourly windows.
    public static Price oneAMonth(int columns) {
        return new Price(1, 720, columns);
    }

    /// A part of it.
    public Price part(double share) {
        return new Price(falseAlarms * share, windows, columns);
    }

    /// The probability of a false alarm that one column may have in one window.
    double level() {
        return falseAlarms / windows / columns;
    }
}
