package dev.davy.web;

import java.util.List;

/// How busy an endpoint, its models and the machine are.
///
/// @param sentence the answer to the page's question
/// @param axis labels of the time axis that all charts share
public record SoftwareView(
        Chrome chrome,
        String name,
        String href,
        String sentence,
        Stretch stretch,
        List<Group> groups,
        List<WatchView.Axis> axis) {

    public List<Stretch> stretches() {
        return Stretch.all();
    }

    /// What belongs together.
    public record Group(String title, List<Track> tracks) {}

    /// A number over time.
    ///
    /// @param name as a monitor would name it
    /// @param now its last value
    /// @param unit what it is, and what the dashed line is
    public record Track(String name, String now, String unit, TrackDrawing drawing) {}
}
