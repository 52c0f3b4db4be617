package dev.davy.web;

import java.util.List;

/// What is watched of an endpoint: whether it is still right, and what says so.
///
/// @param sentence the answer to the page's question
/// @param details what qualifies it, a sentence each
/// @param normal what is normal, in a sentence
/// @param looks nearer and farther ones
/// @param query what of it is looked at, as the end of an address
/// @param axis labels of the time axis that all charts share
public record WatchView(
        Chrome chrome,
        String name,
        String href,
        Lamp lamp,
        String sentence,
        List<String> details,
        String normal,
        List<Ring> rings,
        List<Ring> past,
        List<Track> quality,
        List<Track> tracks,
        List<Axis> axis,
        List<Zoom> looks,
        String query,
        boolean empty) {

    /// An alarm.
    ///
    /// @param near the metric around the time at which it rang
    /// @param acts whether something can be done about it
    public record Ring(
            String id,
            String watch,
            String href,
            String near,
            String severity,
            String state,
            String why,
            String since,
            String windows,
            String owner,
            int revision,
            boolean acts) {}

    /// A metric over time.
    ///
    /// @param verdict `bad`, `fine`, `early` or nothing
    /// @param now its last value
    /// @param chart its line
    public record Track(
            String name,
            String href,
            String verdict,
            String word,
            String now,
            TrackDrawing chart) {}

    /// A label on the time axis.
    ///
    /// @param at in percent of the width
    public record Axis(double at, String label) {}
}
