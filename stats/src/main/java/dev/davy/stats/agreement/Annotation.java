package dev.davy.stats.agreement;

/// What one labeler said of one example.
public record Annotation(String item, String labeler, String label) {}
