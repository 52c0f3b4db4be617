package dev.davy.strict;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/// Quantities as people write them in settings: `64 MiB`, `1.5 GB`, `100 ms`, `90d`.
public final class Units {
    private static final Map<String, Long> BYTES =
            Map.ofEntries(
                    Map.entry("", 1L),
                    Map.entry("B", 1L),
                    Map.entry("kB", 1_000L),
                    Map.entry("KB", 1_000L),
                    Map.entry("MB", 1_000_000L),
                    Map.entry("GB", 1_000_000_000L),
                    Map.entry("TB", 1_000_000_000_000L),
                    Map.entry("KiB", 1L << 10),
                    Map.entry("MiB", 1L << 20),
                    Map.entry("GiB", 1L << 30),
                    Map.entry("TiB", 1L << 40));
    private static final Map<String, Long> NANOS =
            Map.of(
                    "ns", 1L,
                    "us", 1_000L,
                    "µs", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "min", 60_000_000_000L,
                    "h", 3_600_000_000_000L,
                    "d", 86_400_000_000_000L);

    private Units() {}

    /// A number of bytes, zero or more.
    ///
    /// @throws Problem `size-not-understood`
    public static long bytes(String text) {
        try {
            return scaled(text, BYTES);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "size-not-understood",
                    Quote.of(text) + " is not a size.",
                    "A size is a number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB.",
                    "Write it like '64 MiB'.");
        }
    }

    /// A time span, zero or more, in whole nanoseconds.
    ///
    /// @throws Problem `duration-not-understood`
    public static Duration duration(String text) {
        try {
            return Duration.ofNanos(scaled(text, NANOS));
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "duration-not-understood",
                    Quote.of(text) + " is not a time span.",
                    "A time span is a number and ns, us, ms, s, m, h or d.",
                    "Write it like '100 ms' or '90d'.");
        }
    }

    private static long scaled(String text, Map<String, Long> units) {
        int split = 0;
        while (split < text.length() && (isDigit(text.charAt(split)) || text.charAt(split) == '.'))
            split++;
        var unit = units.get(text.substring(split).strip());
        if (unit == null || split > 18 || split == 0 || !isDigit(text.charAt(0)))
            throw new IllegalArgumentException("no such unit");
        return new BigDecimal(text.substring(0, split))
                .multiply(BigDecimal.valueOf(unit))
                .longValueExact();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
