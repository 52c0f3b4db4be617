package dev.davy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Every answer that a load generator heard, by version, and what may have answered when.
///
/// Told by the load's thread and by the one that switches.
final class Heard implements OpenLoop.Heard {
    private long[] sent = new long[1 << 16];
    private long[] replied = new long[1 << 16];
    private byte[] by = new byte[1 << 16];
    private int count;
    private final List<String> versions = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();

    /// A version may have answered from one moment to another.
    private record Span(String version, long from, long to) {}

    @Override
    public synchronized void answer(long at, long until, boolean good, String version) {
        if (!good) return;
        if (count == sent.length) {
            sent = Arrays.copyOf(sent, 2 * count);
            replied = Arrays.copyOf(replied, 2 * count);
            by = Arrays.copyOf(by, 2 * count);
        }
        int number = versions.indexOf(version);
        if (number < 0) {
            number = versions.size();
            versions.add(version);
        }
        sent[count] = at;
        replied[count] = until;
        by[count++] = (byte) number;
    }

    /// Between these moments the version stood in the routing table, or may have: from when it was
    /// asked for until it was said that it is gone.
    synchronized void stood(String version, long from, long to) {
        spans.add(new Span(version, from, to));
    }

    synchronized int answers(String version) {
        int number = versions.indexOf(version);
        int found = 0;
        for (int i = 0; i < count; i++) if (by[i] == number) found++;
        return found;
    }

    /// Answers of a version that stood in the table at no moment between their request and them.
    synchronized int impossible() {
        int found = 0;
        for (int i = 0; i < count; i++) {
            var version = versions.get(by[i]);
            long from = sent[i];
            long to = replied[i];
            if (spans.stream()
                    .noneMatch(span ->
                            span.version().equals(version)
                                    && span.from() <= to
                                    && span.to() >= from)) found++;
        }
        return found;
    }

    /// When the version gave its last answer after `from`; `from` if there is none.
    synchronized long last(String version, long from) {
        int number = versions.indexOf(version);
        for (int i = count - 1; i >= 0 && replied[i] >= from; i--)
            if (by[i] == number) return replied[i];
        return from;
    }
}
