package dev.davy.monitoring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Assumptions;

/// A table of the past in windows, judged by the rules alone.
///
/// @param reference windows at the beginning that are normal
record ShuffledPast(Plan plan, int reference) {
    record Alarm(int window, String column, String why) {}

    static Path shared(String name) {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
            if (Files.exists(at.resolve("shared/data").resolve(name)))
                return at.resolve("shared/data").resolve(name);
        Assumptions.abort("no test data: ../shared/data/" + name + " is not beside this checkout");
        throw new IllegalStateException("skipped");
    }

    /// @param begins when the window begins whose first row this is
    List<Seen> windows(
            double[][] rows, int length, List<String> columns, IntFunction<Instant> begins) {
        var windows = new ArrayList<Seen>();
        for (int from = 0; from + length <= rows.length; from += length) {
            var builder = new Window.Builder();
            for (int i = from; i < from + length; i++) {
                builder.predictions++;
                builder.inputsKept++;
                for (int c = 0; c < columns.size(); c++)
                    builder.input(columns.get(c)).number(rows[i][c]);
            }
            windows.add(new Seen(begins.apply(from), builder.build(), Quality.EMPTY));
        }
        return windows;
    }

    /// Alarms as they would be kept: one that goes on is one.
    List<Alarm> alarms(List<Seen> windows) {
        var normal = new Normal(windows.subList(0, reference));
        var monitors = Judge.monitors(plan, normal.whole());
        var alarms = new ArrayList<Alarm>();
        var fine = new HashMap<String, Integer>();
        for (int i = reference; i < windows.size(); i++)
            for (var monitor : monitors) {
                var recent = windows.subList(Math.max(reference, i - Judge.RECENT + 1), i + 1);
                var said = Judge.judge(monitor, normal, recent, plan, Judge.priced(monitors));
                switch (said) {
                    case Judgement.Bad bad -> {
                        if (fine.getOrDefault(monitor.name(), Course.FINE_WINDOWS)
                                >= Course.FINE_WINDOWS)
                            alarms.add(new Alarm(i, monitor.name(), bad.why()));
                        fine.put(monitor.name(), 0);
                    }
                    case Judgement.Fine _ -> fine.merge(monitor.name(), 1, Integer::sum);
                    case Judgement.TooEarly _ -> {}
                }
            }
        return alarms;
    }

    /// The rows in another order, blocks of this length staying whole.
    static double[][] shuffled(double[][] rows, int block, Random chance) {
        var starts = new ArrayList<Integer>();
        for (int from = 0; from + block <= rows.length; from += block) starts.add(from);
        Collections.shuffle(starts, chance);
        var shuffled = new double[starts.size() * block][];
        for (int b = 0; b < starts.size(); b++)
            System.arraycopy(rows, starts.get(b), shuffled, b * block, block);
        return shuffled;
    }
}
