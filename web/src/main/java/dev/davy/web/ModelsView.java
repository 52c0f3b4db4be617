package dev.davy.web;

import java.util.List;

/// Models, or the versions of one.
public record ModelsView(Chrome chrome, String title, String sentence, List<Row> rows) {

    /// One line.
    ///
    /// @param users the endpoints that have it live
    public record Row(
            String name,
            String href,
            String versions,
            String iso,
            String ago,
            String time,
            String who,
            String why,
            String aliases,
            List<String> users,
            String digest) {}
}
