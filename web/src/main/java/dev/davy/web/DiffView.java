package dev.davy.web;

import java.util.List;

/// A comparison: which logged answers would be others under a version, pictures first.
///
/// @param with the version that is asked about; empty where none was yet
/// @param state `none`, `running`, `failed` or `done`
/// @param versions that may be named
/// @param since as a person writes it
/// @param percent of a comparison that runs
/// @param pictures what would flip and can be seen or heard
/// @param flips what would flip and is told in words
public record DiffView(
        Chrome chrome,
        String endpoint,
        String href,
        String with,
        String state,
        Lamp lamp,
        String sentence,
        List<String> details,
        List<String> versions,
        String since,
        String percent,
        List<Picture> pictures,
        List<Kind> kinds,
        List<Slice> slices,
        List<Flip> flips) {
    /// Whether of any that is told in words the truth is known.
    public boolean hasTruth() {
        return flips.stream().anyMatch(flip -> !flip.truth().isEmpty());
    }

    /// @param first whether it is the first one of its prediction
    /// @param truth empty where nobody knows it
    /// @param proves whom the truth proves right: `was`, `would`, or empty
    public record Picture(
            String href,
            boolean first,
            String source,
            boolean sound,
            String was,
            String would,
            String truth,
            String proves) {}

    /// From this answer to that.
    public record Kind(String was, String would, String count) {}

    /// How many flip of a part of the traffic.
    public record Slice(String slice, String compared, String flipped, String share) {}

    /// @param row what was asked
    public record Flip(
            String href,
            String row,
            String was,
            String would,
            String truth,
            RolloutView.Moment at) {}
}
