package dev.davy.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalDouble;

/// Numbers as people read them: three digits that mean something, counts in full, units said.
public final class Figures {
    private static final String NONE = "–";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Figures() {}

    /// A whole number with commas: `12,345`.
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// Three significant digits: `0.0123`, `1.23`, `12,300`; plain digits where they can be read.
    public static String number(double number) {
        if (!Double.isFinite(number)) return String.valueOf(number);
        double size = Math.abs(number);
        if (number == Math.rint(number) && size < 1e6)
            return String.format(Locale.ROOT, "%,d", (long) number);
        if (size >= 1e9 || size < 1e-4) return String.format(Locale.ROOT, "%.2e", number);
        int whole = (int) Math.floor(Math.log10(size)) + 1;
        if (whole >= 3) return String.format(Locale.ROOT, "%,.0f", number);
        var text = String.format(Locale.ROOT, "%." + (3 - whole) + "f", number);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    /// As above, or a dash.
    public static String number(OptionalDouble number) {
        return number.isEmpty() ? NONE : number(number.getAsDouble());
    }

    /// A share in percent: `0.2 %`, and never `0 %` or `100 %` where that is not so.
    public static String share(double share) {
        double percent = 100 * share;
        if (percent == 0 || percent == 100) return (int) percent + " %";
        if (percent < 0.1) return "< 0.1 %";
        if (percent > 99.9) return "> 99.9 %";
        return String.format(Locale.ROOT, percent < 10 ? "%.1f %%" : "%.0f %%", percent);
    }

    /// As above, or a dash where there is nothing to have a share of.
    public static String share(long part, long whole) {
        return whole == 0 ? NONE : share((double) part / whole);
    }

    /// `0.42 ms`, `1.2 s`.
    public static String millis(OptionalDouble millis) {
        if (millis.isEmpty()) return NONE;
        double value = millis.getAsDouble();
        if (value >= 1_000) return number(value / 1_000) + " s";
        return value < 0.1 ? number(value * 1_000) + " µs" : number(value) + " ms";
    }

    /// `12 a second`, `3 a minute`, `2 an hour`: in the unit in which it is at least one.
    public static String rate(double perSecond) {
        if (perSecond == 0) return "0 a second";
        if (perSecond >= 1) return number(perSecond) + " a second";
        if (perSecond * 60 >= 1) return number(perSecond * 60) + " a minute";
        return number(perSecond * 3600) + " an hour";
    }

    /// `1.2 MB`.
    public static String bytes(long bytes) {
        if (bytes < 1_000) return bytes + " B";
        if (bytes < 1_000_000) return number(bytes / 1e3) + " kB";
        if (bytes < 1_000_000_000) return number(bytes / 1e6) + " MB";
        return number(bytes / 1e9) + " GB";
    }

    /// `1 prediction`, `2 predictions`.
    public static String of(long count, String one) {
        return count(count) + " " + (count == 1 ? one : one + "s");
    }

    /// `3 min ago`; the page's script keeps it right.
    public static String ago(Instant then, Instant now) {
        var passed = Duration.between(then, now);
        long seconds = passed.toSeconds();
        if (seconds < 0) return "just now";
        if (seconds < 60) return seconds + " s ago";
        if (seconds < 3600) return passed.toMinutes() + " min ago";
        if (seconds < 48 * 3600) return passed.toHours() + " h ago";
        return passed.toDays() + " days ago";
    }

    public static String time(Instant moment) {
        return TIME.format(moment);
    }

    /// A name as one segment of a path.
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// A text cut to so many characters.
    public static String brief(String text, int most) {
        if (text.length() <= most) return text;
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }
}
