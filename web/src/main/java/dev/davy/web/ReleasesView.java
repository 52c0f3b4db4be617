package dev.davy.web;

import java.util.List;

/// Rollouts of all endpoints.
///
/// @param sentence the answer to the page's question
/// @param endpoint one that is served, for the command that begins the first; empty where none is
public record ReleasesView(Chrome chrome, String sentence, List<Row> rows, String endpoint) {

    /// One rollout.
    ///
    /// @param why where it stopped, the reason
    /// @param waits whether it waits for a person
    public record Row(
            String endpoint,
            String href,
            String candidate,
            String live,
            String state,
            String why,
            boolean waits,
            String share,
            RolloutView.Moment since) {}
}
