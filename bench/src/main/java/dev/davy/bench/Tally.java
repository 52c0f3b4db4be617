package dev.davy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What became of all requests, by kind; and when the server was being killed or stopped, which
/// excuses what failed then.
final class Tally {
    private static final int TOLD_MAX = 40;

    private final Map<String, Counts> kinds = new TreeMap<>();
    private final List<long[]> outages = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    /// @param asked requests that were answered or failed
    /// @param excused failed while the server was killed, stopped or not yet back
    /// @param failed failed at any other moment
    /// @param wrong answered, and not with what is right
    record Counts(long asked, long excused, long failed, long wrong) {
        static final Counts NONE = new Counts(0, 0, 0, 0);

        Counts plus(Counts more) {
            return new Counts(
                    asked + more.asked,
                    excused + more.excused,
                    failed + more.failed,
                    wrong + more.wrong);
        }
    }

    /// A witness of requests of this kind: what says 429 or 500 and above has failed.
    Client.Witness of(String kind) {
        return new Client.Witness() {
            @Override
            public void replied(String what, Wire.Reply reply, long asked, long until) {
                if (reply.status() < 500 && reply.status() != 429) Tally.this.answered(kind);
                else failed(kind, what + " says " + reply.text(), asked, until);
            }

            @Override
            public void broke(String what, String why, long asked, long until) {
                failed(kind, what + " broke: " + why, asked, until);
            }
        };
    }

    synchronized void answered(String kind) {
        add(kind, new Counts(1, 0, 0, 0));
    }

    /// @param asked in the nanoseconds of [System#nanoTime]
    synchronized void failed(String kind, String what, long asked, long until) {
        boolean excused = outages.stream().anyMatch(each -> each[0] <= until && each[1] >= asked);
        add(kind, new Counts(1, excused ? 1 : 0, excused ? 0 : 1, 0));
        if (!excused) tell("failed", kind, what);
    }

    synchronized void wrong(String kind, String what) {
        add(kind, new Counts(0, 0, 0, 1));
        tell("wrong", kind, what);
    }

    private void add(String kind, Counts more) {
        kinds.merge(kind, more, Counts::plus);
    }

    private void tell(String how, String kind, String what) {
        if (told.size() >= TOLD_MAX) return;
        var one = what.length() > 500 ? what.substring(0, 500) + " …" : what;
        told.add(how + ", " + kind + ": " + one.strip());
        System.err.println("  " + told.getLast());
    }

    /// From now on the server may fail.
    synchronized void outageBegins() {
        outages.add(new long[] {System.nanoTime(), Long.MAX_VALUE});
    }

    /// It is ready again.
    synchronized void outageEnds() {
        outages.getLast()[1] = System.nanoTime();
    }

    synchronized Map<String, Counts> kinds() {
        return new TreeMap<>(kinds);
    }

    synchronized Counts all() {
        return kinds.values().stream().reduce(Counts.NONE, Counts::plus);
    }
}
