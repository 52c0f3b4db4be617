package dev.davy.web;

import java.util.List;

/// One endpoint: whether it is well, and what says so.
///
/// @param sentence the answer to the page's question
/// @param details what qualifies it, a sentence each
/// @param watched what rings, or where to see what is watched, in a sentence
/// @param rollout the rollout that is under way, or ended lately, in a sentence; empty: none
/// @param people what waits for a person and who decides, in a sentence; empty: nobody is asked
/// @param then what the bands show: "the hour before"
public record EndpointView(
        Chrome chrome,
        String name,
        String href,
        String about,
        Lamp lamp,
        String sentence,
        List<String> details,
        String watched,
        String rollout,
        String people,
        Stretch stretch,
        String then,
        boolean empty,
        String command,
        Summary summary,
        List<Columns> outputs,
        List<Columns> confidence,
        List<Columns> inputs,
        List<Tally> errors,
        List<Tally> feedback,
        List<Tally> arms,
        List<RecentView> recent) {

    /// The figures beside the charts.
    public record Summary(
            String predictions,
            String rate,
            String failed,
            String p50,
            String p99,
            String notFinite) {}

    /// How often something was.
    public record Tally(String what, String count, String share) {}

    /// Where its cases are decided.
    public String work() {
        return ReviewPages.work(name);
    }

    public List<Stretch> stretches() {
        return Stretch.all();
    }
}
