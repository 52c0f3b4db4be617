package dev.davy.web;

import dev.davy.monitoring.Window;

/// The safety lamp of an endpoint: its flame's colour, height and shape, and the word beside it.
public enum Lamp {
    /// A steady amber flame.
    WELL("well"),
    /// A tall blue flame: rows fail, or answers are not numbers, and not only once.
    UNEASY("uneasy"),
    /// A red flame: one row in ten fails.
    ALARM("alarm"),
    /// No flame.
    DARK("not answering"),
    /// An outline: there is nothing to tell by.
    UNKNOWN("no traffic");

    /// Shares of rows from which on the flame changes.
    private static final double UNEASY_FROM = 0.01;

    private static final double ALARM_FROM = 0.1;

    /// One failure among few rows tells nothing.
    private static final int FAILURES_LEAST = 3;

    private final String word;

    Lamp(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /// The name of its shape in the page.
    public String shape() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// What the lamp shows after this window.
    static Lamp of(boolean answers, Window window) {
        if (!answers) return DARK;
        if (window.predictions() == 0) return UNKNOWN;
        long bad = window.failed() + window.notFinite();
        double share = (double) bad / window.predictions();
        if (bad >= FAILURES_LEAST && share >= ALARM_FROM) return ALARM;
        return bad >= FAILURES_LEAST && share >= UNEASY_FROM ? UNEASY : WELL;
    }
}
