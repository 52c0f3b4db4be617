package dev.davy.web;

import java.util.List;

/// Background work.
public record JobsView(Chrome chrome, String sentence, List<Row> rows, List<Plan> plans) {

    /// One job.
    ///
    /// @param percent of its progress; empty where the end is not known
    /// @param said what it came to, or what went wrong
    public record Row(
            String id,
            String about,
            String kind,
            String state,
            String percent,
            String progress,
            String said,
            boolean failed,
            String who,
            String iso,
            String ago,
            String time) {}

    /// Work that begins by itself.
    public record Plan(String name, String when, String about) {}
}
