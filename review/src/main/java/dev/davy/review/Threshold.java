package dev.davy.review;

import dev.davy.stats.selective.Choice;
import dev.davy.strict.Json;
import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/// From which confidence on a version may decide a slice alone, as far as reviewed cases show.
///
/// @param reviewed cases with an answer of the model and a reference
/// @param sampled how many of them make a sample in which each case was as likely
public record Threshold(
        Target target, double certainty, Choice choice, long reviewed, long sampled) {
    /// Empty where the cases support none.
    public OptionalDouble threshold() {
        return choice instanceof Choice.Found found
                ? OptionalDouble.of(found.threshold())
                : OptionalDouble.empty();
    }

    /// What it rests on.
    public ObjectNode detail() {
        var json =
                Json.object()
                        .put("target", target.text())
                        .put("certainty", certainty)
                        .put("reviewed", reviewed)
                        .put("sampled", sampled);
        switch (choice) {
            case Choice.Found found ->
                    json.put("result", "found")
                            .put("threshold", found.threshold())
                            .put("cases", found.cases())
                            .put("wrong", found.wrong())
                            .put("upper", found.upper())
                            .put("alone", found.alone());
            case Choice.NotEnough few -> {
                json.put("result", "not-enough").put("cases", few.cases()).put("more", few.more());
                few.of().ifPresent(of -> json.put("of", of));
            }
            case Choice.OutOfReach far ->
                    json.put("result", "out-of-reach")
                            .put("cases", far.cases())
                            .put("wrong", far.wrong());
        }
        return json.put("why", why());
    }

    /// The same in words.
    public String why() {
        return switch (choice) {
            case Choice.Found found ->
                    "From confidence %s on the model would decide %s of all cases; %s %,d of %,d, at most %s with %s certainty."
                            .formatted(
                                    number(found.threshold()),
                                    Words.percent(found.alone()),
                                    counted(),
                                    found.wrong(),
                                    found.cases(),
                                    Words.percent(found.upper()),
                                    Words.percent(certainty));
            case Choice.NotEnough few ->
                    "Not enough evidence for %s: at least %,d more reviewed %s needed, besides %,d."
                            .formatted(
                                    target,
                                    few.more(),
                                    (few.more() == 1 ? "case" : "cases")
                                            + few.of().map(of -> " of '" + of + "'").orElse("")
                                            + (few.more() == 1 ? " is" : " are"),
                                    few.cases());
            case Choice.OutOfReach far ->
                    "%s is out of reach of this model: even where it is surest, %s %,d of %,d."
                            .formatted(target, counted(), far.wrong(), far.cases());
        };
    }

    private String counted() {
        return switch (target.risk()) {
            case dev.davy.stats.selective.Risk.Wrong _ -> "it was wrong in";
            case dev.davy.stats.selective.Risk.Missed _ -> "it would have missed";
        };
    }

    private static String number(double threshold) {
        return String.format(Locale.ROOT, "%.4g", threshold);
    }
}
