package dev.davy.web;

import java.util.List;

/// All endpoints.
public record HomeView(
        Chrome chrome,
        Lamp lamp,
        String sentence,
        List<String> details,
        List<Row> rows,
        boolean hasModels) {

    /// One endpoint in the list.
    ///
    /// @param traffic the points of a line over the last hour, on a field of 120 by 24
    public record Row(
            String name,
            String href,
            String about,
            Lamp lamp,
            String why,
            String live,
            String rate,
            String count,
            String failed,
            String p50,
            String p99,
            String traffic) {}
}
