package dev.davy.monitoring.pipeline;

/// How the values of one thing moved between the reference and now.
///
/// @param what `audio.volume`, `age`, or of a component `vad.speech`
/// @param size the share of rows that lie elsewhere: total variation over the reference's deciles,
///   or over the categories
/// @param p how often chance alone moves any of all that were tested together as far (Holm)
/// @param drifted whether that is too seldom, and the size worth telling
/// @param reference how many rows of it
/// @param current how many rows now
/// @param before the middle number or the most frequent category of the reference, and its share
/// @param now likewise
public record Moved(
        String what,
        double size,
        double p,
        boolean drifted,
        long reference,
        long current,
        String before,
        String now) {}
