package dev.davy.web;

/// Where a person says who they are.
///
/// @param wrong what was wrong with the last try; empty: nothing
public record SignInView(Chrome chrome, String wrong) {}
