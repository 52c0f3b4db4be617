package dev.davy.web;

import java.util.List;

/// One rollout: whether the candidate does harm, and where it is on its way.
///
/// @param sentence the answer to the page's question
/// @param details what it waits for, a sentence each
/// @param revision what a command refers to
/// @param share the candidate's share of traffic over time, as the points of an SVG line on a field
///   of 100 by 40
/// @param begun when the line begins, for people
public record RolloutView(
        Chrome chrome,
        String endpoint,
        String href,
        String live,
        String candidate,
        Lamp lamp,
        String sentence,
        List<String> details,
        int revision,
        boolean over,
        List<Step> steps,
        String share,
        String begun,
        List<Count> counts,
        List<GuardDrawing> guards,
        String shadow,
        List<Disagreement> disagreements,
        List<DiffView.Slice> agreement,
        List<People> people,
        List<Happening> history,
        List<Button> buttons) {

    /// One step of the ramp.
    ///
    /// @param state `done`, `here` or `ahead`
    public record Step(String name, String needs, String state) {}

    /// A figure.
    public record Count(String what, String count) {}

    /// What live and shadow answered differently.
    ///
    /// @param picture where what was asked can be seen; empty where it can't
    /// @param row what was asked, in words
    public record Disagreement(
            String prediction, String live, String shadow, Moment at, String picture, String row) {}

    /// Whether some of what was answered differently can't be seen in a picture.
    public boolean inWords() {
        return disagreements.stream().anyMatch(each -> each.picture().isEmpty());
    }

    /// What people thought beside what an arm said.
    ///
    /// @param sentence how far they agree
    /// @param said each what people said, what the arm said, and how often
    public record People(String arm, String sentence, List<DiffView.Kind> said) {
        public People {
            said = List.copyOf(said);
        }
    }

    /// What happened.
    public record Happening(Moment at, String what, String by, String why) {}

    /// A point in time.
    public record Moment(String iso, String ago, String time) {}

    /// What a person may do now.
    ///
    /// @param verb as the API calls it
    /// @param says what will happen, in a sentence
    public record Button(String verb, String name, String says, boolean main) {}
}
