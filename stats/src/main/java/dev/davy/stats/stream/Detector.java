package dev.davy.stats.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Watches a stream; for one thread.
public interface Detector {
    /// What the stream looks like after a number.
    enum Signal {
        QUIET,
        /// It may be changing.
        WARNING,
        CHANGE
    }

    /// One more number. After a [Signal#CHANGE] the detector begins anew with the next number.
    ///
    /// @param number finite; 1 for an error and 0 for none, where errors are watched
    Signal add(double number);

    /// Its settings, by name.
    Map<String, Object> definition();

    /// Where the signals of a whole stream begin, counted from 0.
    ///
    /// @param warnings the first warning of the stream and the first after each change
    record Signals(List<Integer> warnings, List<Integer> changes) {
        public Signals {
            warnings = List.copyOf(warnings);
            changes = List.copyOf(changes);
        }
    }

    /// Adds all numbers.
    static Signals watch(Detector detector, double[] stream) {
        var warnings = new ArrayList<Integer>();
        var changes = new ArrayList<Integer>();
        boolean warned = false;
        for (int i = 0; i < stream.length; i++)
            switch (detector.add(stream[i])) {
                case QUIET -> {}
                case WARNING -> {
                    if (!warned) warnings.add(i);
                    warned = true;
                }
                case CHANGE -> {
                    changes.add(i);
                    warned = false;
                }
            }
        return new Signals(warnings, changes);
    }
}
