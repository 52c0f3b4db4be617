package dev.davy.web;

import java.util.List;

/// What an endpoint decides alone, and what speaks for it.
///
/// @param work where its cases are decided
/// @param levels from people alone to the model alone
/// @param sentence the answer to the page's question
/// @param details what qualifies it
/// @param advice which level the evidence speaks for, in words
/// @param missing what would be needed for the next
/// @param curve how often it errs, against how much it decides; one per version and slice
public record AutomationView(
        Chrome chrome,
        String name,
        String href,
        String work,
        String sentence,
        List<String> details,
        List<Level> levels,
        List<PredictionView.Pair> slices,
        String advice,
        List<String> missing,
        List<CurveDrawing> curves,
        List<Threshold> thresholds,
        List<Compared> compared,
        List<Reviewer> reviewers,
        List<PredictionView.Pair> queue) {

    /// A degree of automation.
    ///
    /// @param state `here`, or `other`
    /// @param button what setting it does
    /// @param says what it means
    public record Level(String word, String name, String state, String button, String says) {}

    /// From which confidence on the model decides.
    public record Threshold(
            String version,
            String slice,
            String threshold,
            String alone,
            String error,
            String cases,
            String says) {}

    /// The model or a person, held against the same.
    public record Compared(
            String who,
            String slice,
            String cases,
            String figure,
            String interval,
            String against) {}

    /// How a person judges: shares that agree, each of so many cases.
    ///
    /// @param before with the model, not having seen what it said
    /// @param after having seen it
    /// @param bias what that makes
    public record Reviewer(
            String who,
            String decided,
            String cannotTell,
            String pace,
            String others,
            String before,
            String after,
            String bias,
            String gold) {}
}
