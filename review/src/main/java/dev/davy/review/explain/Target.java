package dev.davy.review.explain;

import dev.davy.schema.Output;
import dev.davy.serving.LoggedInput;
import dev.davy.serving.Rerun;
import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// The number behind an answer that an explanation follows as parts of the input go.
///
/// @param output of the endpoint
/// @param category one of its classes; empty: the output is itself a number, or is followed whole
/// @param reads what the number is
public record Target(String output, String category, Reads reads) {
    /// What the number is.
    public sealed interface Reads {
        /// The score of the class.
        record Score(String category) implements Reads {}

        /// The output, a number.
        record Value() implements Reads {}

        /// How sure the model is, as long as it says the same.
        record Confidence(String said) implements Reads {}

        /// 1 as long as it says the same, else 0: it tells no more of itself.
        record Same(String said) implements Reads {}
    }

    /// What can be followed of an answer.
    ///
    /// @param wanted a class; empty: the one that was answered
    /// @throws Problem UNACCEPTABLE `class-unknown`
    static Target of(Output output, Rerun.Whole answer, Optional<String> wanted) {
        var name = output.name();
        var said = answer.outputs().get(name);
        var text = said == null ? "" : LoggedInput.text(said);
        var scores = answer.scores().getOrDefault(name, Map.of());
        if (wanted.isPresent() && !scores.containsKey(wanted.get()))
            throw unknown(wanted.get(), scores.keySet());
        var category = wanted.orElse(text);
        if (scores.containsKey(category))
            return new Target(name, category, new Reads.Score(category));
        if (said instanceof Double) return new Target(name, "", new Reads.Value());
        if (answer.confidence().isPresent())
            return new Target(name, text, new Reads.Confidence(text));
        return new Target(name, text, new Reads.Same(text));
    }

    private static Problem unknown(String wanted, Collection<String> classes) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "class-unknown",
                "The answer can't be explained for this class.",
                "The classes that have scores are " + classes + ".",
                "Name one of them, or none for the one that was answered. "
                        + Nearest.hint(wanted, classes));
    }

    /// The number in an answer. A model that fails without a part says nothing in favour of it.
    double in(Rerun.Whole answer) {
        return switch (reads) {
            case Reads.Score(var of) ->
                    answer.scores().getOrDefault(output, Map.of()).getOrDefault(of, 0.0);
            case Reads.Value _ ->
                    answer.outputs().get(output) instanceof Double number ? number : 0;
            case Reads.Confidence(var said) ->
                    says(answer, said) ? answer.confidence().orElse(0) : 0;
            case Reads.Same(var said) -> says(answer, said) ? 1 : 0;
        };
    }

    private boolean says(Rerun.Whole answer, String said) {
        var here = answer.outputs().get(output);
        return here != null && LoggedInput.text(here).equals(said);
    }
}
