package dev.davy.stats;

/// What one column of a table looks like. To be filled.
public record ColumnProfile(long count, long missing) {}
