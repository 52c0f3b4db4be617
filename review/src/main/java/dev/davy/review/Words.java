package dev.davy.review;

import java.util.Locale;

/// Numbers as people read them.
final class Words {
    private Words() {}

    /// `97.4%`, with three digits that matter.
    static String percent(double share) {
        double percent = share * 100;
        int decimals = percent >= 99.95 || percent == 0 ? 0 : percent >= 10 ? 1 : 2;
        var text = String.format(Locale.ROOT, "%." + decimals + "f", percent);
        return (text.contains(".") ? text.replaceAll("\\.?0+$", "") : text) + "%";
    }

    static String points(double difference) {
        return String.format(Locale.ROOT, "%+.1f points", difference * 100);
    }
}
