package dev.davy.monitoring.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/// A verdict in words.
final class Sentence {
    /// Things that moved which are named; the others are counted.
    private static final int NAMED = 3;

    private Sentence() {}

    static String of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Nothing(var rows) ->
                    ("Nothing changed: the components answer %d rows as they did, and the same kind"
                                    + " of input comes.")
                            .formatted(rows);
            case Verdict.InputDrifted(var moved) ->
                    "The pipeline's input drifted: " + named(moved) + ".";
            case Verdict.ComponentChanged changed ->
                    ("Component '%s' changed: %s. Asked again, the reference's agrees with what"
                                    + " was logged on %s; in the reference on %s.")
                            .formatted(
                                    changed.name(),
                                    changed.how(),
                                    rows(changed.now()),
                                    rows(changed.then()));
            case Verdict.Several(var all) ->
                    all.stream().map(Sentence::of).collect(Collectors.joining(" "));
            case Verdict.Unexplained(var why) -> "Unexplained: " + why;
            case Verdict.TooEarly(var needed) ->
                    ("Too early to tell: %d more predictions are needed whose inputs are kept, in"
                                    + " the stretch or in the reference.")
                            .formatted(needed);
        };
    }

    private static String rows(Agreement agreement) {
        return agreement.of() == 0
                ? "no row that could be compared"
                : "%d of %d rows".formatted(agreement.agreed(), agreement.of());
    }

    private static String named(List<Moved> moved) {
        var first =
                moved.stream()
                        .limit(NAMED)
                        .map(each ->
                                "%s from %s to %s"
                                        .formatted(each.what(), each.before(), each.now()))
                        .collect(Collectors.joining(", "));
        return moved.size() > NAMED ? first + " and " + (moved.size() - NAMED) + " more" : first;
    }
}
