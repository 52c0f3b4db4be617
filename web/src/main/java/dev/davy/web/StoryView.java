package dev.davy.web;

import java.util.List;

/// A story.
///
/// @param over whether the last chapter has begun
public record StoryView(Chrome chrome, String title, List<Story.Chapter> chapters, boolean over) {}
