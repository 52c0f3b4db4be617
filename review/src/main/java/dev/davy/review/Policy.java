package dev.davy.review;

import dev.davy.serving.Meanwhile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How much of an endpoint the model decides, and how people decide the rest, as it is declared.
///
/// @param declared whether anything is: otherwise the model decides everything
/// @param levels of slices; the first that holds
/// @param alone when the model is sure, at level partial
/// @param spotCheck the share of what the model decides alone that a person sees too, from 0 to 1
/// @param reviewers how many judge each case, blind to each other
/// @param gold the share of what a reviewer is given whose answer is known
/// @param hidden the share of cases that are shown without the model's answer
/// @param deadline until when a case must be decided; none: whenever
/// @param escalateAfter when a case goes before all others
/// @param value the expression of what a case is worth; the more, the sooner
/// @param isTruth whether what two or more reviewers agree on counts as truth
public record Policy(
        boolean declared,
        Level level,
        List<BySlice> levels,
        Alone alone,
        double spotCheck,
        Meanwhile meanwhile,
        Optional<Instructions> instructions,
        int reviewers,
        double gold,
        double hidden,
        Optional<Duration> deadline,
        Optional<Duration> escalateAfter,
        Nobody nobody,
        int queueMost,
        Full full,
        StepDown stepDown,
        boolean stepUpByEvidence,
        Optional<String> value,
        boolean isTruth) {

    /// Nothing is declared: the model decides, and nobody looks.
    public static final Policy NONE =
            new Policy(
                    false,
                    Level.FULL,
                    List.of(),
                    new Alone.Never(),
                    0,
                    new Meanwhile.Wait(),
                    Optional.empty(),
                    1,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    new Nobody.Open(),
                    10_000,
                    new Full.ByModel(),
                    new StepDown(Optional.empty(), List.of()),
                    false,
                    Optional.empty(),
                    false);

    public Policy {
        levels = List.copyOf(levels);
    }

    /// A slice and its level.
    ///
    /// @param where a condition over the input
    public record BySlice(String where, Level level) {}

    /// When the model is sure.
    public sealed interface Alone {
        /// Never: nothing is said about it.
        record Never() implements Alone {}

        /// Where all of these conditions hold.
        record Holding(List<String> conditions) implements Alone {
            public Holding {
                conditions = List.copyOf(conditions);
            }
        }

        /// Where its confidence is at least what reaches a target, as far as reviewed cases show.
        ///
        /// @param certainty with which it is reached, such as 0.95
        record Reaching(Target target, double certainty) implements Alone {}
    }

    /// What reviewers go by.
    public record Instructions(String version, String text) {}

    /// What becomes of a case that nobody decided in time.
    public sealed interface Nobody {
        /// It stays open.
        record Open() implements Nobody {}

        /// What the model said counts.
        record ByModel() implements Nobody {}

        /// This counts.
        record Safe(Map<String, Object> outputs) implements Nobody {
            public Safe {
                outputs = Map.copyOf(outputs);
            }
        }
    }

    /// What becomes of a case when the queue is full.
    public sealed interface Full {
        /// The model decides.
        record ByModel() implements Full {}

        /// The caller is refused.
        record Refuse() implements Full {}

        /// The caller gets this.
        record Safe(Map<String, Object> outputs) implements Full {
            public Safe {
                outputs = Map.copyOf(outputs);
            }
        }
    }

    /// What an alarm that rings does.
    ///
    /// @param to the level that is left to the model; none: an alarm changes nothing
    /// @param on of which metrics; none named: any
    public record StepDown(Optional<Level> to, List<String> on) {
        public StepDown {
            on = List.copyOf(on);
        }
    }

    /// Whether some case may come to a person.
    public boolean involvesPeople() {
        return declared
                && (level != Level.FULL
                        || spotCheck > 0
                        || stepDown.to().isPresent()
                        || levels.stream().anyMatch(each -> each.level() != Level.FULL));
    }
}
