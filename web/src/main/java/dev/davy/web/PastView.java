package dev.davy.web;

import java.util.List;

/// The predictions of an endpoint in a stretch of event time.
///
/// @param sentence how many there are, and which of them are shown
public record PastView(
        Chrome chrome, String endpoint, String href, String sentence, List<RecentView> recent) {}
