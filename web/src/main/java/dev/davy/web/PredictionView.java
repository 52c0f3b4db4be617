package dev.davy.web;

import java.util.List;

/// One prediction with all that is known of it.
public record PredictionView(
        Chrome chrome,
        String endpoint,
        String endpointHref,
        String id,
        String sentence,
        List<String> details,
        RecentView brief,
        List<Pair> inputs,
        List<Medium> media,
        List<Answer> answers,
        List<Pair> facts,
        List<Pair> feedback,
        String json) {

    /// A name and a value, both as text.
    public record Pair(String name, String value) {}

    /// A kept picture or recording.
    public record Medium(String column, String href, boolean sound, String about) {}

    /// What one component said.
    public record Answer(
            String component,
            String version,
            String latency,
            String said,
            String failure,
            List<Drawing.Bar> scores) {}
}
