package dev.davy.review;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.stats.selective.Risk;
import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import dev.davy.strict.Quote;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/// What must hold of what a model decides alone: `error <= 1%`, `recall(scratch) >= 99%`.
///
/// @param text the same for the same target, however it was written
public record Target(String text, Risk risk) {
    private static final Pattern SAID =
            Pattern.compile(
                    "(error|recall)\\s*(?:\\(\\s*['\"]?(.*?)['\"]?\\s*\\))?\\s*([<>]?=?)\\s*"
                            + "([0-9]{1,3}(?:\\.[0-9]{1,9})?)\\s*(%?)");

    /// @param outputs of the endpoint; the first is what the target is about
    /// @throws Problem UNACCEPTABLE `target-malformed`, `target-class-unknown`,
    ///   `target-not-of-classes`
    public static Target of(String text, List<Output> outputs) {
        var said = SAID.matcher(text.strip());
        if (!said.matches())
            throw malformed(text, "It must be like error <= 1% or recall(scratch) >= 99%.");
        var classes = classes(text, outputs);
        var share = new BigDecimal(said.group(4));
        if (!said.group(5).isEmpty()) share = share.movePointLeft(2);
        if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) >= 0)
            throw malformed(text, "The limit must lie between 0% and 100%, without either.");
        return said.group(1).equals("error")
                ? error(text, said.group(2), said.group(3), share)
                : recall(text, said.group(2), said.group(3), share, classes);
    }

    private static Target error(String text, String of, String sign, BigDecimal share) {
        if (of != null)
            throw malformed(
                    text, "An error is of all classes; of one class say recall(" + of + ") >= …%.");
        if (!sign.equals("<="))
            throw malformed(text, "An error is bounded from above: error <= " + percent(share));
        return new Target("error <= " + percent(share), new Risk.Wrong(share.doubleValue()));
    }

    private static Target recall(
            String text, String of, String sign, BigDecimal share, List<String> classes) {
        if (of == null || of.isEmpty())
            throw malformed(text, "Recall is of a class: recall(scratch) >= " + percent(share));
        if (!sign.equals(">="))
            throw malformed(
                    text,
                    "A recall is bounded from below: recall(" + of + ") >= " + percent(share));
        if (!classes.isEmpty() && !classes.contains(of))
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "target-class-unknown",
                    "There is no class " + Quote.of(of) + ".",
                    "The classes are " + String.join(", ", classes) + ".",
                    (Nearest.hint(of, classes) + " Name one of them.").strip());
        return new Target(
                "recall(" + of + ") >= " + percent(share),
                new Risk.Missed(of, BigDecimal.ONE.subtract(share).doubleValue()));
    }

    /// Of the output that the target is about; none where any text is one.
    private static List<String> classes(String text, List<Output> outputs) {
        if (outputs.isEmpty()) throw malformed(text, "The endpoint has no output.");
        var first = outputs.getFirst();
        return switch (first.kind()) {
            case OutputKind.Category category -> category.classes();
            case OutputKind.Text _ -> List.of();
            case OutputKind.MultiLabel _,
                    OutputKind.Number _,
                    OutputKind.Boxes _,
                    OutputKind.Ranking _,
                    OutputKind.Vector _ ->
                    throw new Problem(
                            Problem.Kind.UNACCEPTABLE,
                            "target-not-of-classes",
                            "A target counts answers that are right or wrong.",
                            "The first output, '"
                                    + first.name()
                                    + "', is neither a category nor a text, and two answers of"
                                    + " its kind are hardly ever the same.",
                            "Say when the model is sure in a condition: alone-when: confidence >="
                                    + " 0.95");
        };
    }

    private static Problem malformed(String text, String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "target-malformed",
                Quote.of(text) + " is no target.",
                why,
                "Correct 'target' in 'alone-when'.");
    }

    private static String percent(BigDecimal share) {
        return share.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }

    @Override
    public String toString() {
        return text;
    }
}
