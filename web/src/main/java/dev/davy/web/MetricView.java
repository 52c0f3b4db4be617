package dev.davy.web;

import java.util.List;
import java.util.Optional;

/// One metric of an endpoint, with all that is known of it.
///
/// @param change how it changed, in a sentence; empty: it did not
/// @param looks nearer and farther ones
/// @param then what the band shows
/// @param drawing its distribution, where it is a column
/// @param windows newest first
public record MetricView(
        Chrome chrome,
        String endpoint,
        String endpointHref,
        String watch,
        Lamp lamp,
        String sentence,
        String change,
        List<WatchView.Ring> rings,
        TrackDrawing chart,
        List<WatchView.Axis> axis,
        List<Zoom> looks,
        String then,
        Optional<Drawing> drawing,
        List<Slice> slices,
        List<Row> windows) {

    /// The metric in a part of the traffic.
    public record Slice(String name, String now, String normal) {}

    /// One window.
    ///
    /// @param href the predictions behind it
    public record Row(
            String from, String iso, String value, String rows, String verdict, String href) {}
}
